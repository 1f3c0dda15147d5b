// Gradients that keep activations in 16 bits: the value of the function, and nearly its gradient, from half as many bytes.
import { describe, expect, it } from "vitest";
import type { HostArray } from "../array.ts";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import { less, mul, select, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/linear.ts";
import { pack, unpack } from "../ops/packing.ts";
import { sum } from "../ops/reduction.ts";
import { record } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { grad, valueAuxAndGrad } from "./grad.ts";
import { type Keeping, packed } from "./packed.ts";
import { vmap } from "./vmap/vmap.ts";

const backend = referenceBackend();
const [rows, width] = [256, 16];
const numbers = (count: number, factor: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(factor * i + 1));
const x = array(numbers(rows * width, 1.3), { shape: [rows, width] });
const weights = array(
  numbers(width * width, 2.1).map((value) => value / 4),
  { shape: [width, width] },
);

/** Products, a function whose derivative reads its value, and one whose derivative reads a mask. */
const loss = (w: Tensor, input: Tensor): Tensor => {
  const hidden = tanh(matmul(input, w));
  const next = matmul(hidden, w);
  const cut = select(less(0, next), next, mul(next, 0.1));
  const last = matmul(cut, w);
  return sum(mul(last, last));
};

const gradient = (keep?: Keeping) => (w: Tensor, input: Tensor) => {
  const [value, , slope] = valueAuxAndGrad((own: Tensor) => [loss(own, input), []] as const, keep)(w);
  return [value, slope] as const;
};

describe("packed", () => {
  it("leaves the value as it is, and the gradient to the digits of bfloat16", async () => {
    const both = (await Promise.all(
      [packed, undefined].map((keep) => run(backend, gradient(keep) as never, weights, x)),
    )) as unknown as [[HostArray, HostArray], [HostArray, HostArray]];
    const [[value, slope], [kept, exact]] = both;
    expect(value.data).toEqual(kept.data);
    const scale = Math.max(...[...exact.data].map(Math.abs));
    const errors = [...exact.data].map((each, i) => Math.abs(each - slope.data[i]!) / scale);
    expect(Math.max(...errors)).toBeLessThan(2 ** -8);
    expect(Math.max(...errors)).toBeGreaterThan(0);
  });

  it("packs where values are computed, and unpacks them in the order of the backward pass", () => {
    const { nodes } = record(gradient(packed), weights, x).program;
    const packs = nodes.filter(({ primitive }) => primitive === "pack");
    const unpacks = nodes.filter(({ primitive }) => primitive === "unpack");
    // The mask and what it cuts follow from the second product.
    const made = packs.map(({ inputs }) => nodes.find(({ outputs }) => outputs[0] === inputs[0])!.primitive);
    expect(made).toEqual(["tanh", "dot", "dot"]);
    for (const node of packs) expect(nodes[nodes.indexOf(node) - 1]!.outputs).toContain(node.inputs[0]!);
    const order = unpacks.map(({ inputs }) => packs.findIndex(({ outputs }) => outputs[0] === inputs[0]!));
    expect(order).toEqual(order.toSorted((a, b) => b - a));
  });

  it("keeps short arrays, and those of f64, as they are", () => {
    const few = { shape: [8, width], dtype: "f32" } as const;
    const exact = { w: { shape: [width, width], dtype: "f64" }, x: { shape: [rows, width], dtype: "f64" } } as const;
    for (const program of [
      record(gradient(packed), weights, few).program,
      record(gradient(packed), exact.w, exact.x).program,
    ])
      expect(
        program.nodes.filter(({ primitive, inputs }) => primitive === "pack" && inputs[0]!.dtype !== "bool"),
      ).toEqual([]);
  });

  it("refuses to be differentiated again", async () => {
    const twice = grad((w: Tensor, input: Tensor) => sum(gradient(packed)(w, input)[1]));
    await expect(run(backend, twice as never, weights, x)).rejects.toThrow(
      "pack: has no derivative: a gradient that keeps activations packed cannot be differentiated again.",
    );
  });
});

it("packs and unpacks row by row", async () => {
  const again = (one: Tensor) => unpack(pack(one), [width - 1], "f32");
  const all = array(numbers(3 * (width - 1), 1), { shape: [3, width - 1] });
  const mapped = await run(backend, (each: Tensor) => vmap(again)(each), all);
  const whole = await run(backend, (each: Tensor) => unpack(pack(each), [3, width - 1], "f32"), all);
  expect(mapped).toEqual(whole);
});

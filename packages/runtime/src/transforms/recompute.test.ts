// Functions that derivatives compute again: the same numbers, fewer arrays kept.
import { describe, expect, it } from "vitest";
import { byteSize, type HostArray, sizeOf } from "../array.ts";
import { run } from "../compile.ts";
import { HookeError } from "../error.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import { add, fullLike, mul, select, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/linear.ts";
import { bernoulli, randomKey } from "../ops/random.ts";
import { sum } from "../ops/reduction.ts";
import { scan } from "../ops/scan.ts";
import { lastUses } from "../passes/liveness.ts";
import { optimize } from "../passes/optimize.ts";
import { type Program, verify } from "../program.ts";
import { record } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { treeLeaves } from "../tree.ts";
import { grad, valueAndGrad } from "./grad.ts";
import { jvp } from "./jvp.ts";
import { recompute } from "./recompute.ts";
import { taylor } from "./taylor/taylor.ts";
import { vmap } from "./vmap/vmap.ts";

const backend = referenceBackend();
const f64 = (values: Parameters<typeof array>[0]): HostArray => array(values, { dtype: "f64" });
type Inputs = { w: Tensor; x: Tensor };
const inputs = {
  w: f64([
    [0.3, -0.7],
    [0.5, 0.2],
  ]),
  x: f64([
    [0.4, -1.1],
    [0.9, 0.6],
    [-0.2, 1.3],
  ]),
};

type Around = (block: (x: Tensor) => Tensor) => (x: Tensor) => Tensor;
const kept: Around = (block) => block;
const nested: Around = (block) => recompute((x) => recompute(block)(recompute(block)(x)));
const twice: Around = (block) => (x) => block(block(x));

/** Three blocks that read `w` from outside, the last of which is dropped out at random. */
const lossOf =
  (around: Around) =>
  ({ w, x }: Inputs): Tensor => {
    const block = (value: Tensor): Tensor => add(value, tanh(matmul(tanh(matmul(value, w)), w)));
    const drop = (value: Tensor): Tensor => select(bernoulli(randomKey(3), 0.5, value.shape), block(value), 0);
    const loop = (value: Tensor): Tensor => scan((h: Tensor) => [block(h), []] as const, value, [], { length: 2 })[0];
    return sum(mul(around(drop)(around(loop)(around(block)(x))), x));
  };

const squares = ({ w, x }: Inputs): Tensor => add(sum(mul(w, w)), sum(mul(x, x)));

const derivatives: Record<string, (fn: (inputs: Inputs) => Tensor) => (inputs: Inputs) => unknown> = {
  "value and gradient": (fn) => valueAndGrad(fn),
  "gradient of the gradient": (fn) => grad((given: Inputs) => squares(grad(fn)(given))),
  "forward derivative": (fn) => (given) => jvp(fn, [given], [given]),
  "forward derivative of the gradient": (fn) => (given) => jvp(grad(fn), [given], [given]),
  "gradient of the forward derivative": (fn) => grad((given: Inputs) => jvp(fn, [given], [given])[1]),
  "Taylor series":
    (fn) =>
    ({ w, x }) =>
      taylor((t: Tensor) => fn({ w, x: mul(x, t) }), [fullLike(sum(x), 1)], [fullLike(sum(x), 1)], 4),
  "gradients of rows":
    (fn) =>
    ({ w, x }) =>
      vmap((row: Tensor) => grad(fn)({ w, x: mul(x, row) }))(x),
};

const numbersOf = async (fn: (inputs: Inputs) => unknown): Promise<number[]> => {
  const result = await run(backend, fn as (inputs: Inputs) => Inputs, inputs);
  return treeLeaves<HostArray>(result).flatMap(({ value }) => Array.from(value.data));
};

describe.each(Object.entries(derivatives))("%s", (_, derivative) => {
  it.each([
    ["once", recompute as Around, kept],
    ["inside of what is recomputed", nested, twice],
  ] as const)("recomputed %s is that of what is kept", async (_, around, plain) => {
    const [again, expected] = [await numbersOf(derivative(lossOf(around))), await numbersOf(derivative(lossOf(plain)))];
    expect(again.length).toBe(expected.length);
    for (const [i, value] of expected.entries())
      expect(Math.abs(again[i]! - value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)));
  });
});

/** Bytes alive at one time at most, with those of bodies of loops while they run. */
function peakOf(program: Program): number {
  const last = lastUses(program);
  const bytes = ({ shape, dtype }: Program["inputs"][number]): number => sizeOf(shape) * byteSize[dtype];
  let [alive, peak] = [0, 0];
  const ends = new Map<number, number>();
  for (const [index, node] of program.nodes.entries()) {
    for (const output of node.outputs) {
      alive += bytes(output);
      const end = last.get(output) ?? index;
      ends.set(end, (ends.get(end) ?? 0) + bytes(output));
    }
    peak = Math.max(peak, alive + (node.primitive === "scan" ? peakOf(node.params.body) : 0));
    alive -= ends.get(index) ?? 0;
  }
  return peak;
}

describe("a chain of blocks of layers", () => {
  const [blocks, layers] = [8, 8];
  const loss =
    (around: Around) =>
    ({ w, x }: Inputs): Tensor => {
      let value = x;
      const block = around((h) => Array.from({ length: layers }).reduce<Tensor>((y) => tanh(matmul(y, w)), h));
      for (let i = 0; i < blocks; i++) value = block(value);
      return sum(value);
    };
  const shapes = { w: { shape: [4, 4], dtype: "f32" }, x: { shape: [256, 4], dtype: "f32" } } as const;
  const programOf = (around: Around): Program =>
    verify(optimize(record(valueAndGrad(loss(around)) as (given: Inputs) => unknown, shapes as never).program));
  const tanhsOf = ({ nodes }: Program): number =>
    nodes.reduce(
      (count, node) =>
        count + (node.primitive === "scan" ? tanhsOf(node.params.body) : Number(node.primitive === "tanh")),
      0,
    );

  it("is computed twice, whatever the passes find in common", () => {
    expect(tanhsOf(programOf(kept))).toBe(blocks * layers);
    expect(tanhsOf(programOf(recompute as Around))).toBe(2 * blocks * layers);
  });

  it("keeps what goes from block to block, and what one block computes at a time", () => {
    const [all, fewer] = [peakOf(programOf(kept)), peakOf(programOf(recompute as Around))];
    expect(all).toBeGreaterThan(blocks * layers * 256 * 4 * 4);
    expect(fewer).toBeLessThan(0.27 * all);
  });
});

it("keeps integers, results that are arguments and trees as they are", async () => {
  const [counted, same, { sum: total }] = (await run(
    backend,
    (x: Tensor) =>
      recompute((y: Tensor) => [bernoulli(randomKey(1), 0.5, [2]), y, { sum: sum(y) }] as const)(x) as never,
    inputs.x,
  )) as unknown as [HostArray, HostArray, { sum: HostArray }];
  expect(counted.dtype).toBe("bool");
  expect(same.data).toEqual(inputs.x.data);
  expect(total.data[0]).toBeCloseTo(1.9, 12);
});

it("says what it cannot take", () => {
  expect(() => recompute(3 as never)).toThrow(
    new HookeError("recompute: received 3 as the function; expected a function of tensors."),
  );
  expect(() => record((x: Tensor) => recompute(() => "text" as never)() ?? x, inputs.x)).toThrow(
    "recompute: the function returned",
  );
  expect(() => recompute((x: Tensor) => x)(1 as never)).toThrow("recompute: was called outside a recording");
});

// Loops that share a function compute what each would by one of its own; those that differ in more than where their arrays lie do not share.
import {
  add,
  array,
  broadcastTo,
  type DType,
  div,
  grad,
  type HostArray,
  matmul,
  max,
  maximum,
  mul,
  optimize,
  recompute,
  record,
  referenceBackend,
  reverse,
  run,
  sliceAxis,
  square,
  stopGradient,
  sum,
  type Tensor,
  tanh,
  transpose,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { wasmBackend } from "../backend.ts";
import { explain } from "../explain/index.ts";

/** What is computed of the state and of a matrix; a product ends the loops of each. */
type Step = (x: Tensor, w: Tensor) => Tensor;

const half: Step = (x, w) => mul(add(x, w), 0.5);

/** Loops that are alike, and others that only seem so. */
const steps: Readonly<Record<string, readonly Step[]>> = {
  "the same": [half],
  "other numbers": [half, (x, w) => mul(add(x, w), 0.25), (x, w) => mul(add(x, w), -0.5)],
  "zeros of both signs": [0, -0].map((zero) => (x, w) => {
    const sign = stopGradient(tanh(div(1, mul(square(w), zero))));
    return add(x, mul(sign, w));
  }),
  "operands in another order": [(x, w) => maximum(x, mul(w, 0.5)), (x, w) => maximum(w, mul(x, 0.5))],
  "one array twice": [(x, w) => add(mul(x, w), w), (x, w) => add(mul(x, x), w), (x, w) => add(mul(w, w), x)],
  "transposed, turned round and repeated": [
    (x, w) => add(x, transpose(w)),
    (x, w) => add(x, reverse(w, 0)),
    (x, w) => add(x, reverse(w, 1)),
    (x, w) => add(x, broadcastTo(sliceAxis(w, 0, 1, 2), [6, 6])),
    (x, w) => add(x, broadcastTo(sliceAxis(w, 0, 4, 5), [6, 6])),
    (x, w) => add(x, broadcastTo(sliceAxis(w, 1, 4, 5), [6, 6])),
  ],
  "sums along either axis": [
    (x, w) => add(x, sum(mul(w, w), { axes: 0, keepDims: true })),
    (x, w) => add(x, sum(mul(w, w), { axes: 1, keepDims: true })),
    (x, w) => add(x, sum(mul(x, w), { axes: 1, keepDims: true })),
    (x, w) => add(x, max(mul(x, w), { axes: 1, keepDims: true })),
  ],
  "computed again": [(x, w) => recompute((y: Tensor) => tanh(add(mul(y, w), 1)))(x)],
};

/** Many matrices, one after the other, of which some are inputs, some parts of one. */
function chain(own: readonly Step[], rounds: number): (x: Tensor, ws: readonly Tensor[], all: Tensor) => Tensor {
  return (x, ws, all) => {
    let y = x;
    for (let i = 0; i < rounds; i++) {
      const w = i % 3 === 0 ? ws[(i / 3) % ws.length]! : sliceAxis(all, 0, (6 * i) % 36, ((6 * i) % 36) + 6);
      y = tanh(own[Math.floor(i / 6) % own.length]!(matmul(add(y, x), w), w));
    }
    return y;
  };
}

/** Numbers that repeat nowhere. */
const numbers = (dtype: DType, seed: number, ...shape: number[]): HostArray => {
  const size = shape.reduce((a, b) => a * b, 1);
  return array(
    Array.from({ length: size }, (_, i) => Math.sin(seed + 1.7 * i)),
    { shape, dtype },
  );
};
const given = (dtype: DType) =>
  [numbers(dtype, 1, 6, 6), [2, 3, 4].map((seed) => numbers(dtype, seed, 6, 6)), numbers(dtype, 5, 36, 6)] as const;

describe.each(["f32", "f64"] as const)("%s", (dtype) => {
  it.each(Object.entries(steps))("%s", async (_, own) => {
    const loss = (...[x, ws, all]: Parameters<ReturnType<typeof chain>>) => sum(square(chain(own, 60)(x, ws, all)));
    for (const fn of [chain(own, 90), grad(loss)]) {
      const [expected, found] = await Promise.all(
        [referenceBackend(), wasmBackend({ threads: 1 })].map((backend) => run(backend, fn, ...given(dtype))),
      );
      const scale = Math.max(...[...expected!.data].map(Math.abs));
      const error = Math.max(...[...expected!.data].map((value, i) => Math.abs(value - found!.data[i]!)));
      expect(error / scale).toBeLessThan(dtype === "f32" ? 1e-4 : 1e-12);
    }
  });
});

it("code grows by calls", async () => {
  const bytes = async (rounds: number): Promise<number> => {
    const args = given("f32").map((of) => of) as unknown as Parameters<ReturnType<typeof chain>>;
    const { program } = record(
      grad((...all: typeof args) => sum(chain([half], rounds)(...all))),
      ...args,
    );
    return (await explain(optimize(program), { threads: 1 })).module.length;
  };
  const [few, many] = [await bytes(100), await bytes(400)];
  expect((many - few) / 300).toBeLessThan(150);
});

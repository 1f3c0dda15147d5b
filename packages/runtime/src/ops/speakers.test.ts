// Whoever was called speaks: in a recording about an operand that is none, and outside of one.
import { expect, it, test } from "vitest";
import * as runtime from "../index.ts";
import { array } from "../make-array.ts";
import type { Tensor } from "../tensor.ts";

type Call = (...given: unknown[]) => unknown;
const backend = runtime.referenceBackend();
const matrix = array([
  [1, 2],
  [3, 4],
]);

/** Functions of one operand and what stands before and behind it. */
const one: Readonly<Record<string, readonly [before: unknown[], after: unknown[]]>> = {
  ...Object.fromEntries(
    (
      "neg abs exp log sqrt sigmoid square isNaN isFinite sum max min prod mean variance logSumExp norm softmax logSoftmax argMax argMin sort " +
      "argSort transpose squeeze cumsum cumprod triu tril round ceil sinh atan asin"
    )
      .split(" ")
      .map((name) => [name, [[], []]]),
  ),
  ...{ reshape: [[], [[-1]]], gather: [[], [array([0], { dtype: "i32" })]], reverse: [[], [0]], expandDims: [[], [0]] },
  ...{ broadcastTo: [[], [[2, 2]]], slice: [[], [[0], [1]]], sliceAxis: [[], [0, 0, 1]], splitAxis: [[], [0, 1]] },
  ...{ tile: [[], [2]], pad: [[], [[0], [0]]], convert: [[], ["i32"]], oneHot: [[], [3]], topK: [[], [1]] },
  ...{
    takeAlongAxis: [[], [matrix, 0]],
    scatterAdd: [[], [matrix, 0, 2]],
    matmul: [[], [matrix]],
    einsum: [["ij->i"], []],
  },
  ...{ conv: [[], [matrix]], maxPool: [[], [{ window: [1] }]], sumPool: [[], [{ window: [1] }]], pow: [[], [3]] },
  ...Object.fromEntries(
    "add sub mul div rem maximum minimum equal notEqual less lessEqual greater greaterEqual atan2 mod"
      .split(" ")
      .map((name) => [name, [[], [1]]]),
  ),
};

const callOf = (name: string): Call => (runtime as unknown as Record<string, Call>)[name]!;

test.each(Object.entries(one))("%s", async (name, [before, after]) => {
  const wrong = () => runtime.record(() => callOf(name)(...before, "text", ...after) as Tensor);
  expect(wrong).toThrow(`${name}: received "text"`);
  expect(() => callOf(name)(...before, matrix, ...after)).toThrow(`${name}: was called outside a recording.`);
});

it.each<[string, Call]>([
  ["stack", (x) => runtime.stack([x, "text"] as never)],
  ["concat", (x) => runtime.concat([x, "text"] as never, 0)],
  ["bernoulli", () => runtime.bernoulli(runtime.randomKey(0), "text" as never, [2])],
  ["oneHot", (x) => runtime.oneHot(x as Tensor, 3)],
  ["takeAlongAxis", (x) => runtime.takeAlongAxis(x as Tensor, x as Tensor, 0)],
  ["greater", (x) => runtime.greater(x as Tensor, array([1], { dtype: "i32" }))],
])("%s speaks for its parts", async (name, fn) => {
  await expect(runtime.run(backend, (x: Tensor) => fn(x) as Tensor, matrix)).rejects.toThrow(new RegExp(`^${name}: `));
});

it.each(["normal", "uniform", "full", "iota"])("%s outside of a recording", (name) => {
  const given = name === "full" || name === "iota" ? [[2], 0] : [runtime.randomKey(0), [2]];
  expect(() => callOf(name)(...given)).toThrow(`${name}: was called outside a recording.`);
});

it("a list of numbers is a tree of numbers, and what takes an array says so", async () => {
  const found = runtime.run(backend, (x: Tensor) => runtime.add(x, 1), [1, 2] as never);
  await expect(found).rejects.toThrow(
    'add: received ["f32[]","f32[]"]; it takes tensors, array(...) or numbers. Of a list of numbers make one: array(list).',
  );
});

it("a third operand is refused, and lists are added up as ever", async () => {
  const more = (x: Tensor) => (runtime.add as Call)(x, x, x) as Tensor;
  await expect(runtime.run(backend, more, matrix)).rejects.toThrow("add: received f32[2, 2] beyond its arguments");
  const total = (x: Tensor) => [x, x, x].reduce(runtime.add);
  expect([...(await runtime.run(backend, total, matrix)).data]).toEqual([3, 6, 9, 12]);
});

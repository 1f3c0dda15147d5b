import { expect, it } from "vitest";
import {
  add,
  array,
  concat,
  conv,
  einsum,
  type HostArray,
  matmul,
  record,
  referenceBackend,
  reshape,
  run,
  scatterMax,
  scatterSet,
  select,
  type Tensor,
} from "./index.ts";

const wide = array([1, 2], { dtype: "f64" });
const places = array([1], { dtype: "i32" });

it.each<[string, (x: Tensor, literal: HostArray) => Tensor, number[]]>([
  ["add", (x, literal) => add(x, literal), [1.1, 2.3]],
  ["add, in front", (x, literal) => add(literal, x), [1.1, 2.3]],
  ["select", (x, literal) => select(array([true, false]), literal, x), [0.1, 2]],
  ["matmul", (x, literal) => matmul(literal, x), [0.1 + 2 * 0.3]],
  ["einsum", (x, literal) => einsum("i,i->i", x, literal), [0.1, 2 * 0.3]],
  ["concat", (x, literal) => concat([literal, x], 0), [0.1, 0.3, 1, 2]],
  ["conv", (x) => reshape(conv(reshape(x, [1, 2, 1]), array([[[0.1]]])), [2]), [0.1, 0.2]],
  ["scatterSet", (x) => scatterSet(x, places, array([0.1])), [1, 0.1]],
  ["scatterMax", (x) => scatterMax(x, places, array([2.1])), [1, 2.1]],
])("%s takes numbers as they were written beside f64", async (_, fn, expected) => {
  const { dtype, data } = await run(referenceBackend(), (x: Tensor) => fn(x, array([0.1, 0.3])), wide);
  expect([dtype, ...data]).toEqual(["f64", ...expected]);
});

it("is f32 beside f32, and what it was changed to", async () => {
  const literal = array([0.1, 0.3]);
  const narrow = await run(referenceBackend(), (x: Tensor) => add(x, literal), array([1, 2]));
  expect(narrow.dtype).toBe("f32");
  literal.data[1] = 7;
  const { data } = await run(referenceBackend(), (x: Tensor) => add(x, literal), wide);
  expect([...data]).toEqual([1.1, 9]);
});

it("is no array whose dtype was chosen, and no argument", () => {
  const chosen = [array([0.1, 0.3], { dtype: "f32" }), array(Float32Array.of(0.1, 0.3))];
  for (const f32 of chosen) expect(() => record((x: Tensor) => add(x, f32), wide)).toThrow(/f64\[2\] and f32\[2\]/);
  expect(() => record((x: Tensor, y: Tensor) => add(x, y), wide, array([0.1, 0.3]))).toThrow(/f64\[2\] and f32\[2\]/);
});

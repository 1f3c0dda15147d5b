// Whole numbers and empty axes are refused by the function that was called.
import { expect, it } from "vitest";
import type { HostArray } from "../array.ts";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import type { Tensor } from "../tensor.ts";
import { convert, less, mul, sigmoid, sqrt } from "./elementwise.ts";
import { atan, atan2, sinh } from "./inverse.ts";
import { averagePool } from "./linear.ts";
import { norm } from "./norm.ts";
import { argMax, argMin } from "./ordering.ts";
import { pad } from "./padding.ts";
import { max, min } from "./reduction.ts";
import { ceil, round } from "./rounding.ts";
import { logSoftmax, logSumExp, softmax } from "./softmax.ts";
import { mean, variance } from "./statistics.ts";
import { gather, scatterAdd } from "./structure.ts";

const backend = referenceBackend();
const whole = array([1, 2, 2], { dtype: "i32" });
const empty = array([], { shape: [0, 3] });
const applied = (fn: (x: Tensor) => Tensor, x: HostArray): Promise<HostArray> => run(backend, fn, x);

it.each<[string, (x: Tensor) => Tensor]>([
  ["mean", (x) => mean(x)],
  ["variance", (x) => variance(x)],
  ["logSumExp", (x) => logSumExp(x)],
  ["softmax", (x) => softmax(x)],
  ["logSoftmax", (x) => logSoftmax(x)],
  ["norm", (x) => norm(x)],
])("%s of whole numbers", async (name, fn) => {
  await expect(applied(fn, whole)).rejects.toThrow(
    `${name}: received i32[3]; its results are no i32. Give it convert(x, "f32") or "f64".`,
  );
  await expect(applied(fn, array([true]))).rejects.toThrow(`${name}: received bool[1]`);
});

it("and of converted ones", async () => {
  const { data } = await applied((x) => mean(convert(x, "f64")), whole);
  expect(data[0]).toBe(5 / 3);
});

it.each<[string, (x: Tensor) => Tensor]>([
  ["sqrt", sqrt],
  ["sigmoid", sigmoid],
  ["atan", atan],
  ["atan2", (x) => atan2(x, x)],
  ["sinh", sinh],
  ["round", round],
  ["ceil", ceil],
  ["averagePool", (x) => averagePool(x, { window: [1] })],
])("%s takes floats", async (name, fn) => {
  await expect(applied(fn, array([4], { shape: [1, 1, 1], dtype: "i32" }))).rejects.toThrow(`${name}: received i32`);
});

it.each<[string, (x: Tensor) => Tensor]>([
  ["mul", (x) => mul(x, 0.5)],
  ["less", (x) => less(x, 1.5)],
  ["pad", (x) => pad(x, [1], [0], 0.5)],
])("%s with a fraction among whole numbers", async (_, fn) => {
  await expect(applied(fn, whole)).rejects.toThrow(/which is not a value of i32/);
});

it.each<[string, (x: Tensor) => Tensor]>([
  ["mean", (x) => mean(x)],
  ["variance", (x) => variance(x, { axes: 0 })],
  ["logSumExp", (x) => logSumExp(x, { axes: [0] })],
  ["softmax", (x) => softmax(x, 0)],
  ["logSoftmax", (x) => logSoftmax(x, 0)],
  ["norm", (x) => norm(x, { order: Infinity })],
  ["max", (x) => max(x)],
  ["min", (x) => min(x, { axes: 0 })],
])("%s of nothing", async (name, fn) => {
  await expect(applied(fn, empty)).rejects.toThrow(`${name}: received f32[0, 3]; an empty axis has no ${name}.`);
});

it("argMax and argMin of nothing", async () => {
  await expect(applied((x) => argMin(x, 0), empty)).rejects.toThrow("argMin: received f32[0, 3]; an empty axis");
  await expect(applied((x) => argMax(x, 0), empty)).rejects.toThrow("argMax: received f32[0, 3]; an empty axis");
});

it.each<[string, (x: Tensor) => Tensor, number[], readonly number[]]>([
  ["mean over no axes", (x) => mean(x, { axes: [] }), [1, 2], [2]],
  ["variance over no axes", (x) => variance(x, { axes: [] }), [0, 0], [2]],
  ["logSumExp over no axes", (x) => logSumExp(x, { axes: [] }), [1, 2], [2]],
  ["max over no axes", (x) => max(x, { axes: [] }), [1, 2], [2]],
  ["mean over a full axis beside an empty one", (x) => mean(pad(x, [0], [0]), { axes: 0 }), [1.5], []],
])("%s", async (_, fn, expected, shape) => {
  const found = await applied(fn, array([1, 2]));
  expect(found).toMatchObject({ shape });
  expect([...found.data]).toEqual(expected);
});

it("an axis that does not exist is named by the function that was called", async () => {
  for (const [name, fn] of Object.entries({ mean, variance, logSumExp, norm }))
    await expect(applied((x) => fn(x, { axes: 2 }), array([1]))).rejects.toThrow(`${name}: axis 2 does not exist`);
});

it("scatterAdd takes the axes that gather takes", async () => {
  const x = array([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const picks = array([2, 0], { dtype: "i32" });
  for (const [axis, size] of [
    [-1, 3],
    [1, 3],
    [-2, 2],
    [0, 2],
  ] as const) {
    const there = await run(backend, (t: Tensor, i: Tensor) => gather(t, i, axis), x, picks);
    const back = (updates: Tensor, i: Tensor): Tensor => scatterAdd(i, updates, axis, size);
    expect((await run(backend, back, there, picks)).shape).toEqual([2, 3]);
  }
  const last = (updates: Tensor, i: Tensor): Tensor => scatterAdd(i, updates, -1, 3);
  expect([...(await run(backend, last, array([[1, 2]]), picks)).data]).toEqual([2, 0, 1]);
  const beyond = (updates: Tensor, i: Tensor): Tensor => scatterAdd(i, updates, 2, 3);
  await expect(run(backend, beyond, array([[1, 2]]), picks)).rejects.toThrow("scatterAdd: axis 2 does not exist");
  const fraction = (updates: Tensor, i: Tensor): Tensor => scatterAdd(i, updates, 1, 1.5);
  await expect(run(backend, fraction, array([[1, 2]]), picks)).rejects.toThrow("scatterAdd: received the size 1.5");
});

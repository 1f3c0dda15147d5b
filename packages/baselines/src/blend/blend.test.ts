// Blends: weights by errors, what is better together, groups, files, and methods that choose once.
import { wasmBackend } from "@hooke/backend-wasm";
import { tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { gaussianProcess } from "../gaussian-process/gaussian-process.ts";
import { logistic } from "../linear/logistic.ts";
import { ridge } from "../linear/ridge.ts";
import { defineMethod } from "../method/define-method.ts";
import { decodeFitted, encodeFitted } from "../method/file.ts";
import { randomFrom } from "../method/random.ts";
import type { Target } from "../method/samples.ts";
import { nearestNeighbours } from "../neighbours/nearest-neighbours.ts";
import { baselines } from "../plugin.ts";
import { gradientBoosting } from "../trees/gradient-boosting.ts";
import { randomForest } from "../trees/random-forest.ts";
import { tuned } from "../tuning/tuned.ts";
import { blend } from "./blend.ts";
import { trustIn, weightsOf } from "./weights.ts";

const random = randomFrom(randomKey(7), "blend");
const numbers = (values: readonly number[]): Target => ({
  name: "y",
  type: "number",
  values: Float64Array.from(values),
});

describe("weights", () => {
  it("stay between the usual deviation and twice that, and go beyond it as with an error as much smaller or larger", () => {
    expect([1, 1.5, 2].map((deviation) => trustIn(deviation, 1))).toEqual([1, 1, 1]);
    expect(trustIn(2.2, 1)).toBeCloseTo(1.1 ** -8, 12);
    expect(trustIn(9, 10)).toBeCloseTo(0.9 ** -8, 12);
  });

  it("halve with a tenth more error, are 0 for what is far off, and count rows as they weigh", () => {
    const target = numbers([0, 0]);
    const errors = [1, 1.1, 2].map((error) => Float64Array.of(error, -error));
    const [first, second, third] = weightsOf(target, errors, undefined);
    expect(second! / first!).toBeCloseTo(1.1 ** -8, 12);
    expect(first! + second!).toBeCloseTo(1, 12);
    expect(third).toBe(0);
    // A row that counts three times.
    const one = [Float64Array.of(1, 0), Float64Array.of(0, 0.7)];
    const [a, b] = weightsOf(target, one, Float64Array.of(1, 3));
    expect(b! / a!).toBeCloseTo((0.7 * Math.sqrt(3)) ** -8, 12);
    expect(weightsOf(target, [Float64Array.of(0, 0), Float64Array.of(0, 0)], undefined)).toEqual(
      Float64Array.of(0.5, 0.5),
    );
  });

  it("of classes go by cross-entropy", () => {
    const target: Target = { name: "c", type: "class", classes: ["a", "b"], values: Int32Array.of(0, 1) };
    const given = [0.9, 0.88].map((right) => Float64Array.of(right, 1 - right, 1 - right, right));
    const [first, second] = weightsOf(target, given, undefined);
    expect(second! / first!).toBeCloseTo((Math.log(0.9) / Math.log(0.88)) ** 8, 12);
  });
});

const draw = () => Array.from({ length: 120 }, () => random.uniform());
const [a, b] = [draw(), draw()];
const table = tableOf({
  a,
  b,
  heat: a.map((_, i) => `H${i % 12}`),
  kind: a.map((value, i) => (value + b[i]! + 0.3 * random.uniform() > 1.1 ? "hard" : "soft")),
  y: a.map((value, i) => 10 * value + (b[i]! > 0.5 ? 6 : 0) + random.uniform()),
});

it("is better than its parts where each knows something else", async () => {
  const knowing = defineMethod({
    name: "acme/knowing",
    tasks: ["regression"],
    options: { required: { place: () => undefined } },
    learn: async ({ columns, target, rowCount }, { place }: { readonly place: number }) => {
      const rest = target.values.map((value, row) => value - columns[place]!.values[row]!) as Float64Array;
      return { rest: rest.reduce((sum, value) => sum + value, 0) / rowCount };
    },
    predict: ({ rest }, { columns }, { place }) => Float64Array.from(columns[place]!.values, (value) => value + rest),
  });
  const both = tableOf({ a, b, y: a.map((value, i) => value + b[i]!) });
  const truth = both.columns[2]!.values as Float64Array;
  const errorOf = (values: Float64Array) => values.reduce((sum, value, i) => sum + (value - truth[i]!) ** 2, 0);
  const parts = [knowing({ place: 0 }), knowing({ place: 1 })];
  const fitted = await blend({ methods: parts }).fit(both, "y");
  // Of two independent inputs of one variance, half of each leaves half of the squares.
  for (const part of parts) {
    const alone = await part.fit(both, "y");
    expect(errorOf(fitted.predict(both).values)).toBeLessThan(0.6 * errorOf(alone.predict(both).values));
  }
  expect(fitted.state.weights[0]! + fitted.state.weights[1]!).toBeCloseTo(1, 12);
});

it("mixes classes, comes back from a file, and is the same again", async () => {
  const method = blend({ methods: [logistic(), randomForest({ trees: 30 })], folds: 3 });
  const fitted = await method.fit(table, "kind", { inputs: ["a", "b"], groups: "heat" });
  const { probabilities } = fitted.predict(table);
  expect(probabilities![0]! + probabilities![1]!).toBeCloseTo(1, 12);
  const bytes = encodeFitted(fitted);
  expect(encodeFitted(await method.fit(table, "kind", { inputs: ["a", "b"], groups: "heat" }))).toEqual(bytes);
  expect(decodeFitted(bytes, { plugins: [baselines] }).predict(table).probabilities).toEqual(probabilities);
});

it("holds back whole groups, lets methods choose once, and takes what is known", async () => {
  const seen: string[][] = [];
  const spy = defineMethod({
    name: "acme/spy",
    tasks: ["regression"],
    options: {},
    learn: async ({ groups }) => {
      seen.push([...new Set(groups as string[])]);
      return { value: 0 };
    },
    predict: (_, { rowCount }) => new Float64Array(rowCount),
    settled: () => ridge(),
  });
  const method = blend({ methods: [spy(), nearestNeighbours()], folds: 4 });
  await method.fit(table, "y", { inputs: ["a", "b"], groups: "heat" });
  // On all rows it chose ridge, which is what the folds see.
  expect(seen).toHaveLength(1);
});

it("lets methods choose anew in folds where rows have groups", async () => {
  const chosen: string[] = [];
  const named = (how: string) => {
    chosen.push(how);
    return ridge();
  };
  const choosy = defineMethod({
    name: "acme/choosy",
    tasks: ["regression"],
    options: {},
    learn: async () => ({ value: 0 }),
    predict: (_, { rowCount }) => new Float64Array(rowCount),
    settled: () => named("kept"),
    resumed: () => named("anew"),
  });
  const methods = [choosy(), nearestNeighbours()];
  const inputs = ["a", "b"];
  await blend({ methods, folds: 2 }).fit(table, "y", { inputs });
  await blend({ methods, folds: 2 }).fit(table, "y", { inputs, groups: "heat" });
  expect(chosen).toEqual(["kept", "kept", "anew", "anew"]);
});

it("settles what it is made of: the same predictions without choosing again", async () => {
  const backend = wasmBackend();
  const boosting = [4, 8].map((leaves) => gradientBoosting({ rounds: 20, leaves, minimumRows: 5 }));
  const method = blend({ methods: [gaussianProcess(), tuned({ among: boosting, folds: 2 })], folds: 2 });
  const fitted = await method.fit(table, "y", { inputs: ["a", "b"], backend });
  const settled = method.settled!(fitted.state);
  expect(JSON.stringify(settled)).not.toContain("tuned");
  const again = await settled.fit(table, "y", { inputs: ["a", "b"], backend });
  expect(again.state).toMatchObject({ weights: fitted.state.weights });
  const gap = again.predict(table).values.map((value, row) => Math.abs(value - fitted.predict(table).values[row]!));
  expect(Math.max(...gap)).toBeLessThan(1e-6);
  const resumed = method.resumed!(fitted.state);
  expect(JSON.stringify(resumed)).toContain("start");
  expect(JSON.stringify(resumed)).not.toContain("tuned");
});

it("listens to a method that knows that it guesses, in folds, settled and from a file", async () => {
  // A process knows a wave within 0 and 10, and goes back to the mean far from there; the line goes on.
  const inside = Array.from({ length: 60 }, (_, i) => (i * 7.3) % 10);
  const wave = tableOf({ x: inside, y: inside.map((value) => 3 * value + Math.sin(3 * value)) });
  const far = tableOf({ x: [5, 500] });
  const options = { methods: [gaussianProcess(), ridge({ penalty: 1e-6 })], folds: 3 };
  const fit = (method: ReturnType<typeof blend>) => method.fit(wave, "y", { backend: wasmBackend() });
  const plain = await fit(blend(options));
  const method = blend({ ...options, byDeviation: true });
  const fitted = await fit(method);
  expect(plain.state.weights[0]).toBe(1);
  expect(plain.state.deviations).toEqual(Float64Array.of(0, 0));
  const [near, guess] = plain.predict(far).values;
  const { values } = fitted.predict(far);
  expect(Math.abs(guess! - 1500) > 1000).toBe(true);
  expect(values[0]).toBeCloseTo(near!, 3);
  expect(Math.abs(values[1]! - 1500) < 30).toBe(true);
  expect(fitted.state.deviations[1]).toBe(0);
  const again = (await fit(method.settled!(fitted.state) as typeof method)).predict(far).values;
  expect(again[1]).toBeCloseTo(values[1]!, 6);
  expect(decodeFitted(encodeFitted(fitted), { plugins: [baselines] }).predict(far).values).toEqual(values);
});

it("stays a number where a method states no deviation at all, and has none of classes", async () => {
  const sure = {
    ...ridge(),
    deviation: (_: unknown, { rowCount }: { rowCount: number }) => new Float64Array(rowCount),
  };
  const given = {
    methods: [sure as ReturnType<typeof ridge>, nearestNeighbours()],
    weights: [0.5, 0.5],
    deviations: [1, 0],
  };
  const fitted = await blend(given).fit(table, "y", { inputs: ["a", "b"] });
  const alone = (await ridge().fit(table, "y", { inputs: ["a", "b"] })).predict(table).values;
  for (const [row, value] of fitted.predict(table).values.entries()) expect(value).toBeCloseTo(alone[row]!, 12);
  const kinds = tableOf({ a, kind: a.map((value) => (value > 0.5 ? "high" : "low")) });
  await expect(blend(given).fit(kinds, "kind")).rejects.toThrow(
    'blend: received deviations, and classes to predict ("kind")',
  );
});

it("takes categories that the rows left out take along: a process keeps the length scales of the others", async () => {
  const rare = tableOf({ a, rare: a.map((_, i) => (i === 5 ? 1 : 0)), y: a.map((value) => Math.sin(6 * value)) });
  const method = blend({ methods: [gaussianProcess(), ridge()], folds: 3 });
  const fitted = await method.fit(rare, "y", { backend: wasmBackend() });
  expect(fitted.state.weights[0]).toBeGreaterThan(0.9);
});

it.each<[string, () => unknown, string]>([
  ["one method", () => blend({ methods: [ridge()] }), "two methods at least"],
  ["weights that do not sum to 1", () => blend({ methods: [ridge(), ridge()], weights: [1, 1] }), "sum to 1"],
  ["a weight too few", () => blend({ methods: [ridge(), ridge()], weights: [1] }), "one for each"],
  ["deviations by themselves", () => blend({ methods: [ridge(), ridge()], deviations: [1, 0] }), "without weights"],
  [
    "weights, and what folds shall say of them",
    () => blend({ methods: [ridge(), ridge()], weights: [1, 0], byDeviation: true }),
    "give deviations beside weights",
  ],
])("refuses %s", (_, construct, message) => {
  expect(construct).toThrow(message);
});

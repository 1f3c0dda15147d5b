// Probes against scikit-learn, against models fitted without the rows left out, and what they refuse.

import { core, predict } from "@hooke/core";
import { decodeModel, encodeModel } from "@hooke/core/checkpoint";
import { dataset, take } from "@hooke/data";
import { array, type HostArray, referenceBackend } from "@hooke/runtime";
import { loadGolden } from "@hooke/testkit/golden";
import { expect, it } from "vitest";
import { probe } from "./probe.ts";

const backend = referenceBackend();
const golden = loadGolden("probes").cases;
const named = (operation: string) =>
  golden.filter((entry) => entry.operation === operation).map((entry) => [entry.name, entry] as const);

const largestDifference = (a: HostArray, b: HostArray): number =>
  Math.max(...a.data.map((value: number, i: number) => Math.abs(value - b.data[i]!)));

it.each(named("ridge"))("ridge equals RidgeCV: %s", async (_name, { config, inputs, outputs }) => {
  const data = dataset({ inputs: inputs.features!, targets: inputs.targets! });
  const found = await probe({ data, penalties: config.penalties as number[] });
  expect(found.penalty).toBe(outputs.penalty!.data[0]);
  expect(largestDifference(await predict(found.model, data, { backend }), outputs.values!)).toBeLessThan(1e-9);
  const errors = found.predictions.data.map((value: number, i: number) => Math.abs(value - inputs.targets!.data[i]!));
  expect(largestDifference({ ...found.predictions, data: errors }, outputs.absoluteErrors!)).toBeLessThan(1e-9);
});

it.each(named("logistic"))("logistic equals LogisticRegression: %s", async (_name, { config, inputs, outputs }) => {
  const classes = Array.from({ length: config.classes as number }, (_, c) => `class ${c}`);
  const data = dataset({ inputs: inputs.features!, targets: inputs.labels!, classes });
  const { model } = await probe({ data, penalties: [config.penalty as number] });
  const logits = await predict(model, data, { backend });
  expect(largestDifference(logits, outputs.logits!)).toBeLessThan(1e-6);
});

const wave = (rows: number, width: number) =>
  array(
    Array.from({ length: rows }, (_, i) => Array.from({ length: width }, (_, j) => Math.sin(3 * i * (j + 1) + j))),
    {
      dtype: "f64",
    },
  );
const slope = ({ shape: [rows, width], data }: HostArray) =>
  array(
    Array.from({ length: rows! }, (_, i) => [
      data[i * width!]! - 0.5 * data[i * width! + (width! > 1 ? 1 : 0)]! + 0.1 * Math.cos(17 * i),
    ]),
    { dtype: "f64" },
  );

it.each([1, 3, 20])("leaves out whole groups exactly, with %i features", async (width) => {
  const inputs = wave(12, width);
  const data = dataset({ inputs, targets: slope(inputs) });
  const groups = Array.from({ length: 12 }, (_, i) => `specimen ${i % 4}`);
  const { predictions, penalty } = await probe({ data, groups, penalties: [0.3] });
  // The same by fits without the group, whose scaling is that of all rows: ridge on features scaled beforehand.
  const z = scaledLike(inputs);
  for (let group = 0; group < 4; group++) {
    const rows = Array.from({ length: 12 }, (_, i) => i).filter((i) => i % 4 !== group);
    const expected = ridgeByHand(take(dataset({ inputs: z, targets: data.targets }), rows), z, penalty, width);
    for (let i = group; i < 12; i += 4) expect(predictions.data[i]).toBeCloseTo(expected[i]!, 9);
  }
});

it("learns nothing from noise, and says so; says where there may be a better penalty", async () => {
  const inputs = wave(30, 5);
  const targets = array(
    Array.from({ length: 30 }, (_, i) => Math.sin(977 * i * i)),
    { dtype: "f64" },
  );
  const noise = await probe({ data: dataset({ inputs, targets }) });
  expect(noise.score).toBeLessThan(0.2);
  expect(noise.warnings.join()).toMatch(/largest penalty/);
  const exact = await probe({ data: dataset({ inputs, targets: slope(inputs) }), penalties: [1, 10, 100] });
  expect(exact.warnings.join()).toMatch(/smallest penalty/);
});

it("scores classes by folds, leaves out unknown labels, and survives its file", async () => {
  const inputs = wave(24, 4);
  const labels = Array.from({ length: 24 }, (_, i) => (i === 5 ? -1 : inputs.data[i * 4]! > 0 ? 1 : 0));
  const data = dataset({
    inputs,
    targets: array(labels, { dtype: "i32" }),
    classes: ["soft", "hard"],
    ignoreLabel: -1,
  });
  const { model, score, validation, predictions } = await probe({ data });
  expect(predictions.shape).toEqual([23, 2]);
  expect([score > 0.85, validation]).toEqual([true, "5 folds"]);
  const again = decodeModel(encodeModel(model), { plugins: [core] });
  expect(await predict(again, inputs, { backend })).toEqual(await predict(model, inputs, { backend }));
});

it("keeps nearly constant features from counting, where plain standardisation lets them", async () => {
  const inputs = wave(30, 6);
  const spiky = { ...inputs, data: inputs.data.map((v, i) => (i % 6 === 5 ? 1e-9 * v : v)) };
  const data = dataset({ inputs: spiky, targets: slope(inputs) });
  const { model } = await probe({ data });
  const far = { ...inputs, data: spiky.data.map((v, i) => (i % 6 === 5 ? v + 0.01 : v)) };
  const [near, moved] = [await predict(model, spiky, { backend }), await predict(model, far, { backend })];
  expect(largestDifference(near, moved)).toBeLessThan(0.05);
});

it("takes the mean over views", async () => {
  const inputs = wave(10, 4);
  const views = { ...inputs, shape: [5, 2, 4] };
  const mean = array(
    Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 4 }, (_, j) => (inputs.data[i * 8 + j]! + inputs.data[i * 8 + 4 + j]!) / 2),
    ),
    { dtype: "f64" },
  );
  const targets = array([1, 2, 4, 3, 7], { dtype: "f64" });
  const [a, b] = [
    await probe({ data: dataset({ inputs: views, targets }) }),
    await probe({ data: dataset({ inputs: mean, targets }) }),
  ];
  expect(a.predictions).toEqual(b.predictions);
});

it.each([
  [{ targets: [1, 2, 3, 4], rows: [[1], [1], [1], [1]] }, /all 1 features are the same in all 4 rows/],
  [{ targets: [1, 2], rows: [[1], [2]] }, /received 2 rows; it needs 3/],
  [{ targets: [5, 5, 5], rows: [[1], [2], [4]] }, /the target "target0" is 5 in all 3 rows; leave it out/],
])("refuses %j", async ({ targets, rows }, message) => {
  await expect(probe({ data: dataset({ inputs: array(rows), targets: array(targets) }) })).rejects.toThrow(message);
});

it("refuses targets that are no numbers, or more than rows, which no dataset holds", async () => {
  const inputs = wave(4, 2);
  const data = dataset({ inputs, targets: slope(inputs) });
  const of = (values: number[]) => probe({ data: { ...data, targets: array(values) } });
  await expect(of([1, Number.NaN, 3, 4])).rejects.toThrow(/row 1 of the targets holds NaN; leave it out/);
  await expect(of([1, 2, 3, 4, 5])).rejects.toThrow(
    /received targets f32\[5\] for inputs .*\[4, 2\]; give one for each row/,
  );
});

it("refuses labels without classes, one class, one group, and stops", async () => {
  const inputs = wave(4, 2);
  const labels = array([0, 0, 0, 0], { dtype: "i32" });
  await expect(probe({ data: dataset({ inputs, targets: labels }) })).rejects.toThrow(/labels need classes/);
  const one = dataset({ inputs, targets: labels, classes: ["a", "b"] });
  await expect(probe({ data: one })).rejects.toThrow(/rows of one class/);
  const data = dataset({ inputs, targets: slope(inputs) });
  await expect(probe({ data, groups: ["a", "a", "a", "a"] })).rejects.toThrow(/all rows are of the group "a"/);
  await expect(probe({ data, signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
});

function scaledLike({ shape, data }: HostArray): HostArray {
  const [rows, width] = shape as [number, number];
  const column = (j: number) => Array.from({ length: rows }, (_, i) => data[i * width + j]!);
  const means = Array.from({ length: width }, (_, j) => column(j).reduce((a, b) => a + b) / rows);
  const stds = means.map((m, j) => Math.sqrt(column(j).reduce((a, b) => a + (b - m) ** 2, 0) / rows));
  const floor = stds.reduce((a, b) => a + b) / width;
  return {
    shape,
    dtype: "f64",
    data: Float64Array.from(data, (v, i) => (v - means[i % width]!) / (stds[i % width]! + floor)),
  };
}

/** Gaussian elimination on the normal equations with an unpenalised intercept. */
function ridgeByHand(
  { inputs, targets, count }: { inputs: HostArray; targets: HostArray; count: number },
  all: HostArray,
  penaltyOfDeviations: number,
  width: number,
): number[] {
  const n = width + 1;
  const at = (x: HostArray, i: number, j: number): number => (j === width ? 1 : x.data[i * width + j]!);
  const a = Array.from({ length: n }, (_, r) =>
    Array.from({ length: n + 1 }, (_, c) => {
      let sum = r === c && r < width ? penaltyOfDeviations : 0;
      for (let i = 0; i < count; i++) sum += at(inputs, i, r) * (c === n ? targets.data[i]! : at(inputs, i, c));
      return sum;
    }),
  );
  for (let r = 0; r < n; r++) {
    const pivot = a.slice(r).reduce((best, row, i) => (Math.abs(row[r]!) > Math.abs(a[best]![r]!) ? i + r : best), r);
    [a[r], a[pivot]] = [a[pivot]!, a[r]!];
    for (let s = 0; s < n; s++) {
      if (s === r) continue;
      const factor = a[s]![r]! / a[r]![r]!;
      for (let c = r; c <= n; c++) a[s]![c]! -= factor * a[r]![c]!;
    }
  }
  const w = a.map((row, r) => row[n]! / row[r]!);
  return Array.from({ length: all.shape[0]! }, (_, i) => w.reduce((sum, value, j) => sum + value * at(all, i, j), 0));
}

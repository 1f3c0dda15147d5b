// Methods for sequences: features by hand, shapes wherever they are, and a measured set.
import { existsSync, readFileSync } from "node:fs";
import { columnNames, dataset, kFold, padSequences, parseCsv, tableOf } from "@hooke/data";
import { array } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { ridge } from "../linear/ridge.ts";
import { decodeFitted, encodeFitted } from "../method/file.ts";
import type { Method } from "../method/method.ts";
import { samplesOf } from "../method/samples.ts";
import { baselines } from "../plugin.ts";
import { featureNames, featuresOf } from "./features.ts";
import { sequenceArray } from "./sequence-array.ts";
import { randomKernels, sequenceFeatures } from "./sequence-methods.ts";
import { sequenceTable } from "./sequence-table.ts";
import { layoutOf, sequencesOf } from "./steps.ts";

describe("features", () => {
  const featuresBy = (values: number[]): Record<string, number> => {
    const found = featuresOf(Float64Array.from(values), 3);
    return Object.fromEntries(featureNames(3).map((name, i) => [name, found[i]!]));
  };

  it("are those of a line", () => {
    expect(featuresBy([1, 3, 5, 7])).toMatchObject({
      mean: 4,
      deviation: Math.sqrt(5),
      skewness: 0,
      minimum: 1,
      maximum: 7,
      first: 1,
      last: 7,
      slope: 2,
      roughness: 2,
      crossings: 1 / 3,
      peaks: 0,
      "place of minimum": 0,
      "place of maximum": 1,
      length: 4,
    });
  });

  it("are those of waves", () => {
    const wave = Array.from({ length: 40 }, (_, t) => 5 + 3 * Math.cos((2 * Math.PI * 2 * t) / 40 + 0.4));
    const found = featuresBy(wave);
    expect(found["frequency 2"]).toBeCloseTo(3, 12);
    expect(found["frequency 1"]).toBeCloseTo(0, 12);
    expect(found.kurtosis).toBeCloseTo(1.5, 12);
    expect(found.crossings).toBeCloseTo(4 / 39, 12);
  });

  it("of nothing are missing, of one value are finite", () => {
    expect(featuresBy([])).toMatchObject({ mean: Number.NaN, length: 0 });
    expect(Object.values(featuresBy([2])).every(Number.isFinite)).toBe(true);
  });
});

describe("tables of sequences", () => {
  it("come of datasets, with lengths, channels and classes, and give them back", () => {
    const { inputs, extras } = padSequences([
      Array.from({ length: 10 }, (_, t) => [t, -t]),
      Array.from({ length: 9 }, (_, t) => [2 * t, 7]),
    ]);
    const targets = array([1, 0], { dtype: "i32" });
    const data = dataset({
      inputs,
      extras,
      inputNames: ["load", "strain"],
      targets,
      targetNames: ["fate"],
      classes: ["holds", "breaks"],
    });
    const table = sequenceTable(data);
    expect([columnNames(table)[10], table.columns.length]).toEqual(["strain 0", 21]);
    expect(table.columns.at(-1)!.values).toEqual(["breaks", "holds"]);
    const samples = samplesOf(table, "fate", {});
    const { channels, others } = layoutOf(samples);
    expect([channels.map(({ name }) => name), others]).toEqual([["load", "strain"], []]);
    expect(sequencesOf(channels[0]!, samples)[1]).toEqual(Float64Array.from({ length: 9 }, (_, t) => 2 * t));
  });

  it("are in the order of their numbers; gaps are bridged, and what is no step stays apart", () => {
    const names = Array.from({ length: 11 }, (_, t) => `t${10 - t}`);
    const table = tableOf({
      ...Object.fromEntries(names.map((name, i) => [name, [i === 3 ? Number.NaN : 10 - i]])),
      width2: [3],
      y: [1],
    });
    const samples = samplesOf(table, "y", {});
    const layout = layoutOf(samples);
    expect(layout.others).toEqual(["width2"]);
    expect(sequencesOf(layout.channels[0]!, samples)[0]).toEqual(Float64Array.from({ length: 11 }, (_, t) => t));
  });

  it("without sequences are refused", async () => {
    const table = tableOf({ load0: [1, 2], load1: [3, 4], y: [1, 2] });
    await expect(randomKernels().fit(table, "y")).rejects.toThrow('found no sequence among "load0", "load1"');
  });
});

/** A bump or a dip somewhere in noise, and its size. */
const bumps = (rows: number, seed: number) => {
  const noise = (i: number): number => Math.sin(i * i * 12.9898 + seed) % 1;
  const sequences = Array.from({ length: rows }, (_, row) => {
    const place = 8 + Math.floor(20 * Math.abs(noise(row + 7)));
    const size = (row % 2 === 0 ? 1 : -1) * (1 + (row % 5) / 5);
    return Array.from({ length: 40 - (row % 3) }, (_, t) => [
      0.2 * noise(40 * row + t) + (Math.abs(t - place) < 3 ? size : 0),
    ]);
  });
  const targets = array(
    Array.from({ length: rows }, (_, row) => 1 + (row % 5) / 5),
    { dtype: "f64" },
  );
  const labels = array(
    Array.from({ length: rows }, (_, row) => row % 2),
    { dtype: "i32" },
  );
  const { inputs, extras } = padSequences(sequences);
  return {
    sizes: sequenceTable(dataset({ inputs, extras, targets, targetNames: ["size"] })),
    kinds: sequenceTable(dataset({ inputs, extras, targets: labels, targetNames: ["kind"], classes: ["bump", "dip"] })),
  };
};

describe.each([
  ["random kernels", randomKernels({ kernels: 100 })],
  ["features", sequenceFeatures()],
] as [string, Method][])("%s", (_, method) => {
  const [known, asked] = [bumps(60, 1), bumps(40, 2)];

  it("tell shapes apart wherever they are, and survive their file", async () => {
    const fitted = await method.fit(known.kinds, "kind", { seed: 1 });
    const { values } = fitted.predict(asked.kinds);
    const right = values.filter((value, row) => value === row % 2).length;
    expect(right / values.length).toBeGreaterThan(0.95);
    const again = decodeFitted(encodeFitted(fitted), { plugins: [baselines] });
    expect(again.predict(asked.kinds)).toEqual(fitted.predict(asked.kinds));
    expect((await method.fit(known.kinds, "kind", { seed: 1 })).state).toEqual(fitted.state);
  });

  it("learn numbers", async () => {
    const fitted = await method.fit(known.sizes, "size");
    const { values } = fitted.predict(asked.sizes);
    const error = Math.sqrt(
      values.reduce((sum, value, row) => sum + (value - 1 - (row % 5) / 5) ** 2, 0) / values.length,
    );
    expect(error).toBeLessThan(0.2); // the mean: 0.28
  });
});

it("another method learns from kernels and keeps its place in the file", async () => {
  const { sizes } = bumps(30, 3);
  const fitted = await randomKernels({ kernels: 20, method: ridge({ penalty: 1 }) as unknown as Method }).fit(
    sizes,
    "size",
  );
  const again = decodeFitted(encodeFitted(fitted as never), { plugins: [baselines] });
  expect(again.predict(sizes)).toEqual(fitted.predict(sizes));
});

const gunPoint = new URL("../../../../../shared/data/GunPoint.csv", import.meta.url);
const isFull = process.env.HOOKE_TESTS === "full";

it.skipIf(!existsSync(gunPoint))(
  `GunPoint: ${isFull ? "2 x 5 folds" : "one fold of five"} at 0.99${existsSync(gunPoint) ? "" : " (its file is not beside the project)"}`,
  async () => {
    const table = parseCsv(readFileSync(gunPoint, "utf8"));
    const labels = table.columns.find(({ name }) => name === "label")!.values as Float64Array;
    const inputs = columnNames(table).filter((name) => /^t\d+$/.test(name));
    const some = (rows: Int32Array) =>
      tableOf(
        Object.fromEntries(
          table.columns.map(({ name, values }) => [name, Float64Array.from(rows, (row) => values[row] as number)]),
        ),
      );
    let [right, total] = [0, 0];
    for (const seed of isFull ? [0, 1] : [0]) {
      for (const { train, test } of kFold(200, 5, seed, undefined, labels).slice(0, isFull ? 5 : 1)) {
        const fitted = await randomKernels().fit(some(train), "label", { inputs, classes: true, seed });
        const { values, classes } = fitted.predict(some(test));
        for (const [i, row] of test.entries()) if (Number(classes![values[i]!]) === labels[row]) right++;
        total += test.length;
      }
    }
    expect(right / total).toBeGreaterThanOrEqual(0.99);
  },
);

describe("sequences as one array", () => {
  const nine = Array.from({ length: 9 }, (_, t) => t);
  const table = tableOf({
    ...Object.fromEntries(nine.map((t) => [`load ${t}`, [t, t < 6 ? 2 * t : Number.NaN, Number.NaN]])),
    heat: [7, 8, 9],
    y: [1, 2, 3],
  });
  const samples = samplesOf(table, "y", {});

  it("are as long as the longest, the others drawn out by equal shares", () => {
    const { values, beside } = sequenceArray(samples, 100);
    expect(values.shape).toEqual([3, 9, 1]);
    const row = (i: number): number[] => [...values.data.slice(9 * i, 9 * i + 9)];
    expect(row(0)).toEqual(nine);
    // Nine shares of six steps: each is two thirds of a step.
    const shares = [0, 1, 2, 4, 5, 6, 8, 9, 10];
    for (const [t, value] of row(1).entries()) expect(value).toBeCloseTo(shares[t]!, 12);
    expect(row(2)).toEqual(nine.map(() => Number.NaN));
    expect(beside.map(({ name, values: own }) => [name, ...own])).toEqual([
      ["heat", 7, 8, 9],
      ["length of load", 9, 6, 0],
    ]);
  });

  it("are shortened to means", () => {
    expect([...sequenceArray(samples, 3).values.data.slice(0, 6)]).toEqual([1, 4, 7, 1, 5, 9]);
    expect(() => sequenceArray(samplesOf(tableOf({ x: [1, 2], y: [1, 2] }), "y", {}), 3)).toThrow("found no sequence");
  });
});

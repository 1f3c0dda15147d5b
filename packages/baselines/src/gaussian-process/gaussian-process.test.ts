// Gaussian processes against scikit-learn, against the definition of a posterior, and what they refuse.
import { wasmBackend } from "@hooke/backend-wasm";
import { parseCsv, type Table, tableOf, takeTableRows } from "@hooke/data";
import { randomKey, referenceBackend } from "@hooke/runtime";
import { loadGolden } from "@hooke/testkit/golden";
import { describe, expect, it } from "vitest";
import { decodeFitted, encodeFitted } from "../method/file.ts";
import { randomFrom } from "../method/random.ts";
import { baselines } from "../plugin.ts";
import { gaussianProcess } from "./gaussian-process.ts";
import type { KernelName } from "./kernels.ts";
import { lengthScales } from "./length-scales.ts";

const backend = wasmBackend();
const { cases } = loadGolden("gaussian-processes");

/** Inputs `x0`, `x1`, ... and the target `y` of some rows of a case. */
function tableFrom({ inputs }: (typeof cases)[number], from: number, to: number): Table {
  const [rows, width] = inputs.inputs!.shape as [number, number];
  const column = (k: number) =>
    Array.from({ length: rows }, (_, i) => inputs.inputs!.data[i * width + k]!).slice(from, to);
  return tableOf({
    ...Object.fromEntries(Array.from({ length: width }, (_, k) => [`x${k}`, column(k)])),
    y: inputs.targets!.data.slice(from, to),
  });
}

const rootMeanSquare = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values, (value) => value ** 2).reduce((a, b) => a + b) / values.length);

it.each(cases.map((entry) => [entry.name, entry] as const))("equals scikit-learn's best: %s", async (_, entry) => {
  const { config, inputs, outputs } = entry;
  const train = config.train as number;
  const rows = inputs.targets!.data.length;
  const fitted = await gaussianProcess({
    kernel: config.kernel as KernelName,
    relevance: config.relevance as boolean,
    priors: false,
  }).fit(tableFrom(entry, 0, train), "y", { backend });
  expect(fitted.state.posterior.logEvidence).toBeGreaterThan(outputs.logEvidence!.data[0]! - 0.1);

  const { values, bounds } = fitted.predict(tableFrom(entry, train, rows), { level: 0.6826894921370859 });
  const targets = inputs.targets!.data.slice(train);
  const error = (means: ArrayLike<number>) => rootMeanSquare(targets.map((target, i) => target - means[i]!));
  expect(error(values)).toBeLessThan(1.03 * error(outputs.means!.data));
  const ratio = values.map((value, i) => (bounds!.upper[i]! - value) / outputs.deviations!.data[i]!);
  expect(Math.abs(rootMeanSquare(ratio) - 1)).toBeLessThan(0.05);
});

const wave = tableOf({
  x: Array.from({ length: 40 }, (_, i) => i / 8),
  noise: Array.from({ length: 40 }, (_, i) => (i * 7) % 5),
  y: Array.from({ length: 40 }, (_, i) => 100 + 3 * Math.sin(i / 8)),
});

it("follows a straight line without noise through 300 rows", async () => {
  let state = 5;
  const drawn = Array.from({ length: 600 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
  const x = drawn.slice(300);
  const line = tableOf({ x, y: x });
  const { values } = (await gaussianProcess().fit(line, "y", { backend })).predict(line);
  expect(rootMeanSquare(values.map((value, i) => value - x[i]!))).toBeLessThan(1e-5);
});

describe("a process", () => {
  it("finds what a target depends on, and says it in the units of the inputs", async () => {
    const fitted = await gaussianProcess().fit(wave, "y", { backend });
    const [first, second] = lengthScales(fitted);
    expect(first!.input).toBe("x");
    expect(second!.deviations).toBeGreaterThan(5 * first!.deviations);
    expect(first!.lengthScale / first!.deviations).toBeCloseTo(Math.sqrt((40 ** 2 - 1) / 12) / 8, 10);
  });

  it("is sure where it has been, and not beyond", async () => {
    const fitted = await gaussianProcess().fit(wave, "y", { backend, inputs: ["x"] });
    const { values, bounds } = fitted.predict(tableOf({ x: [2.51, 5000] }), { level: 0.9 });
    expect(values[0]).toBeCloseTo(100 + 3 * Math.sin(2.51), 3);
    const [inside, outside] = [0, 1].map((i) => bounds!.upper[i]! - bounds!.lower[i]!);
    expect(outside).toBeGreaterThan(100 * inside!);
    // Far from all rows nothing is known but the mean and the spread of the targets.
    const mean = (wave.columns[2]!.values as Float64Array).reduce((a, b) => a + b) / 40;
    expect(values[1]).toBeCloseTo(mean, 6);
  });

  it("is as sure as it says where rows are few", async () => {
    const [rows, asked] = [8, 40];
    let held = 0;
    for (let draw = 0; draw < 15; draw++) {
      const random = randomFrom(randomKey(draw), "law");
      const law = [0, 1, 2].map(() => random.uniform() - 0.5);
      const from = (count: number) => {
        const columns = law.map(() => Float64Array.from({ length: count }, () => 2 * random.uniform() - 1));
        const sums = columns[0]!.map((_, i) => columns.reduce((sum, x, k) => sum + law[k]! * x[i]!, 0));
        return { a: columns[0]!, b: columns[1]!, c: columns[2]!, y: sums.map((sum) => sum + 0.3 * random.uniform()) };
      };
      const fitted = await gaussianProcess().fit(tableOf(from(rows)), "y", { backend });
      const news = from(asked);
      const { bounds } = fitted.predict(tableOf(news), { level: 0.9 });
      held += news.y.filter((y, i) => bounds!.lower[i]! <= y && y <= bounds!.upper[i]!).length;
    }
    const share = held / (15 * asked);
    expect(share).toBeGreaterThan(0.83);
    expect(share).toBeLessThan(0.97);
  });

  it("weighs rows, and leaves out those that weigh nothing", async () => {
    const x = Array.from({ length: 20 }, (_, i) => i >> 1);
    const table = tableOf({ x, y: x.map((value, i) => value + (i % 2)) });
    const excess = async (weight: number) => {
      const fitted = await gaussianProcess().fit(table, "y", {
        backend,
        weights: x.map((_, i) => (i % 2 ? weight : 1)),
      });
      return fitted.predict(tableOf({ x: [4.5] })).values[0]! - 4.5;
    };
    expect(await excess(1)).toBeCloseTo(0.5, 2);
    expect(await excess(9)).toBeCloseTo(0.9, 2);
    expect(await excess(0)).toBeCloseTo(0, 3);
  });

  it("learns the same bits again, and from a file", async () => {
    const [a, b] = [
      await gaussianProcess().fit(wave, "y", { backend }),
      await gaussianProcess().fit(wave, "y", { backend }),
    ];
    expect(encodeFitted(a)).toEqual(encodeFitted(b));
    const again = decodeFitted(encodeFitted(a), { plugins: [baselines] });
    expect(again.predict(wave, { level: 0.9 })).toEqual(a.predict(wave, { level: 0.9 }));
  });

  it("keeps what it chose, or begins there", async () => {
    const random = randomFrom(randomKey(0), "rough");
    const [a, b, c, noise] = [0, 1, 2, 3].map(() => Float64Array.from({ length: 60 }, () => random.uniform()));
    const rough = tableOf({ a: a!, b: b!, c: c!, y: noise!.map((by, i) => Math.sin(6 * a![i]!) + b![i]! + by) });
    const some = takeTableRows(
      rough,
      Int32Array.from({ length: 40 }, (_, row) => row),
    );
    for (const relevance of [true, false]) {
      const whole = await gaussianProcess({ relevance }).fit(rough, "y", { backend });
      const [settled, resumed] = [whole.method.settled!(whole.state), whole.method.resumed!(whole.state)];
      for (const method of [settled, resumed]) {
        const again = await method.fit(rough, "y", { backend });
        const gap = again.predict(rough).values.map((value, i) => value - whole.predict(rough).values[i]!);
        expect(rootMeanSquare(gap)).toBeLessThan(1e-4);
      }
      const [kept, anew] = [await settled.fit(some, "y", { backend }), await resumed.fit(some, "y", { backend })];
      const [scales, same, other] = [whole, kept, anew].map((fitted) =>
        lengthScales(fitted).map((each) => each.deviations),
      );
      expect(same!.map((scale, i) => scale / scales![i]!).every((ratio) => Math.abs(ratio - 1) < 1e-12)).toBe(true);
      expect(other).not.toEqual(scales);
      // A process that was given its hyperparameters has chosen nothing.
      expect(settled.resumed!(kept.state).options).toEqual(settled.options);
    }
    // One length scale is where that of each input begins.
    const start = { lengthScales: [2], amplitude: 1, noise: 0.5 };
    const each = await gaussianProcess({ start }).fit(rough, "y", { backend });
    expect(new Set(each.state.lengthScales).size).toBe(3);
  });

  it("takes categories and gaps", async () => {
    const table = parseCsv(
      `x,kind,y\n${Array.from({ length: 30 }, (_, i) => `${i % 7 === 3 ? "" : i},${i % 2 ? "a" : "b"},${i / 10 + (i % 2 ? 5 : 0)}`).join("\n")}`,
    );
    const fitted = await gaussianProcess().fit(table, "y", { backend });
    const { values } = fitted.predict(parseCsv("x,kind\n11,a\n11,b"));
    expect(values[0]).toBeCloseTo(6.1, 1);
    expect(values[1]).toBeCloseTo(1.1, 1);
  });

  it("computes on any backend", async () => {
    const small = tableOf({ x: [0, 1, 2, 3, 4], y: [0, 1, 4, 9, 16] });
    const [a, b] = [
      await gaussianProcess().fit(small, "y", { backend: referenceBackend() }),
      await gaussianProcess().fit(small, "y", { backend }),
    ];
    expect(a.predict(small).values[2]).toBeCloseTo(b.predict(small).values[2]!, 3);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ["no backend", () => gaussianProcess().fit(wave, "y"), "backend: wasmBackend()"],
    [
      "a constant target",
      () => gaussianProcess().fit(tableOf({ x: [1, 2, 3], y: [0.1, 0.1, 0.1] }), "y", { backend }),
      '"y" is 0.1 in every row',
    ],
    ["classes", () => gaussianProcess().fit(wave, "y", { backend, classes: true }), "predicts regression"],
    [
      "length scales without that of an input, whatever its name",
      () => {
        const table = tableOf({ x: [1, 2, 3], constructor: [3, 1, 2], y: [1, 2, 4] });
        const hyperparameters = { lengthScales: { x: 1 }, amplitude: 1, noise: 0.1 };
        return gaussianProcess({ hyperparameters }).fit(table, "y", { backend });
      },
      'and none for "constructor"',
    ],
    [
      "more rows than it can factor",
      () => {
        const x = Array.from({ length: 4001 }, (_, i) => i);
        return gaussianProcess().fit(tableOf({ x, y: x }), "y", { backend });
      },
      "4000 at most",
    ],
    [
      "hyperparameters, and a place to begin at",
      async () => {
        const given = { lengthScales: [1], amplitude: 1, noise: 0.1 };
        return gaussianProcess({ hyperparameters: given, start: given });
      },
      "give one of them",
    ],
    ["an unknown kernel", async () => gaussianProcess({ kernel: "matern" as never }), "matern52"],
  ])("refuses %s", async (_, fit, message) => {
    await expect(fit()).rejects.toThrow(message);
  });

  it("is ended by a signal", async () => {
    const controller = new AbortController();
    const x = Array.from({ length: 300 }, (_, i) => i / 10);
    const fit = gaussianProcess().fit(tableOf({ x, y: x.map(Math.sin) }), "y", {
      backend,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(fit).rejects.toThrow("enough");
  });
});

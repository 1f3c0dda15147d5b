// How well fields are predicted: by uniform cells and phases, by linear regressions, by the U-Net; seed by seed, and how fast.
import { predict } from "@hooke/core";
import { dataset, split, take } from "@hooke/data";
import { type Ensemble, morphologies } from "@hooke/example-micrograph-cnn/microstructure.ts";
import type { Backend } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { type Recommendation, recommend } from "@hooke/transfer";
import { type Norm, trainUnet } from "./network.ts";
import { filterOf, rivals } from "./rivals.ts";
import { drawCells, joined, type Sample, someRows, targetNames } from "./sample.ts";
import { fieldSolver } from "./solver.ts";

export interface Settings {
  readonly ensemble: Ensemble;
  readonly sizes: { readonly train: number; readonly test: number };
  /** Channels of the U-Net at full size. */
  readonly filters: number;
  readonly norms: readonly Norm[];
  readonly epochs: number;
  /** Each divides the cells anew, and starts other networks. */
  readonly seeds: readonly number[];
  /** Of the cells and loads. */
  readonly seed: number;
  /** Looser tolerances of the solver that are compared with the networks. */
  readonly tolerances: readonly number[];
}

const shape = { morphologies, fraction: [0.3, 0.7] } as const;

export const full: Settings = {
  ensemble: { side: 32, waves: [2, 4], ...shape },
  sizes: { train: 1000, test: 100 },
  filters: 8,
  norms: ["groupNorm", "none"],
  epochs: 10,
  seeds: [0, 1, 2],
  seed: 0,
  tolerances: [1e-6, 1e-2, 1e-1],
};

export const small: Settings = {
  ...full,
  ensemble: { side: 16, waves: [1, 2], ...shape },
  sizes: { train: 60, test: 20 },
  filters: 4,
  epochs: 3,
  seeds: [0, 1],
};

/** What is told apart: channels of the targets by the name of their field. */
export const fields: Readonly<Record<string, readonly number[]>> = {
  displacement: [0, 1],
  "stress 11": [2],
  "stress 22": [3],
  "stress 12": [4],
};
const stresses = [2, 3, 4];

/** By field, the root of the mean square of the error over that of the field, on all cells of the test. */
export type Errors = Readonly<Record<string, number>>;

/** A cell of the first seed's test part, as a method predicts it. */
export interface Shown {
  readonly cell: number;
  /** Of its stresses. */
  readonly error: number;
  /** `[side, side, 5]`. */
  readonly predicted: readonly number[];
}

export interface Score {
  readonly errors: Errors;
  /** Of all components of the stress. */
  readonly stress: number;
  /** The cells with the middle and the largest error. */
  readonly middle: Shown;
  readonly worst: Shown;
}

/** Of what computes fields from a cell without having to be fitted any more. */
export interface Timed extends Score {
  /** Processor time for a cell, of the whole test part at once. */
  readonly milliseconds: number;
}

export interface Results {
  readonly sample: Sample;
  /** Methods from the simplest to the most elaborate, by seed. */
  readonly scores: Readonly<Record<string, readonly Score[]>>;
  /** By the errors of stresses. */
  readonly recommended: Recommendation;
  /** On the test part of the first seed: networks, and the solver with looser tolerances. */
  readonly timed: Readonly<Record<string, Timed>>;
}

/** Called with the name of a piece of work and its size; what it returns, with how much of it is done. */
export type Follow = (work: string, total: number) => (completed: number) => void;

export const nameOf = (norm: Norm): string => `filter + U-Net, ${norm === "none" ? "no normalisation" : norm}`;

/**
 * @param run keeps what is finished
 * @throws the signal's reason if it is aborted
 */
export async function study(
  backend: Backend,
  settings: Settings,
  run: RunTrial,
  signal: AbortSignal,
  follow: Follow,
): Promise<Results> {
  const { ensemble, sizes, filters, norms, epochs, seeds, seed, tolerances } = settings;
  const count = sizes.train + sizes.test;
  const sample = await drawCells(backend, ensemble, count, seed, signal, follow("solving", count));
  const scores: Record<string, Score[]> = {};
  const timed: Record<string, Timed> = {};
  for (const seed of seeds) {
    const rows = split(count, { ...sizes }, seed);
    const [known, asked] = [[...rows.train], [...rows.test]];
    const isFirst = seed === seeds[0];
    for (const [method, rival] of Object.entries(rivals)) {
      scores[method] ??= [];
      scores[method].push(
        await run(`${method}, seed ${seed}`, async () =>
          scored(await rival(backend, sample, known, asked), sample, asked),
        ),
      );
    }
    for (const norm of norms) {
      const name = nameOf(norm);
      const onEpoch = follow(`${name}, seed ${seed}`, epochs);
      const score = await run(`${name}, seed ${seed}`, async (signal) => {
        const filter = await filterOf(backend, sample, known);
        const train = take(sample.data, known);
        // What the linear filter leaves is what the network learns.
        const linear = await filter.predict(known);
        const left = Float32Array.from(train.targets.data, (value, i) => value - linear[i]!);
        const data = dataset({ inputs: train.inputs, targets: { ...train.targets, dtype: "f32", data: left } });
        const model = await trainUnet(backend, data, { filters, norm, epochs, seed, signal, onEpoch });
        const test = take(sample.data, asked).inputs;
        const score = await clocked(sample, asked, async () => {
          const linear = await filter.predict(asked);
          const { data } = await predict(model, test, { backend, batchSize: asked.length });
          return linear.map((value, i) => value + data[i]!);
        });
        filter.free();
        return score;
      });
      scores[name] ??= [];
      scores[name].push(score);
      if (isFirst) timed[name] = score;
    }
    for (const tolerance of isFirst ? tolerances : []) {
      const name = `solver, tolerance ${tolerance}`;
      const solve = fieldSolver(backend, { side: ensemble.side, tolerance });
      const [stiff, load] = [someRows(sample.stiff, asked), someRows(sample.load, asked)];
      timed[name] = await run(name, () => clocked(sample, asked, async () => joined(await solve(stiff, load))));
    }
  }
  const methods = Object.entries(scores).map(([name, all]) => ({ name, scores: all.map(({ stress }) => stress) }));
  return { sample, scores, recommended: recommend({ methods, direction: "minimize" }), timed };
}

/** The least processor time of three goes, after one that compiles. */
async function clocked(
  sample: Sample,
  asked: readonly number[],
  work: () => Promise<Float32Array | Float64Array>,
): Promise<Timed> {
  const score = scored(await work(), sample, asked);
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return { ...score, milliseconds: Math.min(...times) / asked.length };
}

/** @param predicted `[asked, side, side, 5]`, row by row */
function scored(
  predicted: Float32Array | Float64Array,
  { data: { targets } }: Sample,
  asked: readonly number[],
): Score {
  const width = targetNames.length;
  const size = predicted.length / asked.length;
  const error = (channels: readonly number[], cells: readonly number[]): number => {
    let [off, whole] = [0, 0];
    for (const i of cells) {
      for (let pixel = 0; pixel < size / width; pixel++) {
        for (const channel of channels) {
          const at = pixel * width + channel;
          const actual = targets.data[asked[i]! * size + at]!;
          off += (predicted[i * size + at]! - actual) ** 2;
          whole += actual ** 2;
        }
      }
    }
    return Math.sqrt(off / whole);
  };
  const all = [...asked.keys()];
  const byCell = all.map((i) => ({ i, error: error(stresses, [i]) })).sort((a, b) => a.error - b.error);
  const shown = ({ i, error }: { i: number; error: number }): Shown => ({
    cell: asked[i]!,
    error,
    predicted: Array.from(predicted.subarray(i * size, (i + 1) * size)),
  });
  return {
    errors: Object.fromEntries(Object.entries(fields).map(([name, channels]) => [name, error(channels, all)])),
    stress: error(stresses, all),
    middle: shown(byCell[Math.floor(byCell.length / 2)]!),
    worst: shown(byCell.at(-1)!),
  };
}

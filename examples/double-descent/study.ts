// The comparison: errors by width, of random features and of networks that are trained, over several seeds.
import { medianOf } from "@hooke/example-study-frame/statistics.ts";
import type { Backend } from "@hooke/runtime";
import { type RunTrial, runDirectly } from "@hooke/sweep";
import { featureFits } from "./features.ts";
import { networkErrors } from "./networks.ts";

export interface Settings {
  readonly trainRows: number;
  readonly testRows: number;
  readonly noises: readonly number[];
  /** That of the fits with a penalty; the others have next to none. */
  readonly penalty: number;
  readonly featureWidths: readonly number[];
  readonly featureSeeds: number;
  readonly networkWidths: readonly number[];
  readonly networkSeeds: number;
  readonly updates: number;
  readonly learningRate: number;
}

export const full: Settings = {
  trainRows: 100,
  testRows: 1000,
  noises: [0, 0.3, 1],
  penalty: 0.01,
  featureWidths: [5, 10, 20, 30, 40, 60, 80, 90, 95, 100, 105, 110, 120, 150, 200, 300, 500, 1000, 2000],
  featureSeeds: 30,
  networkWidths: [1, 2, 4, 8, 12, 16, 20, 24, 32, 48, 64, 128, 256],
  networkSeeds: 5,
  updates: 10_000,
  learningRate: 0.02,
};

export const small: Settings = {
  ...full,
  testRows: 200,
  noises: [0.3],
  featureWidths: [5, 40, 100, 1000],
  featureSeeds: 5,
  networkWidths: [2, 32],
  networkSeeds: 1,
  updates: 300,
};

/** Of one width: medians over seeds, and the range of the test error. */
export interface Row {
  readonly width: number;
  readonly train: number;
  readonly test: number;
  readonly range: readonly [low: number, high: number];
}

/** Errors by width under one noise. */
export interface Found {
  readonly noise: number;
  readonly features: readonly Row[];
  readonly penalized: readonly Row[];
  readonly networks: readonly Row[];
}

/** Next to none: what is left is the interpolation of least norm. */
export const leastPenalty = 1e-9;

function rowOf(width: number, errors: readonly { readonly train: number; readonly test: number }[]): Row {
  const tests = errors.map(({ test }) => test);
  return {
    width,
    train: medianOf(errors.map(({ train }) => train)),
    test: medianOf(tests),
    range: [Math.min(...tests), Math.max(...tests)],
  };
}

/** Called when a width is done; `completed` of `total`. */
export type Watch = (completed: number, total: number, what: string) => void;

/** @param run keeps what is finished. Default: nothing is kept */
export async function study(
  backend: Backend,
  settings: Settings,
  run: RunTrial = runDirectly,
  watch: Watch = () => {},
): Promise<readonly Found[]> {
  const { noises, penalty, featureWidths, networkWidths } = settings;
  const total = noises.length * (2 * featureWidths.length + networkWidths.length);
  const seeds = (count: number): number[] => Array.from({ length: count }, (_, seed) => seed);
  let completed = 0;
  const rows = async (
    widths: readonly number[],
    what: string,
    row: (width: number, signal: AbortSignal) => Promise<Row>,
  ) => {
    const found: Row[] = [];
    for (const width of widths) {
      found.push(await run(`${what}, width ${width}`, (signal) => row(width, signal)));
      watch(++completed, total, what);
    }
    return found;
  };
  const found: Found[] = [];
  for (const noise of noises) {
    const features = (of: number) => async (width: number) =>
      rowOf(
        width,
        await featureFits(backend, { ...settings, noise, penalty: of }, width, seeds(settings.featureSeeds)),
      );
    found.push({
      noise,
      features: await rows(featureWidths, `features, noise ${noise}`, features(leastPenalty)),
      penalized: await rows(featureWidths, `features with a penalty, noise ${noise}`, features(penalty)),
      networks: await rows(networkWidths, `networks, noise ${noise}`, async (width, signal) => {
        const errors: { readonly train: number; readonly test: number }[] = [];
        for (const seed of seeds(settings.networkSeeds))
          errors.push(await networkErrors(backend, { ...settings, noise }, width, seed, signal));
        return rowOf(width, errors);
      }),
    });
  }
  return found;
}

// Errors by width on both sides of the threshold, and one fit to look at: random features, fitted exactly.
import { wasmBackend } from "@hooke/backend-wasm";
import { featureFits, line } from "@hooke/example-double-descent/features.ts";
import type { Computing } from "../computing.ts";

export const widths = [2, 5, 10, 20, 30, 40, 60, 80, 90, 100, 110, 120, 150, 200, 300, 400, 600, 1000] as const;
export { line };

/** What is fitted. */
export interface Fitting {
  /** Which of the widths is looked at. */
  readonly chosen: number;
  /** Standard deviation of the noise. */
  readonly noise: number;
  /** Decimal logarithm of the ridge penalty; at -9 there is next to none. */
  readonly logPenalty: number;
}

export interface Found {
  /** By width, medians of three draws; as far as they are known. */
  readonly train: readonly number[];
  readonly test: readonly number[];
  /** What the chosen fit says along the line. */
  readonly shown: readonly number[];
}

const seeds = [0, 1, 2];
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[1]!;

/** Of the noise and penalty that were asked for last: another width alone needs nothing new. */
let known: { of: string; errors: { train: number; test: number; shown: readonly number[] }[] } = { of: "", errors: [] };

export async function compute(
  { chosen, noise, logPenalty }: Fitting,
  { signal, show }: Computing<Found>,
): Promise<Found> {
  const of = `${noise} ${logPenalty}`;
  if (known.of !== of) known = { of, errors: [] };
  const { errors } = known;
  const settings = { trainRows: 100, testRows: 500, noise, penalty: 10 ** logPenalty };
  const backend = wasmBackend();
  const one = async (width: number) => {
    const fits = await featureFits(backend, settings, width, seeds);
    return {
      train: median(fits.map(({ train }) => train)),
      test: median(fits.map(({ test }) => test)),
      shown: fits[0]!.shown,
    };
  };
  const looked = errors[chosen] ?? (await one(widths[chosen]!));
  const found = (): Found => ({
    train: errors.map(({ train }) => train),
    test: errors.map(({ test }) => test),
    shown: looked.shown,
  });
  for (let i = errors.length; i < widths.length; i++) {
    const next = i === chosen ? looked : await one(widths[i]!);
    if (signal.aborted) break;
    errors.push(next);
    show(found());
  }
  return found();
}

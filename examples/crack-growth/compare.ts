// The comparison: every specimen is held out once, whole, and forecast by every method from the same observed part.
import { kFold } from "@hooke/data";
import type { Forecasts, Method } from "./method.ts";
import { observedPart, type Specimen } from "./specimens.ts";

/** How specimens are held out: the seed decides which together. */
export interface Folding {
  readonly folds: number;
  readonly seed: number;
}

/** Specimens held out together, and those that methods learn from meanwhile. */
export interface Fold {
  readonly training: readonly Specimen[];
  /** By index. */
  readonly heldOut: readonly number[];
  /** Of those held out. */
  readonly observed: readonly (readonly number[])[];
  /** For what is random in the fold. */
  readonly seed: number;
}

/** Every specimen is held out once, whole. */
export const foldsOf = (specimens: readonly Specimen[], { folds, seed }: Folding): readonly Fold[] =>
  kFold(specimens.length, folds, seed).map(({ train, test }, i) => ({
    training: [...train].map((index) => specimens[index]!),
    heldOut: [...test],
    observed: [...test].map((index) => observedPart(specimens[index]!)),
    // Networks of a fold take the seeds that follow; a thousand keeps those of folds apart.
    seed: seed + 1000 * (i + 1),
  }));

/** Forecasts of all specimens, each by a method that had not seen it. */
export interface Result {
  readonly method: string;
  /** In mm, a row a specimen. */
  readonly forecasts: Forecasts;
}

export interface Comparison {
  readonly specimens: readonly Specimen[];
  /** Specimens held out together, by index. */
  readonly folds: readonly (readonly number[])[];
  readonly results: readonly Result[];
}

/** Cross-validation by specimen. */
export async function compare(
  methods: readonly Method[],
  specimens: readonly Specimen[],
  folding: Folding,
): Promise<Comparison> {
  const folds = foldsOf(specimens, folding);
  const results: Result[] = [];
  for (const method of methods) {
    const forecasts: (readonly number[])[] = new Array(specimens.length);
    for (const { training, heldOut, observed, seed } of folds) {
      const rows = await method.forecast(training, observed, seed);
      for (const [row, index] of heldOut.entries()) forecasts[index] = rows[row]!;
    }
    results.push({ method: method.name, forecasts });
  }
  return { specimens, folds: folds.map(({ heldOut }) => heldOut), results };
}

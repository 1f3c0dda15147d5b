// The comparison: every specimen is held out once, whole, and forecast by every method from the same observed part.
import { kFold } from "@hooke/data";
import type { Forecasts, Lesson, Method } from "./method.ts";
import type { Series } from "./plate.ts";
import { observedPart, type Specimen } from "./specimens.ts";

/** How specimens are held out: the seed decides which together. */
export interface Folding {
  readonly folds: number;
  readonly seed: number;
}

/** Specimens held out together, and what methods are told meanwhile. */
export interface Fold extends Lesson {
  /** By index. */
  readonly heldOut: readonly number[];
}

/** Every specimen is held out once, whole. */
export const foldsOf = (series: Series, specimens: readonly Specimen[], { folds, seed }: Folding): readonly Fold[] =>
  kFold(specimens.length, folds, seed).map(({ train, test }, i) => ({
    series,
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

/** Cross-validation by specimen. @param folds of `foldsOf` */
export async function compare(
  methods: readonly Method[],
  specimens: readonly Specimen[],
  folds: readonly Fold[],
): Promise<Comparison> {
  const results: Result[] = [];
  for (const method of methods) {
    const forecasts: (readonly number[])[] = new Array(specimens.length);
    for (const { heldOut, ...lesson } of folds) {
      const rows = await method.forecast(lesson);
      for (const [row, index] of heldOut.entries()) forecasts[index] = rows[row]!;
    }
    results.push({ method: method.name, forecasts });
  }
  return { specimens, folds: folds.map(({ heldOut }) => heldOut), results };
}

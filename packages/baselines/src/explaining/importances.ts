// Importances from losses: what the error rises by when inputs are shuffled, and how sure that is.
import type { HostArray } from "@hooke/runtime";
import { meanLoss } from "../folds/loss.ts";
import type { Samples } from "../method/samples.ts";
import { drawnWeights } from "./checks.ts";
import { quantile } from "./quantile.ts";

/** What is lost without some inputs. */
export interface InputImportance {
  /** They were shuffled together. */
  readonly inputs: readonly string[];
  /** By how much the error rises, the mean over shuffles: the root mean square error of numbers, the cross-entropy of classes. */
  readonly value: number;
  /** Its standard deviation over shuffles. */
  readonly deviation: number;
  readonly lower: number;
  readonly upper: number;
}

/** What `permutationImportance` finds. */
export interface Importances {
  /** Of the rows as they are. */
  readonly error: number;
  /** In the unit of the target, of numbers. */
  readonly unit?: string;
  /** The most important first. */
  readonly groups: readonly InputImportance[];
}

/** Losses of rows as they are and as they were shuffled. */
export interface ShuffledLosses {
  readonly samples: Pick<Samples, "rowCount" | "groups"> & { readonly target: Pick<Samples["target"], "type"> };
  /** How much each row counts. */
  readonly weights: Float64Array;
  /** Names of the inputs that were shuffled together. */
  readonly inputs: readonly (readonly string[])[];
  /** By row: of numbers squared errors, of classes negative logarithms of probabilities. */
  readonly own: Float64Array;
  /** The same, by group of inputs and shuffle. */
  readonly shuffled: readonly (readonly Float64Array[])[];
  /** The share of draws between `lower` and `upper`. */
  readonly level: number;
  /** Of the draws of rows. */
  readonly key: HostArray;
  readonly unit?: string;
}

/** Draws of rows for the intervals. */
const draws = 500;

/** Importances of groups of inputs; the intervals draw rows, or whole groups of them, and shuffles anew. */
export function importancesOf(losses: ShuffledLosses): Importances {
  const { samples, weights, inputs, own, shuffled, level, key, unit } = losses;
  const errorOf = (values: Float64Array, counts: Float64Array): number => {
    const mean = meanLoss(values, counts);
    return samples.target.type === "number" ? Math.sqrt(mean) : mean;
  };
  const error = errorOf(own, weights);
  const drawn = drawnWeights(samples, weights, draws, key);
  const groups = inputs.map((names, g): InputImportance => {
    const repeats = shuffled[g]!.length;
    const rises = shuffled[g]!.map((values) => errorOf(values, weights) - error);
    const value = rises.reduce((sum, rise) => sum + rise, 0) / repeats;
    const square = rises.reduce((sum, rise) => sum + (rise - value) ** 2, 0);
    const again = Float64Array.from(
      drawn,
      (counts, draw) => errorOf(shuffled[g]![draw % repeats]!, counts) - errorOf(own, counts),
    ).sort();
    return {
      inputs: names,
      value,
      deviation: repeats > 1 ? Math.sqrt(square / (repeats - 1)) : 0,
      lower: quantile(again, (1 - level) / 2),
      upper: quantile(again, (1 + level) / 2),
    };
  });
  return {
    error,
    ...(unit !== undefined && { unit }),
    groups: groups.sort((a, b) => b.value - a.value),
  };
}

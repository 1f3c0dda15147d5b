// The first round of an advice as a list that any process can compute: every candidate on every fold.
import type { TrainingSweep } from "@hooke/core";
import type { Dataset, Table } from "@hooke/data";
import { checkArgument, fail, randomKey } from "@hooke/runtime";
import type { Failed, FoldWork, Measured } from "../comparison/measurement.ts";
import { foldsFor } from "../splits/splits.ts";
import type { Advice } from "./advice.ts";
import { advise, splitFor } from "./advise.ts";
import { foldMeasurer } from "./fold-measurer.ts";
import { type AdviseOptions, checkAdviseOptions } from "./options.ts";
import { allCandidates, measuredPart, readSamples, toldApart } from "./preparation.ts";
import { dataCheck, structureOf, tableOfData } from "./structure.ts";

/** A candidate on a fold. */
export interface AdviceTrial {
  readonly method: string;
  readonly fold: number;
}

/** What is kept of it: an error and predictions of the rows held back, or why it failed. */
export type FoldRecord =
  | (Omit<Measured, "predicted" | "rows"> & { readonly predicted: readonly number[]; readonly rows: readonly number[] })
  | Failed;

/** What {@link adviceSweep} returns. */
export interface AdviceSweep {
  /** For `defineSweep` of `@hooke/sweep`. */
  readonly sweep: TrainingSweep<AdviceTrial, FoldRecord>;
  /** The advice that `advise` gives of the same data and options. What the list does not hold, such as other splits, is measured here. */
  join(results: readonly FoldRecord[]): Promise<Advice>;
}

/**
 * What {@link advise} measures first, every candidate on every fold of the first division of the rows, as a list for processes of this machine or the tasks of
 * a cluster's job. Which candidates are measured again follows from that: it is done by `join`, as are other splits and the learning curve.
 *
 * @param options those of `advise`. `groups` has to be said, a column or `"none"`: to look for them takes measuring
 * @throws what `advise` throws before it measures, and without `groups`
 */
export async function adviceSweep(data: Table | Dataset, options: AdviseOptions): Promise<AdviceSweep> {
  checkArgument("adviceSweep", "the data", data, dataCheck);
  checkAdviseOptions(options);
  const { groups, purpose, seed = 0, target } = options;
  if (groups === undefined) {
    fail("adviceSweep", 'received no groups; name their column, or say groups: "none".', "invalid-argument");
  }
  const told = await tableOfData(data, options);
  const { samples, raw } = readSamples(told, options);
  const { structure } = structureOf(told.structure, samples, options);
  const part = measuredPart(samples, options);
  const apart = toldApart(part, raw && measuredPart(raw, options));
  const split = splitFor(purpose ?? (part.groups === undefined ? "same-population" : "new-group"), apart);
  const folds = foldsFor(split, apart, randomKey(seed), 0).length;
  const names = allCandidates({ structure, samples, ...(raw && { raw }) }, options).map(({ name }) => name);
  let measurer: ReturnType<typeof foldMeasurer> | undefined;
  const measure = async (work: FoldWork): Promise<Measured | Failed> => {
    measurer ??= foldMeasurer(data, options);
    return (await measurer)(work);
  };
  const trials = Array.from({ length: folds }, (_, fold) => names.map((method) => ({ method, fold }))).flat();
  return {
    sweep: {
      settings: { target, groups, purpose: purpose ?? null, seed, rows: samples.rowCount },
      trials,
      async run({ method, fold }) {
        const found = await measure({ method, split, repeat: 0, fold, ...(apart.groups && { groups: apart.groups }) });
        return "predicted" in found ? { ...found, predicted: [...found.predicted], rows: [...found.rows] } : found;
      },
    },
    join(results) {
      checkArgument("join", "the results", results, (value) =>
        Array.isArray(value) ? undefined : "a list of results",
      );
      if (results.length !== trials.length) {
        fail(
          "adviceSweep",
          `received ${results.length} of ${trials.length} results; compute those that are missing first.`,
          "mismatch",
        );
      }
      const known = new Map(results.map((result) => [`${result.fold} ${result.method}`, result]));
      const own = JSON.stringify(split);
      return advise(data, {
        ...options,
        workers: {
          count: 1,
          async measure(work) {
            const found =
              work.repeat === 0 && JSON.stringify(work.split) === own
                ? known.get(`${work.fold} ${work.method}`)
                : undefined;
            if (found === undefined) return measure(work);
            if (!("predicted" in found)) return found;
            return { ...found, predicted: Float64Array.from(found.predicted), rows: Int32Array.from(found.rows) };
          },
        },
      });
    },
  };
}

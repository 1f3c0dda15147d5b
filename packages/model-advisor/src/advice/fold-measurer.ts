// Measuring folds elsewhere, such as in a worker: from the same table and options come the same samples, candidates and folds.
import { pausing } from "@hooke/baselines";
import type { Dataset, Table } from "@hooke/data";
import { checkArgument, fail, quoted, randomKey } from "@hooke/runtime";
import { type Failed, type FoldWork, type Measured, Measurement } from "../comparison/measurement.ts";
import { type AdviseOptions, checkAdviseOptions } from "./options.ts";
import { allCandidates, measuredPart, partsOf, readSamples, toldApart, viewsOf } from "./preparation.ts";
import { dataCheck, structureOf, tableOfData } from "./structure.ts";

/**
 * What measures folds for `advise`, which asks for them by `workers: { count, measure }`. What comes back is plain data: it can be posted.
 *
 * @param options those of the `advise` that asks; a backend of its own
 * @returns measures a fold: its error and predictions, or why it failed
 * @throws on columns and cells that cannot be used, and on candidates that there are not
 * @example
 * ```ts
 * import { tableOf } from "@hooke/data";
 * import { advise, foldMeasurer } from "@hooke/model-advisor";
 *
 * const x = Array.from({ length: 80 }, (_, i) => ((i * 31) % 80) / 10);
 * const table = tableOf({ x, y: x.map((value, i) => 3 * value + (i % 3) / 2) });
 * const options = { target: "y", groups: "none", budget: { seconds: 1 } };
 * const measure = await foldMeasurer(table, options); // in each worker
 * const advice = await advise(table, { ...options, workers: { count: 2, measure } });
 * console.log(advice.recommended!.method); // ridge
 * ```
 */
export async function foldMeasurer(
  data: Table | Dataset,
  options: AdviseOptions,
): Promise<(work: FoldWork) => Promise<Measured | Failed>> {
  checkArgument("foldMeasurer", "the data", data, dataCheck);
  checkAdviseOptions(options);
  const told = await tableOfData(data, options);
  const { seed = 0, backend, signal } = options;
  const { samples: all, raw, error } = readSamples(told, options);
  const { structure } = structureOf(told.structure, all, options);
  const candidates = allCandidates({ structure, samples: all, ...(raw && { raw }) }, options);
  const samples = measuredPart(all, options);
  const seen = raw && measuredPart(raw, options);
  const measurements = new Map<string, Measurement>();

  /** The folds of a split are drawn once. */
  function measurementOf({ split, groups }: FoldWork): Measurement {
    const name = JSON.stringify(split);
    const known = measurements.get(name);
    if (known !== undefined) return known;
    const measurement = new Measurement({
      ...{ split, error, backend, signal, key: randomKey(seed), pause: pausing(signal, options.onProgress) },
      parts: partsOf(candidates),
      samples: toldApart(groups === undefined ? samples : { ...samples, groups }, seen),
      views: viewsOf(candidates, { samples, ...(seen && { raw: seen }) }, groups),
    });
    measurements.set(name, measurement);
    return measurement;
  }

  return async (work) => {
    checkArgument("foldMeasurer", "the work", work, (value) =>
      typeof (value as Partial<FoldWork> | null)?.split?.kind === "string" ? undefined : "what advise asks for",
    );
    const candidate = candidates.find(({ name }) => name === work.method);
    if (candidate === undefined) {
      const names = quoted(candidates.map(({ name }) => name));
      return fail("foldMeasurer", `was asked for "${work.method}"; the candidates are ${names}.`, "mismatch");
    }
    const begun = performance.now();
    const { milliseconds = Number.POSITIVE_INFINITY } = work;
    const left = (): number => milliseconds - (performance.now() - begun);
    return measurementOf(work).measure(candidate.name, candidate.method, work.repeat, work.fold, left);
  };
}

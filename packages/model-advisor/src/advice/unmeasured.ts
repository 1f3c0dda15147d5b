// What might be advised, without measuring: for those who know which method they want, of images and molecules as of tables.
import type { Method } from "@hooke/baselines";
import type { Dataset, Table } from "@hooke/data";
import { checkArgument, fail } from "@hooke/runtime";
import type { Assumption, Warning } from "../reading/reading.ts";
import type { Structure } from "../rules/rules.ts";
import type { AdvisedFitOptions, AdvisedModel } from "./advice.ts";
import { candidateNamed, checkFitOptions, fitCandidate } from "./advised-model.ts";
import { type AdviseOptions, checkAdviseOptions } from "./options.ts";
import { allCandidates, readSamples, viewsOf } from "./preparation.ts";
import { dataCheck, structureOf, tableOfData } from "./structure.ts";

/** What might be advised of data. */
export interface Candidates {
  /** What the data were read as. */
  readonly structure: Structure;
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly Warning[];
  /** By name, the simplest first. */
  readonly methods: Readonly<Record<string, Method>>;
  /** Fits the one that is named on all rows, as `advice.fit()` does. */
  fit(options: AdvisedFitOptions & { readonly method: string }): Promise<AdvisedModel>;
}

/**
 * The candidates that `advise` would measure, and the models they become on all rows. Data are read as `advise` reads them; groups are not looked for.
 *
 * @param data a table, or a dataset whose target is called `options.target`
 * @throws on columns and cells that cannot be used
 * @example
 * ```ts
 * import { tableOf } from "@hooke/data";
 * import { candidatesIn } from "@hooke/model-advisor";
 *
 * const x = Array.from({ length: 20 }, (_, i) => (i * 7) % 20);
 * const found = await candidatesIn(tableOf({ x, y: x.map((value) => 2 * value) }), { target: "y" });
 * console.log(found.structure, Object.keys(found.methods).slice(0, 2)); // table [ 'dummy', 'ridge' ]
 * const { fitted } = await found.fit({ method: "ridge" });
 * console.log(Math.abs(fitted.predict(tableOf({ x: [3] })).values[0]! - 6) < 0.2); // true
 * ```
 */
export async function candidatesIn(data: Table | Dataset, options: AdviseOptions): Promise<Candidates> {
  checkArgument("candidatesIn", "the data", data, dataCheck);
  checkAdviseOptions(options);
  const told = await tableOfData(data, options);
  const { samples, raw, warnings, assumptions } = readSamples(told, options);
  const { structure, assumption } = structureOf(told.structure, samples, options);
  const candidates = allCandidates({ structure, samples, ...(raw && { raw }) }, options);
  const views = viewsOf(candidates, { samples, ...(raw && { raw }) }, samples.groups);
  return {
    structure,
    assumptions: assumption === undefined ? assumptions : [...assumptions, assumption],
    warnings,
    methods: Object.fromEntries(candidates.map(({ name, method }) => [name, method])),
    fit: async (given) => {
      checkFitOptions("candidates.fit", given);
      if (given.method === undefined) fail("candidates.fit", 'fits what is named: { method: "ridge" }.', "mismatch");
      return fitCandidate(
        candidateNamed("candidates.fit", candidates, given.method),
        { samples, views, options },
        given,
      );
    },
  };
}

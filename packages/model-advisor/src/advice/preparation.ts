// What is measured of a table: samples, candidates and the error, the same wherever they are prepared.
import { type Method, randomFrom, type Samples, samplesOf, takeSamples } from "@hooke/baselines";
import type { Table } from "@hooke/data";
import { fail, randomKey } from "@hooke/runtime";
import { defaultError, type ErrorName, errorKinds } from "../comparison/metrics.ts";
import { methodOf } from "../laws/law.ts";
import { columnWarnings, identifiersIn } from "../reading/columns.ts";
import type { Assumption, Warning } from "../reading/reading.ts";
import { refuseUnlearnable, targetWarnings } from "../reading/target.ts";
import type { Candidate } from "./candidates.ts";
import { candidatesOf, type Known } from "./candidates-by-structure.ts";
import type { AdviseOptions } from "./options.ts";
import type { Told } from "./structure.ts";

/** What was read of a table. */
export interface ReadSamples {
  readonly samples: Samples;
  /** The same rows with images or graphs themselves as inputs. */
  readonly raw?: Samples;
  /** Columns that say which rows belong together, and are no inputs. */
  readonly naming: Samples["columns"];
  readonly error: ErrorName;
  readonly warnings: Warning[];
  readonly assumptions: Assumption[];
}

/** Samples without the columns that name rows, and what was found out about columns. @throws on an error that is not of the target's kind */
export function readSamples(told: Told, options: AdviseOptions): ReadSamples {
  const { table, structure, raw, beside = [], replaced } = told;
  const { target, groups } = options;
  const naming = (told.naming ?? []).filter((name) => name !== target && options.inputs?.includes(name) !== true);
  const named = options.inputs?.flatMap((name) =>
    name === replaced?.column ? replaced.by.filter((column) => !raw!.includes(column)) : [name],
  );
  const columnOptions = {
    ...(options.categories && { categories: options.categories }),
    ...(options.classes !== undefined && { classes: options.classes }),
    ...(groups !== undefined && groups !== "none" && { groups }),
  };
  const noInputs = [...(raw ?? []), ...naming.filter((name) => name !== groups)];
  const all = samplesOf(withoutColumns(table, noInputs), target, {
    ...columnOptions,
    ...(named && { inputs: named }),
  });
  refuseUnlearnable(all);
  const assumptions: Assumption[] = told.assumption === undefined ? [] : [told.assumption];
  const identifiers = options.inputs === undefined ? new Set(identifiersIn(all)) : new Set<string>();
  const columns = all.columns.filter(({ name }) => !identifiers.has(name));
  if (identifiers.size > 0 && columns.length > 0) {
    assumptions.push({
      what: `${[...identifiers].map((name) => `"${name}"`).join(", ")} ${identifiers.size === 1 ? "names" : "name"} rows`,
      because: "it is another one in every row",
      overrule: "inputs",
    });
  }
  const samples: Samples = columns.length === 0 ? all : { ...all, columns };
  const error = options.error ?? defaultError(samples.target);
  if (errorKinds[error].of !== samples.target.type) {
    const is = samples.target.type === "number" ? "numbers" : "classes";
    fail("advise", `received the error "${error}"; "${options.target}" is ${is}.`, "mismatch");
  }
  const { categories = [], ...ofRaw } = columnOptions;
  const kept = beside.filter((name) => !identifiers.has(name));
  const seen =
    raw &&
    samplesOf(table, target, {
      ...ofRaw,
      inputs: [...raw, ...kept],
      categories: categories.filter((name) => kept.includes(name)),
      texts: structure === "graphs" ? raw : [],
    });
  const apart = toldApart(all, seen);
  const warnings: Warning[] = [
    ...targetWarnings(all),
    ...columnWarnings(options.inputs === undefined ? apart : withoutIdentifierCheck(apart)),
  ];
  const names = naming.length === 0 ? [] : samplesOf(table, target, { inputs: naming }).columns;
  return { samples, ...(seen && { raw: seen }), naming: names, error, warnings, assumptions };
}

function withoutColumns(table: Table, names: readonly string[]): Table {
  const left = new Set(names);
  return { ...table, columns: table.columns.filter(({ name }) => !left.has(name)) };
}

/** Rows from which on more of them tell methods apart no better, and take hours. */
const manyRows = 10_000;

/** What candidates are measured on: all rows, or of many those that were drawn, in the order of the table. */
export function measuredPart(samples: Samples, { measuredRows = manyRows, seed = 0 }: AdviseOptions): Samples {
  if (samples.rowCount <= measuredRows) return samples;
  return takeSamples(samples, randomFrom(randomKey(seed), "measured rows").subset(samples.rowCount, measuredRows));
}

/** What the user has named among the inputs was measured. */
const withoutIdentifierCheck = (samples: Samples): Samples => {
  const names = new Set(identifiersIn(samples));
  return { ...samples, columns: samples.columns.filter(({ name }) => !names.has(name)) };
};

/** All that may be advised: known laws come before what learns, after what guesses. */
export function allCandidates(known: Known, options: AdviseOptions): Candidate[] {
  const { laws = [] } = options;
  const [guess, ...learners] = candidatesOf(known, options);
  const ofLaws = Object.entries(Object.fromEntries(laws.map((law) => [law.name, methodOf(law)])));
  return [
    guess!,
    ...ofLaws.map(([name, method]): Candidate => ({ name, method, readable: true, quick: true })),
    ...learners,
  ];
}

/** Rows as they are told apart: descriptors of two graphs may be the same. */
export const toldApart = (samples: Samples, raw: Samples | undefined): Samples =>
  raw?.texts === undefined ? samples : { ...samples, texts: raw.texts };

/**
 * What candidates see that see something else of the rows than what tells them apart: images and graphs themselves, or what is known of each graph.
 *
 * @param groups of the rows, where there are some
 */
export function viewsOf(
  candidates: readonly Candidate[],
  { samples, raw }: Pick<ReadSamples, "samples" | "raw">,
  groups: Samples["groups"],
): ReadonlyMap<string, Samples> {
  if (raw === undefined) return new Map();
  const [known, whole] = [samples, raw].map((view) => (groups === undefined ? view : { ...view, groups })) as [
    Samples,
    Samples,
  ];
  const seen = candidates.flatMap(({ name, raw: isRaw }) => {
    if (isRaw) return [[name, whole] as const];
    return raw.texts === undefined ? [] : [[name, known] as const];
  });
  return new Map(seen);
}

/** Candidates that others are made of: what they learn of a fold is kept for these. */
export const partsOf = (candidates: readonly Candidate[]): ReadonlySet<Method> =>
  new Set(candidates.flatMap(({ parts = [] }) => parts));

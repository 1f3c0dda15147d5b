// What is measured of a table: samples, candidates and the error, the same wherever they are prepared.
import { type Method, randomFrom, type Samples, samplesOf, takeSamples } from "@hooke/baselines";
import type { Table } from "@hooke/data";
import { fail, randomKey } from "@hooke/runtime";
import { defaultError, type ErrorName, errorKinds } from "../comparison/metrics.ts";
import { methodOf } from "../laws/law.ts";
import { columnWarnings, identifiersIn } from "../reading/columns.ts";
import type { Assumption, Warning } from "../reading/reading.ts";
import { refuseConstant, targetWarnings } from "../reading/target.ts";
import type { Structure } from "../rules/rules.ts";
import type { Candidate } from "./candidates.ts";
import type { AdviseOptions } from "./options.ts";
import { candidatesOf } from "./sequence-candidates.ts";

/** What was read of a table. */
export interface ReadSamples {
  readonly samples: Samples;
  readonly error: ErrorName;
  readonly warnings: Warning[];
  readonly assumptions: Assumption[];
}

/** Samples without the columns that name rows, and what was found out about columns. @throws on an error that is not of the target's kind */
export function readSamples(table: Table, options: AdviseOptions): ReadSamples {
  const { target, groups } = options;
  const columnOptions = {
    ...(options.categories && { categories: options.categories }),
    ...(options.classes !== undefined && { classes: options.classes }),
    ...(groups !== undefined && groups !== "none" && { groups }),
  };
  const all = samplesOf(table, target, { ...columnOptions, ...(options.inputs && { inputs: options.inputs }) });
  refuseConstant(all);
  const warnings: Warning[] = [
    ...targetWarnings(all),
    ...columnWarnings(options.inputs === undefined ? all : withoutIdentifierCheck(all)),
  ];
  const assumptions: Assumption[] = [];
  const names = options.inputs === undefined ? new Set(identifiersIn(all)) : new Set<string>();
  const columns = all.columns.filter(({ name }) => !names.has(name));
  if (names.size > 0 && columns.length > 0) {
    assumptions.push({
      what: `${[...names].map((name) => `"${name}"`).join(", ")} ${names.size === 1 ? "names" : "name"} rows`,
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
  return { samples, error, warnings, assumptions };
}

/** Rows from which on more of them tell methods apart no better, and take hours. */
const manyRows = 10_000;

/** What candidates are measured on: all rows, or of many those that were drawn, in the order of the table. */
export function measuredPart(samples: Samples, { measuredRows = manyRows, seed = 0 }: AdviseOptions): Samples {
  if (samples.rowCount <= measuredRows) return samples;
  const drawn = randomFrom(randomKey(seed), "measured rows").choose(samples.rowCount, measuredRows);
  return takeSamples(samples, drawn.sort());
}

/** What the user has named among the inputs was measured. */
const withoutIdentifierCheck = (samples: Samples): Samples => {
  const names = new Set(identifiersIn(samples));
  return { ...samples, columns: samples.columns.filter(({ name }) => !names.has(name)) };
};

/** All that may be advised: known laws come before what learns, after what guesses. */
export function allCandidates(structure: Structure, samples: Samples, options: AdviseOptions): Candidate[] {
  const { laws = [] } = options;
  const [guess, ...learners] = candidatesOf(structure, samples, options);
  const known = Object.entries(Object.fromEntries(laws.map((law) => [law.name, methodOf(law)])));
  return [
    guess!,
    ...known.map(([name, method]): Candidate => ({ name, method, readable: true, quick: true })),
    ...learners,
  ];
}

/** Candidates that others are made of: what they learn of a fold is kept for these. */
export const partsOf = (candidates: readonly Candidate[]): ReadonlySet<Method> =>
  new Set(candidates.flatMap(({ parts = [] }) => parts));

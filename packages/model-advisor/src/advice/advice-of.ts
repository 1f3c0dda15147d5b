// What was measured, as advice: its sentences, the model it leads to, and the record that makes it reproducible.
import { fittedOf, pausing, type Samples } from "@hooke/baselines";
import type { Table } from "@hooke/data";
import { fail, randomKey } from "@hooke/runtime";
import manifest from "../../package.json" with { type: "json" };
import { type Comparison, dummyName } from "../comparison/comparison.ts";
import type { Measurement } from "../comparison/measurement.ts";
import type { LearningCurve } from "../curve/learning-curve.ts";
import { explain } from "../explaining/explain.ts";
import type { Explanation } from "../explaining/explanation.ts";
import type { Assumption, Warning } from "../reading/reading.ts";
import { type Rule, rulesVersion, type Structure } from "../rules/rules.ts";
import type { Split } from "../splits/splits.ts";
import type {
  Advice,
  AdviceRecord,
  AdvisedExplainOptions,
  AdvisedFitOptions,
  AdvisedModel,
  Recommendation,
  Signal,
  UnderSplit,
} from "./advice.ts";
import { candidateNamed, checkFitOptions, fitCandidate } from "./advised-model.ts";
import type { Candidate } from "./candidates.ts";
import { markdownOf } from "./markdown.ts";
import { type AdviseOptions, defaultBudget } from "./options.ts";
import type { Expected } from "./prior.ts";
import { reportOf } from "./report.ts";
import { sentencesOf } from "./sentences.ts";

/** Everything that was found. */
export interface Found {
  readonly table: Table;
  readonly options: AdviseOptions;
  readonly samples: Samples;
  /** What candidates see that see something else of the same rows, by name. */
  readonly views: ReadonlyMap<string, Samples>;
  readonly rule: Rule;
  readonly warnings: readonly Warning[];
  readonly assumptions: readonly Assumption[];
  readonly structure: Structure;
  readonly split: Split;
  readonly groupName: string | undefined;
  readonly candidates: readonly Candidate[];
  readonly measurement: Measurement;
  readonly comparison: Comparison;
  readonly expected: Expected;
  readonly signal: Signal;
  readonly verdict: { readonly recommended?: Recommendation; readonly equivalent: readonly string[] };
  readonly elsewhere: readonly UnderSplit[];
  readonly moreData: LearningCurve | undefined;
  /** Whether time ended before everything was measured. */
  readonly isCut: boolean;
  /** Candidates that time did not suffice for, with the budget that would have, in s; NaN where it is not known. */
  readonly unreached: ReadonlyMap<string, number>;
}

export function adviceOf(found: Found): Advice {
  const { samples, comparison, verdict, moreData, candidates } = found;
  const { target } = samples;
  const readable = readableOf(comparison, candidates);
  const facts = {
    target: target.name,
    ...(target.type === "number" && target.unit !== undefined && { unit: target.unit }),
    assumptions: found.assumptions,
    warnings: found.warnings,
    rule: found.rule,
    signal: found.signal,
    ...(verdict.recommended && { recommended: verdict.recommended }),
    equivalent: verdict.equivalent,
    tie: comparison.tie,
    comparison,
    expected: Object.fromEntries(found.expected),
    elsewhere: found.elsewhere,
    ...(readable && { readable }),
    ...(moreData && { moreData }),
    untried: untriedIn(found),
    record: recordOf(found),
  };
  return {
    ...facts,
    candidates: Object.fromEntries(candidates.map(({ name, method }) => [name, method])),
    sentences: () => sentencesOf(facts),
    fit: (fitOptions = {}) => fit(found, fitOptions),
    explain: (explainOptions = {}) => explainIn(found, explainOptions),
    report: (explanation) => reportOf(facts, found.measurement.setting.samples, explanation),
    markdown: () => markdownOf(facts),
    toJSON: () => ({ ...facts, comparison: comparison.toJSON(), sentences: sentencesOf(facts) }),
  };
}

/** The best of those that a person can read. */
function readableOf(comparison: Comparison, candidates: readonly Candidate[]): Advice["readable"] {
  const names = new Set(
    candidates.filter(({ readable, name }) => readable && name !== dummyName).map(({ name }) => name),
  );
  const best = comparison.methods.find(({ method }) => names.has(method));
  return best && { method: best.method, price: best.price };
}

function untriedIn({ unreached, options, samples, structure }: Found): Advice["untried"] {
  const noBackend = options.backend === undefined && samples.target.type === "number" && structure !== "sequences";
  return [
    ...Array.from(unreached, ([method, seconds]) => ({ method, because: lateBecause(seconds) })),
    ...(noBackend
      ? [{ method: "Gaussian process", because: "it computes on a backend: give backend: wasmBackend()" }]
      : []),
    ...(structure === "images"
      ? [{ method: "pretrained network", because: "ask a probe of @hooke/transfer about the same rows" }]
      : []),
    ...(options.methods === undefined
      ? [
          {
            method: networkOf(structure),
            because: `give it: methods: ${structure === "graphs" ? "graphNetworks" : "networksFor"}`,
          },
        ]
      : []),
  ];
}

/** @param seconds of the budget that reaches it */
function lateBecause(seconds: number): string {
  if (!Number.isFinite(seconds))
    return "time ended before it told how long it takes; give it more: budget: { seconds }";
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(seconds)) - 1);
  return `time did not suffice; budget: { seconds: ${unit * Math.ceil(seconds / unit)} } would, about`;
}

/** What of `networksFor` would be a candidate. */
function networkOf(structure: Structure): string {
  if (structure === "table") return "network";
  if (structure === "graphs") return "graph network";
  return structure === "sequences" ? "convolutional network, LSTM and Transformer" : "convolutional network";
}

const recordOf = ({
  samples,
  measurement,
  split,
  comparison,
  options,
  candidates,
  groupName,
  isCut,
}: Found): AdviceRecord => ({
  version: manifest.version,
  rules: rulesVersion,
  seed: options.seed ?? 0,
  split,
  error: comparison.error,
  equivalence: comparison.equivalence,
  rows: samples.rowCount,
  measuredRows: measurement.setting.samples.rowCount,
  budget: options.budget ?? defaultBudget,
  isCut,
  inputs: samples.columns.map(({ name }) => name),
  ...(groupName !== undefined && { groups: groupName }),
  methods: Object.fromEntries(candidates.map(({ name, method }) => [name, method.toJSON()])),
  measured: comparison.toJSON(),
});

async function fit(found: Found, given: AdvisedFitOptions): Promise<AdvisedModel> {
  checkFitOptions("advice.fit", given);
  return fitCandidate(candidateIn("advice.fit", found, given.method), found, given);
}

/** The candidate that is named, or the recommended one. */
function candidateIn(who: string, { candidates, verdict }: Found, named: string | undefined): Candidate {
  const name = named ?? verdict.recommended?.method;
  if (name === undefined) {
    return fail(who, 'recommends no method; name one all the same: { method: "ridge" }.', "invalid-data");
  }
  return candidateNamed(who, candidates, name);
}

/** The method itself, without bounds, fitted on all rows and explained. */
async function explainIn(found: Found, given: AdvisedExplainOptions): Promise<Explanation> {
  const { samples, options } = found;
  const { method: named, ...rest } = given;
  const { name, method, raw } = candidateIn("advice.explain", found, named);
  if (raw) {
    const [are, cure] = found.structure === "graphs" ? ["graphs", "descriptors"] : ["pixels", "statistics of images"];
    const other = `Explain one that learned from ${cure}: { method: "forest" }`;
    fail("advice.explain", `explains methods by their inputs; those of "${name}" are ${are}. ${other}.`, "unsupported");
  }
  const { seed = 0 } = options;
  const backend = given.backend ?? options.backend;
  given.signal?.throwIfAborted();
  const state = await method.learn(samples, {
    key: randomKey(seed),
    ...(backend && { backend }),
    pause: pausing(given.signal, given.onProgress),
    warn: () => undefined,
  });
  const fitted = fittedOf({ method, samples, state, seed, warnings: [] });
  const { table, groups } = tableWithGroups(found);
  return explain(fitted, table, { ...rest, ...groups, seed, ...(backend && { backend }) });
}

/** The table, with a column of the groups that were held back whole. */
function tableWithGroups({ table, samples, split }: Found): {
  readonly table: Table;
  readonly groups: { readonly groups?: string };
} {
  if (split.kind !== "grouped" || samples.groups === undefined) return { table, groups: {} };
  const name = unusedName(table);
  const values = Array.from(samples.groups as ArrayLike<string | number>, String);
  return { table: { ...table, columns: [...table.columns, { name, type: "text", values }] }, groups: { groups: name } };
}

/** A name that no column has. */
function unusedName({ columns }: Table): string {
  let name = "group";
  while (columns.some((column) => column.name === name)) name = `${name}'`;
  return name;
}

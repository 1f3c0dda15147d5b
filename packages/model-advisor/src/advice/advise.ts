// Advising: the table is read, rules give the prior, candidates are measured under the split that the purpose asks for, and the verdict is said.
import { pausing, type Samples } from "@hooke/baselines";
import type { Dataset, Table } from "@hooke/data";
import { checkArgument, fail, randomKey } from "@hooke/runtime";
import { type Comparison, dummyName } from "../comparison/comparison.ts";
import { type Left, Measurement, type Setting } from "../comparison/measurement.ts";
import { learningCurve, withAllRows } from "../curve/learning-curve.ts";
import { driftWarnings } from "../reading/drift.ts";
import type { Warning } from "../reading/reading.ts";
import { forClasses, ruleFor } from "../rules/rules.ts";
import { describeSplit, fewFolds, type Split, splits } from "../splits/splits.ts";
import type { Advice, UnderSplit } from "./advice.ts";
import { adviceOf } from "./advice-of.ts";
import type { Candidate } from "./candidates.ts";
import { groupingOf } from "./grouping.ts";
import { type AdviseOptions, checkAdviseOptions, defaultBudget, type Purpose } from "./options.ts";
import { allCandidates, measuredPart, partsOf, readSamples, toldApart, viewsOf } from "./preparation.ts";
import { expectedOf } from "./prior.ts";
import { measure } from "./schedule.ts";
import { dataCheck, structureOf, tableOfData } from "./structure.ts";
import { signalOf, verdictOf } from "./verdict.ts";

/**
 * Says which method fits a table, by measuring: the candidates learn from some of its rows and predict the others, held back as the purpose of
 * the model asks, with everything they prepare prepared inside. Those that predict alike are called a tie, and the simplest of them is
 * recommended if a person can read it, else the best. What the rules of a textbook say is told beside it.
 *
 * Sequences are a dataset `[rows, time, channels]`, or columns as `sequenceTable` makes them: candidates know their features and the shapes in them. Images are a dataset
 * `[rows, height, width, channels]`: candidates see what `imageStatistics` knows of each, computed once, as nothing in it is learned. Networks, of pixels too, are
 * further candidates: `methods: networksFor`. Graphs are a dataset as `graphDataset` makes it, or a table with a column of SMILES: candidates see what is known of each, descriptors of a molecule or
 * composition and distances of a crystal; networks of graphs are `methods: graphNetworks`. Where images belong to specimens, they are a table: the columns of `imageStatistics` and of `imageTable`, and one that names specimens.
 *
 * @param data a table, or a dataset whose target is called `options.target`
 * @throws on columns and cells that cannot be used; the signal's reason
 * @example
 * ```ts
 * import { tableOf } from "@hooke/data";
 * import { advise } from "@hooke/model-advisor";
 *
 * const x = Array.from({ length: 80 }, (_, i) => ((i * 31) % 80) / 10);
 * const table = tableOf({ x, z: x.map((value) => (value * 7) % 1.1), y: x.map((value, i) => 3 * value + (i % 3) / 2) });
 * const advice = await advise(table, { target: "y", groups: "none", budget: { seconds: 1 } });
 * console.log(advice.recommended!.method, advice.signal.found); // ridge true
 * ```
 */
export async function advise(data: Table | Dataset, options: AdviseOptions): Promise<Advice> {
  checkArgument("advise", "the data", data, dataCheck);
  checkAdviseOptions(options);
  const told = await tableOfData(data, options);
  const { seed = 0, backend, signal, budget = defaultBudget, equivalence = 0.03 } = options;
  const begun = performance.now();
  const milliseconds = "seconds" in budget ? 1000 * budget.seconds : Number.POSITIVE_INFINITY;
  const shareOf = (share: number) => () => share * milliseconds - (performance.now() - begun);
  const { samples, raw, naming, warnings, assumptions, error } = readSamples(told, options);
  const { structure, assumption } = structureOf(told.structure, samples, options);
  if (assumption !== undefined) assumptions.push(assumption);
  let done = 0;
  /** Of folds, where the budget is none of seconds. */
  let counted = (): number => 0;
  const { onProgress } = options;
  const pause = pausing(
    signal,
    onProgress &&
      (({ text }) => {
        const spent = "seconds" in budget ? (performance.now() - begun) / milliseconds : counted();
        done = Math.max(done, Math.min(1, spent));
        onProgress({ fraction: done, text });
      }),
  );
  const part = measuredPart(samples, options);
  if (part !== samples) {
    assumptions.push({
      what: `${part.rowCount} of the ${samples.rowCount} rows, drawn at random, tell which method fits`,
      because: "candidates take long to learn from all of them, again and again",
      overrule: `measuredRows: ${samples.rowCount}`,
    });
  }
  const setting = { samples: part, error, key: randomKey(seed), backend, signal, pause } satisfies Omit<
    Setting,
    "split"
  >;

  const grouping = await groupingOf(
    setting,
    options,
    structure,
    told.structure === "graphs" ? (told.beside ?? []) : undefined,
    measuredPart({ ...samples, columns: naming }, options).columns,
  );
  warnings.push(...grouping.warnings);
  assumptions.push(...grouping.assumptions);
  const { name: groupName } = grouping;
  const grouped = grouping.groups === undefined ? part : { ...part, groups: grouping.groups };
  const purpose = options.purpose ?? (grouped.groups === undefined ? "same-population" : "new-group");
  const seen = raw && measuredPart(raw, options);
  const apart = toldApart(grouped, seen);
  const split = splitFor(purpose, apart);
  const candidates = allCandidates({ structure, samples, ...(raw && { raw }) }, options);
  const laws = new Set((options.laws ?? []).map(({ name }) => name));
  const views = viewsOf(candidates, { samples: part, ...(seen && { raw: seen }) }, grouped.groups);
  const measured = {
    ...setting,
    samples: apart,
    views,
    ...(options.workers && { workers: options.workers }),
  };
  const measurement = new Measurement({ ...measured, split, parts: partsOf(candidates) });
  const { readable = "preferred" } = options;
  const rule = ruleFor(structure, samples.rowCount, readable === "required");
  const beforehand = performance.now() - begun;
  const repeats = "repeats" in budget ? budget.repeats : samples.rowCount < 1000 ? 5 : 2;
  counted = () => {
    const folds = measurement.foldsOf(0).length * candidates.length * repeats;
    return (measurement.measured.length + measurement.failed.length) / folds;
  };
  const { comparison, unreached } = await measure(measurement, candidates, {
    repeats,
    equivalence,
    left: shareOf(measuringShare),
    // Of tables what is usual says more than rules do: candidates stand in that order.
    favourites:
      structure === "table" ? [] : [...rule.recommends, ...candidates.flatMap(({ name, raw }) => (raw ? name : []))],
    onRound: (so) => so.methods[0] && options.onAnswer?.({ method: so.methods[0].method, comparison: so }),
  });
  const expected = expectedOf(measurement, comparison);
  const verdict = verdictOf(comparison, expected, candidates, {
    split: describeSplit(split, groupName),
    readable,
    laws,
  });
  const found = signalOf(measurement, comparison);
  if (!found.found) warnings.push(noSignal(options.target));
  warnings.push(...driftIn(measurement, comparison, verdict.recommended?.method));

  const chosen = candidates.find(({ name }) => name === verdict.recommended?.method);
  const isUsable = found.found && chosen !== undefined;
  const moreData =
    isUsable && shareOf(0.9)() > 0
      ? await learningCurve(measurement, chosen.name, chosen.method, shareOf(0.9))
      : undefined;
  const { recommended } = verdict;
  const range =
    recommended && moreData ? withAllRows(recommended.range, moreData, samples.rowCount) : recommended?.range;
  const elsewhere =
    isUsable && options.elsewhere !== false
      ? await underOtherSplits(measured, split, candidates, comparison, chosen, groupName, shareOf(1))
      : [];
  const groups =
    part === samples ? grouped.groups : grouping.of({ ...samples, columns: [...samples.columns, ...naming] });
  const known = groups === undefined ? samples : { ...samples, groups };
  return adviceOf({
    table: told.table,
    options,
    samples: known,
    views: viewsOf(candidates, { samples, ...(raw && { raw }) }, known.groups),
    rule: samples.target.type === "class" ? forClasses(rule) : rule,
    warnings,
    assumptions,
    structure,
    split,
    groupName,
    candidates,
    measurement,
    comparison,
    expected,
    signal: found,
    verdict: isUsable
      ? { ...verdict, ...(recommended && range && { recommended: { ...recommended, range } }) }
      : { equivalent: verdict.equivalent },
    elsewhere,
    moreData,
    isCut: unreached.size > 0 || shareOf(1)() <= 0,
    unreached: new Map(
      Array.from(unreached, ([name, seconds]) => [name, (seconds + beforehand / 1000) / measuringShare]),
    ),
  });
}

/** Of the budget; the rest is for other splits and the learning curve. */
const measuringShare = 0.75;

/** How rows are held back for a purpose. @throws where it is of groups, and there are none */
export function splitFor(purpose: Purpose, samples: Samples): Split {
  switch (purpose) {
    case "same-population":
      return fewFolds("random", samples);
    case "new-group":
      if (samples.groups === undefined) {
        fail(
          "advise",
          'predicts for new groups, and knows of none: name their column: groups: "specimen".',
          "mismatch",
        );
      }
      return fewFolds("grouped", samples);
    case "new-family":
      return splits.clusters();
    case "beyond-range":
      return splits.beyond();
    case "later":
      return splits.later();
  }
}

const noSignal = (target: string): Warning => ({
  kind: "no-signal",
  columns: [],
  text: `No candidate predicts "${target}" better than guessing, beyond chance: these inputs say nothing of it, or the rows are too few.`,
});

function driftIn(measurement: Measurement, comparison: Comparison, method: string | undefined): Warning[] {
  const { target } = measurement.setting.samples;
  const name = method ?? comparison.methods[0]?.method;
  if (target.type !== "number" || name === undefined || measurement.setting.split.kind === "later") return [];
  const predicted = comparison.predictions(name);
  return driftWarnings(target.values.map((value, row) => value - predicted[row]!));
}

/** Methods that are shown elsewhere: the recommended one, the best of each kind beside it. */
const rivals = ["ridge", "forest", "Gaussian process", "boosting"];

/** The recommended method and its rivals, by row, by cluster and beyond the range, as far as that is not what was measured. */
async function underOtherSplits(
  setting: Omit<Setting, "split">,
  measured: Split,
  candidates: readonly Candidate[],
  comparison: Comparison,
  chosen: Candidate,
  groupName: string | undefined,
  left: Left,
): Promise<UnderSplit[]> {
  const others: Split[] = [
    splits.random(),
    ...(setting.samples.groups === undefined ? [] : [splits.grouped()]),
    splits.clusters({ count: 5 }),
    ...(setting.samples.target.type === "number" ? [splits.beyond()] : []),
  ].filter(({ kind }) => kind !== measured.kind);
  const names = new Set([dummyName, chosen.name, ...rivals]);
  const shown = candidates.filter(
    ({ name }) => names.has(name) && comparison.methods.some(({ method }) => method === name),
  );
  // The recommended method first: where time ends, it is the one that is known.
  const ordered = shown.toSorted((a, b) => Number(b.name === chosen.name) - Number(a.name === chosen.name));
  const found: UnderSplit[] = [];
  for (const split of others) {
    const measurement = new Measurement({ ...setting, split });
    const guessed = await errorOf(measurement, shown.find(({ name }) => name === dummyName)!, left);
    for (const candidate of ordered.filter(({ name }) => name !== dummyName)) {
      if (left() <= 0) return found;
      const error = await errorOf(measurement, candidate, left);
      if (error === undefined) continue;
      found.push({
        split: describeSplit(split, groupName),
        method: candidate.name,
        error,
        skill: guessed === undefined ? Number.NaN : 1 - error / guessed,
      });
    }
  }
  return found;
}

/** Over the folds of one repeat; undefined where one fails, or time ends. */
async function errorOf(measurement: Measurement, { name, method }: Candidate, left: Left): Promise<number | undefined> {
  let folds: readonly unknown[];
  try {
    folds = measurement.foldsOf(0);
  } catch {
    return undefined;
  }
  let sum = 0;
  for (const fold of folds.keys()) {
    measurement.setting.signal?.throwIfAborted();
    const measured = await measurement.run(name, method, 0, fold, left);
    if (measured === undefined) return undefined;
    sum += measured.error;
  }
  return sum / folds.length;
}

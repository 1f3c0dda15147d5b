// One judgement: advice is asked for with four fifths of the rows, and all candidates predict the last fifth.

import { wasmBackend } from "@hooke/backend-wasm";
import { type Method, randomFrom, samplesOf } from "@hooke/baselines";
import { cellsOf, columnOf, type Fold, kFold, type NumberColumn, takeTableRows } from "@hooke/data";
import { type Advice, type AdviseOptions, advise, type Budget, foldsFor, splits } from "@hooke/model-advisor";
import { randomKey } from "@hooke/runtime";
import type { AdvisorSet } from "./set.ts";

/** How rows are held back, from the advisor, and by it: any, whole groups, or whole clusters of inputs. */
export type HeldBack = "row" | "group" | "cluster";

/** What one piece of advice was worth. */
export interface Judgement {
  readonly kind: "judgement";
  readonly set: string;
  readonly seed: number;
  readonly by: HeldBack;
  /** Rows that the advisor saw. */
  readonly rows: number;
  /** Undefined where nothing was recommended. */
  readonly advised?: string;
  readonly equivalent: readonly string[];
  /** Where the advice expects its error in 9 of 10 cases. */
  readonly range?: readonly [number, number];
  /** What plain cross-validation by row puts first; undefined where that was not asked. */
  readonly plain?: string;
  /** What the advisor measured of each candidate, in its own folds. */
  readonly measured: Readonly<Record<string, number>>;
  /** Of all candidates on the rows held back: RMSE, or cross-entropy of classes. */
  readonly errors: Readonly<Record<string, number>>;
  /** Kinds of the warnings. */
  readonly warnings: readonly string[];
  readonly untried: readonly string[];
  readonly cpuSeconds: number;
}

/** What advice may take. */
export interface Effort {
  readonly seed: number;
  readonly budget: Budget;
  /** Rows that the advisor sees where they are held back one by one; all others are. Default: four fifths. */
  readonly seen?: number;
}

/**
 * Asks for advice and judges it.
 *
 * @param asksPlainly whether what plain cross-validation by row would say is measured too, where rows are held back otherwise: it takes as long again
 */
export async function judge(set: AdvisorSet, by: HeldBack, effort: Effort, asksPlainly: boolean): Promise<Judgement> {
  const begun = process.cpuUsage();
  const { train, test } = heldBack(set, by, effort);
  const seen = takeTableRows(set.table, train);
  const asked = optionsFor(set, by, effort);
  const advice = await advise(seen, asked);
  const byRow = optionsFor(set, "row", { ...effort, budget: { repeats: 1 } });
  const plain = by === "row" ? advice : asksPlainly ? await advise(seen, byRow) : undefined;
  const errors: Record<string, number> = {};
  for (const [name, method] of Object.entries(advice.candidates)) {
    const error = await errorOn(set, by, method, advice.record.inputs, { train, test, seed: effort.seed });
    if (error !== undefined) errors[name] = error;
  }
  const { recommended } = advice;
  return {
    kind: "judgement",
    set: set.name,
    seed: effort.seed,
    by,
    rows: train.length,
    ...(recommended && { advised: recommended.method, range: recommended.range }),
    equivalent: advice.equivalent,
    ...(plain && { plain: plain.comparison.methods[0]!.method }),
    measured: Object.fromEntries(advice.comparison.methods.map(({ method, error }) => [method, error])),
    errors,
    warnings: kindsOf(advice),
    untried: advice.untried.map(({ method }) => method),
    cpuSeconds: secondsSince(begun),
  };
}

export const kindsOf = ({ warnings }: Advice): string[] => warnings.map(({ kind }) => kind);

export function secondsSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

/** What is asked: with groups they are declared; without, rows are said to stand by themselves. */
export function optionsFor(set: AdvisorSet, by: HeldBack, { seed, budget }: Effort): AdviseOptions {
  const { target, groups, table, classes } = set;
  const inputs = table.columns.map(({ name }) => name).filter((name) => name !== target && name !== groups);
  return {
    target,
    ...(classes && { classes }),
    ...(groups !== undefined && { inputs }),
    ...(by === "group"
      ? { groups: groups!, purpose: "new-group" }
      : { groups: "none", purpose: by === "row" ? "same-population" : "new-family" }),
    seed,
    backend,
    budget,
    elsewhere: false,
  };
}

const backend = wasmBackend();

/** Seeds 1 to 5 hold back every row once, and so do each five after them; seed 0 is one of another five. Of a table with fewer clusters the next begin earlier. */
function heldBack({ name, table, groups, target, classes }: AdvisorSet, by: HeldBack, { seed, seen }: Effort): Fold {
  if (by === "row" && seen !== undefined) {
    if (seen >= table.rowCount)
      throw new Error(`bench: of ${name}, ${seen} of ${table.rowCount} rows are seen: none is held back.`);
    const order = randomFrom(randomKey(seed), "seen", name).choose(table.rowCount, table.rowCount);
    return { train: order.slice(0, seen).sort(), test: order.slice(seen).sort() };
  }
  const [division, fold] = [Math.ceil(seed / 5), (seed + 4) % 5];
  if (by === "cluster") {
    const inputs = table.columns.map(({ name }) => name).filter((name) => name !== target && name !== groups);
    const samples = samplesOf(table, target, { inputs, ...(classes && { classes }) });
    const clusters = (of: number): Fold[] => foldsFor(splits.clusters({ count: 5 }), samples, randomKey(of), 0);
    const divisions = Array.from({ length: 5 }, (_, i) => clusters(division + i));
    return divisions.flat()[fold]!;
  }
  const cells = (name: string) => cellsOf(table, columnOf(table, name));
  const names = by === "group" ? cells(groups!) : undefined;
  const labels = classes ? Int32Array.from(cells(target), Number) : undefined;
  return kFold(table.rowCount, 5, division + 1, names, labels)[fold]!;
}

/** Of a candidate that learned from what the advisor saw; undefined where it fails. */
async function errorOn(
  { table, target, groups, classes }: AdvisorSet,
  by: HeldBack,
  method: Method,
  inputs: readonly string[],
  { train, test, seed }: { readonly train: Int32Array; readonly test: Int32Array; readonly seed: number },
): Promise<number | undefined> {
  const options = { inputs, seed, backend, ...(classes && { classes }), ...(by === "group" && { groups: groups! }) };
  try {
    const fitted = await method.fit(takeTableRows(table, train), target, options);
    const held = takeTableRows(table, test);
    const { values, probabilities, classes: names } = fitted.predict(held);
    const column = columnOf(held, target);
    const losses =
      names === undefined
        ? Array.from((column as NumberColumn).values, (value, row) => (value - values[row]!) ** 2)
        : cellsOf(held, column).map(
            (cell, row) => -Math.log(Math.max(1e-6, probabilities![row * names.length + names.indexOf(cell)]!)),
          );
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    return names === undefined ? Math.sqrt(mean) : mean;
  } catch (error) {
    console.error(`${method.method} failed: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

// Why trees predict what they do: a share of each prediction for each input, which add up to it.
import type { Table } from "@hooke/data";
import { checkArgument, checkOptions, checks, fail } from "@hooke/runtime";
import type { FitProgress, Fitted } from "../../method/method.ts";
import { progressListener } from "../../method/option-checks.ts";
import { pausing } from "../../method/pausing.ts";
import { type Inputs, inputsOf } from "../../method/samples.ts";
import { numericColumns, sumTrees, type Trees } from "../trees.ts";
import { interventionalShap } from "./interventional.ts";
import { pathBase, pathShap } from "./path.ts";

/** Options of {@link treeShap}. */
export interface TreeShapOptions {
  /**
   * What stands for an input that is not known: `"path"`, the rows of training that came by on the way (default; as LightGBM's
   * `pred_contrib`), or `"interventional"`, the rows of a `background`, with correlations between inputs broken.
   */
  readonly kind?: "path" | "interventional";
  /** Rows to compare with, for `"interventional"`: some 100 of training. The work grows with their number. */
  readonly background?: Table;
  /** Whether shares of pairs of inputs are computed too. Default false. */
  readonly interactions?: boolean;
  /** Ends the work. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FitProgress) => void;
}

/** What {@link treeShap} finds. Of boosted classes all numbers are log-odds (two classes) or log-probabilities but for a constant. */
export interface TreeShap {
  /** The inputs, in the order of the shares. */
  readonly inputs: readonly string[];
  /** What is predicted: the target, or the classes; of two boosted classes the second. */
  readonly outputs: readonly string[];
  /** What is predicted where no input is known, by output. */
  readonly base: Float64Array;
  /** `[rows, outputs, inputs]`: with the base they add up to the predictions. */
  readonly values: Float64Array;
  /** `[rows, outputs]` */
  readonly predictions: Float64Array;
  /** `[rows, outputs, inputs, inputs]`, symmetric: the rows of each matrix add up to `values`. */
  readonly interactions?: Float64Array;
}

/** Rounding that sums may have, relative to what is added up. */
const tolerance = 1e-12;

/**
 * Exact Shapley values of forests and boosted trees (Lundberg et al. 2020): one share for each input column, whatever its bins and categories;
 * missing values are explained as they are predicted. That the shares add up to the prediction is checked for every row.
 *
 * @param fitted what `gradientBoosting` or `randomForest` learned
 * @throws on other methods, on a background where there is none to use or none where one is needed
 * @example
 * ```ts
 * import { gradientBoosting, treeShap } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const x = Array.from({ length: 100 }, (_, i) => i % 10);
 * const z = Array.from({ length: 100 }, (_, i) => Math.floor(i / 10));
 * const fitted = await gradientBoosting().fit(tableOf({ x, z, y: x.map((x) => 2 * x) }), "y");
 * const { inputs, base, values, predictions } = await treeShap(fitted, tableOf({ x: [9], z: [3] }));
 * console.log(inputs, values[1]); // [ 'x', 'z' ] 0
 * console.log(Math.abs(base[0]! + values[0]! - predictions[0]!) < 1e-9); // true
 * ```
 */
export async function treeShap(fitted: Fitted, table: Table, options: TreeShapOptions = {}): Promise<TreeShap> {
  const who = "treeShap";
  checkOptions<TreeShapOptions>(who, options, {
    optional: {
      kind: (value) => checks.oneOf(value, ["path", "interventional"]),
      background: isTable,
      interactions: checks.flag,
      signal: checks.signal,
      onProgress: progressListener,
    },
  });
  const { kind = "path", background, interactions = false, signal, onProgress } = options;
  const trees = treesOf(fitted);
  checkArgument(who, "the table", table, isTable);
  if (kind === "interventional" && (background === undefined || background.rowCount === 0)) {
    fail(who, `kind "interventional" needs rows to compare with; give background, some 100 rows of training.`);
  }
  if (kind === "path" && background !== undefined) {
    fail(who, `kind "path" compares with the rows of training; give kind: "interventional" for a background.`);
  }
  const inputs = inputsOf(table, fitted.inputs);
  const rows = rowsOf(inputs);
  const references = background === undefined ? undefined : inputsOf(background, fitted.inputs);
  const { length: width } = fitted.inputs;
  const { outputs } = trees;
  const explainer =
    references === undefined ? pathShap(trees, width) : interventionalShap(trees, rowsOf(references), width);
  const base = references === undefined ? pathBase(trees) : meanOf(sumTrees(trees, references), outputs);
  const predictions = sumTrees(trees, inputs);
  const values = new Float64Array(rows.length * outputs * width);
  const pairs = interactions ? new Float64Array(values.length * width) : undefined;
  const pause = pausing(signal, onProgress);
  signal?.throwIfAborted();
  for (const [i, row] of rows.entries()) {
    await pause(() => ({ fraction: i / rows.length, text: `row ${i + 1} of ${rows.length}` }));
    const own = values.subarray(i * outputs * width, (i + 1) * outputs * width);
    const ownPairs = pairs?.subarray(i * own.length * width, (i + 1) * own.length * width);
    explainer.explain(row, own, ownPairs);
    checkSums(own, base, predictions.subarray(i * outputs, (i + 1) * outputs), i);
    if (ownPairs !== undefined) fillDiagonals(own, ownPairs, width);
  }
  return {
    inputs: fitted.inputs.map(({ name }) => name),
    outputs: outputNames(fitted, outputs),
    base,
    values,
    predictions,
    ...(pairs && { interactions: pairs }),
  };
}

const isTable = (value: unknown): string | undefined =>
  Array.isArray((value as Partial<Table> | null)?.columns) ? undefined : "a table: parseCsv(text), or tableOf({ ... })";

function treesOf(fitted: Fitted): Trees {
  const { trees } = (fitted?.state ?? {}) as { readonly trees?: Partial<Trees> };
  if (trees?.starts instanceof Int32Array && trees.cover instanceof Float64Array) return trees as Trees;
  return fail(
    "treeShap",
    `explains what gradientBoosting and randomForest learned; received ${fitted?.method?.method ?? typeof fitted}.`,
  );
}

function outputNames({ target }: Fitted, outputs: number): readonly string[] {
  if (target.type === "number") return [target.name];
  return outputs === 1 ? [target.classes[1]!] : target.classes;
}

/** Row by row, what columns hold. */
function rowsOf(inputs: Inputs): Float64Array[] {
  const columns = numericColumns(inputs);
  return Array.from({ length: inputs.rowCount }, (_, row) => Float64Array.from(columns, (column) => column[row]!));
}

function meanOf(sums: Float64Array, outputs: number): Float64Array {
  const mean = new Float64Array(outputs);
  for (let i = 0; i < sums.length; i++) mean[i % outputs]! += sums[i]!;
  return mean.map((sum) => (sum * outputs) / sums.length);
}

function checkSums(values: Float64Array, base: Float64Array, predictions: Float64Array, row: number): void {
  const width = values.length / base.length;
  for (let output = 0; output < base.length; output++) {
    let [sum, size] = [base[output]!, Math.abs(base[output]!)];
    for (let i = output * width; i < (output + 1) * width; i++) {
      sum += values[i]!;
      size += Math.abs(values[i]!);
    }
    if (Math.abs(sum - predictions[output]!) <= tolerance * (size + Math.abs(predictions[output]!))) continue;
    fail(
      "treeShap",
      `the shares of row ${row} add up to ${sum}, the prediction is ${predictions[output]}: the trees are damaged.`,
      "invalid-data",
    );
  }
}

/** What an input shares with none: its value less its pairs. */
function fillDiagonals(values: Float64Array, pairs: Float64Array, width: number): void {
  for (let i = 0; i < values.length; i++) {
    const input = i % width;
    let rest = values[i]!;
    for (let j = 0; j < width; j++) if (j !== input) rest -= pairs[i * width + j]!;
    pairs[i * width + input] = rest;
  }
}

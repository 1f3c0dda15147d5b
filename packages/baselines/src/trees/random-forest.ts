// Random forests: the mean of deep trees, each grown on a draw of the rows.
import { checks, fail, foldHost, type OptionTable } from "@hooke/runtime";
import { membersOf } from "../folds/folds.ts";
import { defineMethod } from "../method/define-method.ts";
import { forms } from "../method/form.ts";
import type { LearnContext } from "../method/method.ts";
import { type Random, randomFrom } from "../method/random.ts";
import type { Samples } from "../method/samples.ts";
import { binColumns } from "./bins.ts";
import { classStatistics } from "./classes.ts";
import { gradientStatistics } from "./gradients.ts";
import { createGrower } from "./grow.ts";
import type { Statistics } from "./statistics.ts";
import { addTree, categoryCounts, numericColumns, sumTrees, type Trees, treesBuilder, treesForm } from "./trees.ts";

/** Options of {@link randomForest}. Defaults are scikit-learn's, but for the number of trees. */
export interface RandomForestOptions {
  /** Default 500. */
  readonly trees?: number;
  /** Questions from root to leaf at most. Default: no limit. */
  readonly depth?: number;
  /** Leaves of a tree at most: the leaf whose split is worth most is split next. Default: no limit. */
  readonly leaves?: number;
  /** Rows of a leaf at least; a row drawn twice counts as two. Default 1. */
  readonly minimumRows?: number;
  /** Columns that each split chooses from, drawn anew. Default: all for numbers, the square root of their number for classes. */
  readonly columnsPerSplit?: number;
  /** Bins of a column at most, up to 255. Default 255. */
  readonly bins?: number;
}

/** What {@link randomForest} learns. */
export type RandomForestState = {
  readonly trees: Trees;
  /**
   * What the trees that did not see a row say of it, `[rows, outputs]`, as new rows would be predicted: errors without folds. `NaN` of rows
   * that every tree saw.
   */
  readonly outOfBag: Float64Array;
};

const options: OptionTable<RandomForestOptions> = {
  optional: {
    trees: checks.count,
    depth: checks.count,
    leaves: (value) => (checks.count(value) === undefined && value !== 1 ? undefined : "a whole number above 1"),
    minimumRows: checks.count,
    columnsPerSplit: checks.count,
    bins: (value) =>
      checks.countUpTo(255)(value) === undefined && value !== 1 ? undefined : "a whole number from 2 to 255",
  },
};

/**
 * A random forest (Breiman 2001): trees on rows (groups of them, where there are some) drawn with replacement, least squares for numbers, Gini impurity for classes, and their mean. Splits
 * are between bins of the inputs, missing values go to the better side, categories are split into sets. `fitted.state.outOfBag` has
 * predictions of each row by the trees that did not see it.
 *
 * @example
 * ```ts
 * import { randomForest } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const load = Array.from({ length: 100 }, (_, i) => i / 10);
 * const table = tableOf({ load, state: load.map((load) => (load < 5 ? "whole" : "broken")) });
 * const fitted = await randomForest({ trees: 50 }).fit(table, "state");
 * const { values, classes } = fitted.predict(tableOf({ load: [1, 9] }));
 * console.log(Array.from(values, (value) => classes![value])); // [ 'whole', 'broken' ]
 * ```
 */
export const randomForest = /* @__PURE__ */ defineMethod<RandomForestOptions, RandomForestState>({
  name: "randomForest",
  tasks: ["regression", "classification"],
  options,
  learn,
  form: () => forms.record({ trees: treesForm(), outOfBag: forms.f64 }),
  predict: ({ trees }, inputs) => sumTrees(trees, inputs),
});

/** Rows as a tree sees them. */
interface Draw {
  /** Those drawn, in increasing order, none twice. */
  readonly rows: Int32Array;
  /** Those not drawn. */
  readonly others: Int32Array;
}

async function learn(
  samples: Samples,
  given: RandomForestOptions,
  { key, pause }: LearnContext,
): Promise<RandomForestState> {
  const { trees = 500, depth = Number.POSITIVE_INFINITY, leaves = Number.POSITIVE_INFINITY, bins = 255 } = given;
  const { rowCount, columns, target, weights } = samples;
  const outputs = target.type === "number" ? 1 : target.classes.length;
  const columnsPerSplit = columnsOf(samples, given);
  const multiplicity = new Float64Array(rowCount);
  const units = unitsOf(samples);
  const { statistics, draw } = statisticsOf(samples, multiplicity, given.minimumRows ?? 1);
  const base = new Float64Array(outputs).fill(target.type === "number" ? meanOf(target.values, weights) : 0);
  const builder = treesBuilder(outputs, outputs, categoryCounts(samples));
  const binned = binColumns(samples, { bins, minimumBinRows: 1 });
  const grower = createGrower(binned, statistics, builder, {
    leaves,
    depth,
    ...(columnsPerSplit < columns.length && { columnsPerSplit }),
  });
  const numbers = numericColumns(samples);
  const sums = new Float64Array(rowCount * outputs);
  const votes = new Int32Array(rowCount);
  const planting = foldHost(key, "tree");
  for (let tree = 0; tree < trees; tree++) {
    await pause(() => ({ fraction: tree / trees, text: `tree ${tree + 1} of ${trees}` }));
    const random = randomFrom(planting, tree);
    const { rows, others } = bootstrap(random, units, multiplicity);
    draw();
    // Equal splits go to the column that comes first: a new order for each tree lets all of them have their turn.
    for (const { index } of grower.grow(rows, random.choose(columns.length, columns.length), random)) {
      for (let k = 0; k < outputs; k++) builder.values[index * outputs + k]! /= trees;
    }
    addTree(builder.view(base), tree, numbers, others, sums);
    for (const row of others) votes[row]!++;
  }
  const outOfBag = sums.map(
    (sum, i) => base[i % outputs]! + (sum * trees) / votes[Math.floor(i / outputs)]!, // 0 / 0 where there was no vote
  );
  return { trees: builder.trees(base), outOfBag };
}

function columnsOf({ columns, target }: Samples, { columnsPerSplit }: RandomForestOptions): number {
  if (columnsPerSplit === undefined) {
    return target.type === "number" ? columns.length : Math.max(1, Math.floor(Math.sqrt(columns.length)));
  }
  if (columnsPerSplit <= columns.length) return columnsPerSplit;
  return fail("randomForest", `columnsPerSplit is ${columnsPerSplit}; there are ${columns.length} inputs.`, "mismatch");
}

/** Draws as many of the units as there are, rows or groups of them, and fills in how often each row came. */
function bootstrap(random: Random, units: readonly Int32Array[], multiplicity: Float64Array): Draw {
  multiplicity.fill(0);
  for (const unit of random.resample(units.length, units.length)) {
    for (const row of units[unit]!) multiplicity[row]!++;
  }
  const rows = new Int32Array(multiplicity.length);
  let [drawn, others] = [0, rows.length];
  for (let row = 0; row < rows.length; row++) {
    if (multiplicity[row]! > 0) rows[drawn++] = row;
    else rows[--others] = row;
  }
  return { rows: rows.subarray(0, drawn), others: rows.subarray(others) };
}

/** What is drawn: groups where there are some, so that rows out of the bag are of groups that a tree did not see; of rows that weigh something. */
function unitsOf(samples: Samples): Int32Array[] {
  const { weights } = samples;
  const weighs = (row: number): boolean => weights === undefined || weights[row]! > 0;
  const members = membersOf(samples) ?? Array.from({ length: samples.rowCount }, (_, row) => Int32Array.of(row));
  return members.map((rows) => rows.filter(weighs)).filter((rows) => rows.length > 0);
}

/** Statistics of a target, and what brings them up to date after a draw. */
function statisticsOf(
  samples: Samples,
  multiplicity: Float64Array,
  minimumRows: number,
): { readonly statistics: Statistics; readonly draw: () => void } {
  const { target, weights, rowCount } = samples;
  const weight = new Float64Array(rowCount);
  const weigh = (): void => {
    for (let row = 0; row < rowCount; row++)
      weight[row] = multiplicity[row]! * (weights === undefined ? 1 : weights[row]!);
  };
  if (target.type === "class") {
    const counts = { classes: target.values, count: target.classes.length, weights: weight, rows: multiplicity };
    return { statistics: classStatistics(counts, minimumRows), draw: weigh };
  }
  const mean = meanOf(target.values, weights);
  const gradient = new Float64Array(rowCount);
  const statistics = gradientStatistics(
    { gradient, hessian: weight, ...(weights && { counts: multiplicity }) },
    {
      minimumRows,
      minimumHessian: 0,
      minimumGain: 0,
      l2: 0,
      categorySmoothing: 0,
      categoryL2: 0,
      directions: new Int32Array(samples.columns.length),
    },
  );
  const draw = (): void => {
    weigh();
    for (let row = 0; row < rowCount; row++) gradient[row] = weight[row]! * (mean - target.values[row]!);
  };
  return { statistics, draw };
}

function meanOf(values: Float64Array, weights: Float64Array | undefined): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const weight = weights === undefined ? 1 : weights[row]!;
    sum += weight * values[row]!;
    total += weight;
  }
  return sum / total;
}

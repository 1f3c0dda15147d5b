// Gradient boosting: trees that each lower the loss of the sum of those before, grown leaf by leaf on histograms.
import { split } from "@hooke/data";
import { checks, fail, foldHost, type HostArray, type OptionTable, suggestion } from "@hooke/runtime";
import { defineMethod } from "../method/define-method.ts";
import { forms } from "../method/form.ts";
import type { LearnContext } from "../method/method.ts";
import { randomFrom } from "../method/random.ts";
import { type Samples, takeSamples } from "../method/samples.ts";
import { binColumns } from "./bins.ts";
import { gradientStatistics } from "./gradients.ts";
import { createGrower, type Leaf } from "./grow.ts";
import { type Link, type Loss, type LossData, links, logistic, quantileLoss, softmax, squared } from "./losses.ts";
import {
  addTree,
  categoryCounts,
  numericColumns,
  sumTrees,
  type Trees,
  treesBuilder,
  treesForm,
  weighingRows,
} from "./trees.ts";

/** Options of {@link gradientBoosting}. Defaults are LightGBM's. */
export interface GradientBoostingOptions {
  /** Trees, or trees for each class. Default 100. */
  readonly rounds?: number;
  /** What each tree's step is multiplied by. Default 0.1. */
  readonly learningRate?: number;
  /** Leaves of a tree at most: the leaf whose split is worth most is split next. Default 31. */
  readonly leaves?: number;
  /** Questions from root to leaf at most. Default: no limit. */
  readonly depth?: number;
  /** Rows of a leaf at least. Default 20; below some 500 rows, fewer are better. */
  readonly minimumRows?: number;
  /** Sum of second derivatives of a leaf at least. Default 0.001. */
  readonly minimumHessian?: number;
  /** What a split must lower the loss by, times 2. Default 0. */
  readonly minimumGain?: number;
  /** Weight of the squares of leaves' values. Default 0. */
  readonly l2?: number;
  /** Share of the rows that each round sees, drawn anew. Default 1. */
  readonly rowFraction?: number;
  /** Share of the columns that each tree sees, drawn anew. Default 1. */
  readonly columnFraction?: number;
  /** Bins of a column at most, up to 255. Default 255. */
  readonly bins?: number;
  /** Rows of a bin at least. Default 3. */
  readonly minimumBinRows?: number;
  /** Added to the rows of a category where categories are put in order. Default 10. */
  readonly categorySmoothing?: number;
  /** Added to `l2` where categories are split. Default 10. */
  readonly categoryL2?: number;
  /** Of numbers: `"squared"` (means), `"absolute"` (medians), `"quantile"`. Default `"squared"`. Classes: logarithmic loss. */
  readonly loss?: "squared" | "absolute" | "quantile";
  /** The share of targets below the prediction, with `loss: "quantile"`. */
  readonly quantile?: number;
  /** Inputs of numbers whose rise must not lower (`"increasing"`) or raise (`"decreasing"`) the prediction; of two classes, the probability of the second. */
  readonly monotone?: Readonly<Record<string, "increasing" | "decreasing">>;
  /** Ends after so many rounds without a better loss on rows held out, and keeps the rounds up to the best. Default: all rounds are kept. */
  readonly patience?: number;
  /** Share of the rows held out where there is `patience`. Default 0.1. */
  readonly heldOut?: number;
}

/** What {@link gradientBoosting} learns. */
export type GradientBoostingState = {
  readonly trees: Trees;
  /** What sums of trees are. */
  readonly link: Link;
  /** Rounds that were kept. */
  readonly rounds: number;
  /** The loss on rows held out after each round, empty without `patience`. */
  readonly heldOutLosses: Float64Array;
};

const shareCheck = (value: unknown): string | undefined =>
  value === 1 || checks.betweenZeroAndOne(value) === undefined ? undefined : "a number above 0 and at most 1";

const losses = ["squared", "absolute", "quantile"] as const;
const directions = ["increasing", "decreasing"] as const;

function monotoneCheck(value: unknown): string | undefined {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  const isRight = isRecord && Object.values(value).every((direction) => directions.includes(direction));
  return isRight ? undefined : `"increasing" or "decreasing" by input: { porosity: "decreasing" }`;
}

const options: OptionTable<GradientBoostingOptions> = {
  optional: {
    rounds: checks.count,
    learningRate: checks.positive,
    leaves: (value) => (checks.count(value) === undefined && value !== 1 ? undefined : "a whole number above 1"),
    depth: checks.count,
    minimumRows: checks.count,
    minimumHessian: checks.nonNegative,
    minimumGain: checks.nonNegative,
    l2: checks.nonNegative,
    rowFraction: shareCheck,
    columnFraction: shareCheck,
    bins: (value) =>
      checks.countUpTo(255)(value) === undefined && value !== 1 ? undefined : "a whole number from 2 to 255",
    minimumBinRows: checks.count,
    categorySmoothing: checks.nonNegative,
    categoryL2: checks.nonNegative,
    loss: (value) => checks.oneOf(value, losses),
    quantile: checks.betweenZeroAndOne,
    monotone: monotoneCheck,
    patience: checks.count,
    heldOut: checks.betweenZeroAndOne,
  },
};

/**
 * Gradient boosting of trees (Friedman 2001), grown leaf by leaf on histograms of the inputs (Ke et al. 2017, LightGBM). Missing values go to
 * the side that lowers the loss more; categories are split into sets. Of the same seed, the same bits on every machine.
 *
 * @example
 * ```ts
 * import { gradientBoosting } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const x = Array.from({ length: 200 }, (_, i) => i / 200);
 * const table = tableOf({ x, y: x.map((x) => (x < 0.5 ? 1 : 3)) });
 * const fitted = await gradientBoosting({ rounds: 100 }).fit(table, "y");
 * console.log(fitted.predict(tableOf({ x: [0.2, 0.9] })).values.map(Math.round)); // Float64Array(2) [ 1, 3 ]
 * ```
 */
export const gradientBoosting = /* @__PURE__ */ defineMethod<GradientBoostingOptions, GradientBoostingState>({
  name: "gradientBoosting",
  tasks: ["regression", "classification"],
  options,
  check({ loss, quantile, monotone, patience, heldOut }) {
    if (loss === "quantile" && quantile === undefined)
      return `loss "quantile" needs the share of targets below: quantile: 0.9.`;
    if (loss !== "quantile" && quantile !== undefined) return `quantile is for loss: "quantile"; give that too.`;
    if (heldOut !== undefined && patience === undefined) return "heldOut is for early stopping; give patience: 50 too.";
    if (monotone !== undefined && Object.keys(monotone).length > 0 && loss !== undefined && loss !== "squared") {
      return `monotone is not kept by loss "${loss}", whose leaves get quantiles of residuals; use "squared".`;
    }
    return undefined;
  },
  learn,
  form: () =>
    forms.record({
      trees: treesForm(),
      link: forms.oneOf(["identity", "logit", "softmax"]),
      rounds: forms.number,
      heldOutLosses: forms.f64,
    }),
  predict: ({ trees, link }, inputs) => links[link](sumTrees(trees, inputs), trees.outputs),
});

/** Rows as whole numbers from 0. */
const rowsUpTo = (count: number): Int32Array => Int32Array.from({ length: count }, (_, row) => row);

async function learn(
  samples: Samples,
  given: GradientBoostingOptions,
  { key, pause }: LearnContext,
): Promise<GradientBoostingState> {
  const { rounds = 100, learningRate = 0.1, leaves = 31, depth = Number.POSITIVE_INFINITY, patience } = given;
  const { rowFraction = 1, columnFraction = 1, heldOut = 0.1, bins = 255, minimumBinRows = 3 } = given;
  const weighing = samples.weights === undefined ? samples : takeSamples(samples, weighingRows(samples));
  const [kept, aside] = patience === undefined ? [weighing, undefined] : partOff(weighing, heldOut, key);
  const loss = lossOf(kept, given);
  const data = dataOf(kept);
  const { rowCount } = kept;
  const binned = binColumns(kept, { bins, minimumBinRows });
  const gradient = new Float64Array(rowCount);
  const hessian = new Float64Array(rowCount);
  const isCounting = loss.isFlat && data.weights === undefined;
  const statistics = gradientStatistics(
    { gradient, hessian, ...(!isCounting && { counts: new Float64Array(rowCount).fill(1) }) },
    {
      minimumRows: given.minimumRows ?? 20,
      minimumHessian: given.minimumHessian ?? 1e-3,
      minimumGain: given.minimumGain ?? 0,
      l2: given.l2 ?? 0,
      categorySmoothing: given.categorySmoothing ?? 10,
      categoryL2: given.categoryL2 ?? 10,
      directions: directionsOf(samples, given.monotone ?? {}),
    },
  );
  const builder = treesBuilder(loss.outputs, 1, categoryCounts(samples));
  const grower = createGrower(binned, statistics, builder, { leaves, depth });
  const base = loss.base(data);
  const trainSums = baseSums(base, rowCount);
  const columns = numericColumns(kept);
  const judge = aside === undefined ? undefined : judgeOf(aside, base, loss);
  const allRows = rowsUpTo(rowCount);
  const allColumns = rowsUpTo(binned.columns.length);
  const rowsDrawn = Math.max(1, Math.round(rowFraction * rowCount));
  const columnsDrawn = Math.max(1, Math.round(columnFraction * allColumns.length));
  const isDrawn = rowFraction < 1 || columnFraction < 1;
  const losses: number[] = [];
  const rounding = foldHost(key, "round");
  let best = 0;
  let round = 0;
  for (; round < rounds; round++) {
    await pause(() => ({ fraction: round / rounds, text: `round ${round} of ${rounds}` }));
    const random = randomFrom(rounding, round);
    const rows = rowsDrawn === rowCount ? allRows : random.subset(rowCount, rowsDrawn);
    // All outputs of a round start from the sums of the one before.
    const before = loss.outputs === 1 ? trainSums : trainSums.slice();
    for (let output = 0; output < loss.outputs; output++) {
      loss.derive(data, before, output, gradient, hessian);
      // Equal splits go to the column that comes first. Where rounds are drawn, their order is too: all columns have their turn.
      const used = isDrawn ? random.choose(allColumns.length, columnsDrawn) : allColumns;
      const grown = grower.grow(rows, used, undefined);
      if (loss.leaf !== undefined) renewLeaves(grown, grower.rows, data, trainSums, builder.values, loss.leaf);
      for (const { index } of grown) builder.values[index]! *= learningRate;
      if (rows === allRows) {
        for (const { index, start, end } of grown) {
          const value = builder.values[index]!;
          for (let i = start; i < end; i++) trainSums[grower.rows[i]! * loss.outputs + output]! += value;
        }
      } else addTree(builder.view(base), round * loss.outputs + output, columns, undefined, trainSums);
    }
    if (judge === undefined) continue;
    losses.push(judge(builder.view(base), round));
    if (losses[round]! < losses[best]!) best = round;
    if (round - best >= patience!) break;
  }
  if (judge !== undefined) builder.truncate((best + 1) * loss.outputs);
  return {
    trees: builder.trees(base),
    link: loss.link,
    rounds: judge === undefined ? rounds : best + 1,
    heldOutLosses: Float64Array.from(losses),
  };
}

function lossOf(
  { target, source }: Samples,
  { loss = "squared", quantile = 0.5, monotone = {} }: GradientBoostingOptions,
): Loss {
  if (target.type === "number") return loss === "squared" ? squared() : quantileLoss(quantile);
  const { length: count } = target.classes;
  if (loss !== "squared")
    fail("gradientBoosting", `loss "${loss}" is for numbers; "${target.name}" is classes: leave it out.`, "mismatch");
  if (count < 2)
    fail(
      "gradientBoosting",
      `the target "${target.name}" of ${source} has one class, "${target.classes[0]}".`,
      "invalid-data",
    );
  if (count > 2 && Object.keys(monotone).length > 0) {
    fail("gradientBoosting", `monotone is for numbers and two classes; "${target.name}" has ${count}.`, "unsupported");
  }
  return count === 2 ? logistic() : softmax(count);
}

const dataOf = ({ target, weights }: Samples): LossData => ({ targets: target.values, weights });

function baseSums(base: Float64Array, rowCount: number): Float64Array {
  return Float64Array.from({ length: rowCount * base.length }, (_, i) => base[i % base.length]!);
}

/** The rows to learn from, and those held out. */
function partOff(samples: Samples, share: number, key: HostArray): readonly [Samples, Samples] {
  const { rowCount } = samples;
  const count = Math.round(share * rowCount);
  if (count < 1 || count >= rowCount) {
    fail("gradientBoosting", `${share} of ${rowCount} rows held out leaves none; leave patience out.`, "invalid-data");
  }
  const seed = randomFrom(key, "held out").below(2 ** 31);
  const { kept, aside } = split(rowCount, { kept: "rest", aside: count }, seed, samples.groups);
  return [takeSamples(samples, kept.sort()), takeSamples(samples, aside.sort())];
}

/** Adds the trees of one round after the other to rows held out, and says what the loss is there. */
function judgeOf(aside: Samples, base: Float64Array, loss: Loss): (trees: Trees, round: number) => number {
  const sums = baseSums(base, aside.rowCount);
  const columns = numericColumns(aside);
  const rows = rowsUpTo(aside.rowCount);
  const data = dataOf(aside);
  return (trees, round) => {
    for (let k = 0; k < loss.outputs; k++) addTree(trees, round * loss.outputs + k, columns, undefined, sums);
    return loss.mean(data, sums, rows);
  };
}

/** Gives leaves the best value for the rows in them. */
function renewLeaves(
  leaves: readonly Leaf[],
  rows: Int32Array,
  { targets, weights }: LossData,
  sums: Float64Array,
  values: Float64Array,
  best: NonNullable<Loss["leaf"]>,
): void {
  for (const { index, start, end } of leaves) {
    const own = rows.subarray(start, end);
    const residuals = Float64Array.from(own, (row) => targets[row]! - sums[row]!);
    values[index] = best(residuals, weights && Float64Array.from(own, (row) => weights[row]!));
  }
}

/** 1, -1 or 0 by column. */
function directionsOf(
  { columns, source }: Samples,
  monotone: NonNullable<GradientBoostingOptions["monotone"]>,
): Int32Array {
  const names = columns.map(({ name }) => name);
  for (const name of Object.keys(monotone)) {
    const column = columns[names.indexOf(name)];
    if (column === undefined) {
      fail(
        "gradientBoosting",
        `monotone names "${name}", which is no input of ${source}.${suggestion(name, names)}`,
        "mismatch",
      );
    }
    if (column.type === "category") {
      fail("gradientBoosting", `monotone names "${name}", whose cells are categories: they have no order.`, "mismatch");
    }
  }
  return Int32Array.from(names, (name) =>
    Object.hasOwn(monotone, name) ? (monotone[name] === "increasing" ? 1 : -1) : 0,
  );
}

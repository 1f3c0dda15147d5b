// Nearest neighbours as a method: what the rows that are most alike say, on average.
import { type Check, checks } from "@hooke/runtime";
import { type Design, designForm, designMatrix, fitDesign } from "../design/design.ts";
import { membersOf } from "../folds/folds.ts";
import { defineMethod } from "../method/define-method.ts";
import { forms } from "../method/form.ts";
import type { LearnContext } from "../method/method.ts";
import { countedSamples, type Samples } from "../method/samples.ts";
import { type Nearest, nearestTo, type Points } from "./nearest.ts";

/** Options of {@link nearestNeighbours}. */
export interface NeighboursOptions {
  /** How many rows are asked. Of a list, the number that says best, on average, of each row what those of other groups know. Default `[1, 2, 3, 5, 8, 13, 21]`. */
  readonly neighbours?: number | readonly number[];
  /** Each counts the same, or by the inverse of its distance; a row at the very place then counts alone. Default `"equal"`. */
  readonly weighting?: "equal" | "distance";
}

/** What it has learned: its rows. */
export type NeighboursState = {
  readonly design: Design;
  /** `[rows, columns]` of the design. */
  readonly points: Float64Array;
  /** Numbers, or the numbers of classes. */
  readonly targets: Float64Array;
  /** Of each row; empty where each counts the same. */
  readonly weights: Float64Array;
  /** How many classes the target has; 0 where it is numbers. */
  readonly classes: number;
  readonly neighbours: number;
};

const neighboursCheck: Check = (value) => {
  const list = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every((each) => checks.count(each) === undefined)
    ? undefined
    : "a whole number above 0, or a list of them to choose from";
};

const choices = [1, 2, 3, 5, 8, 13, 21];

/**
 * Nearest neighbours (Cover and Hart, IEEE Trans. Inf. Theory 13, 1967). Distances are of numbers over their standard deviation and of categories
 * as 0/1; a missing number is at the mean. Classes get the shares of the neighbours' classes as probabilities. Predicting compares every row with
 * every row that it learned from: 10,000 with 10,000 of 20 columns in some seconds.
 *
 * @example
 * ```ts
 * import { nearestNeighbours } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const table = tableOf({ hardness: [110, 120, 300, 310], phase: ["ferrite", "ferrite", "martensite", "martensite"] });
 * const fitted = await nearestNeighbours({ neighbours: 2 }).fit(table, "phase");
 * const { values, classes } = fitted.predict(tableOf({ hardness: [280] }));
 * console.log(classes![values[0]!]); // martensite
 * ```
 */
export const nearestNeighbours = /* @__PURE__ */ defineMethod({
  name: "nearestNeighbours",
  tasks: ["regression", "classification"],
  options: {
    optional: { neighbours: neighboursCheck, weighting: (value) => checks.oneOf(value, ["equal", "distance"]) },
  },
  learn: async (given, { neighbours = choices, weighting }: NeighboursOptions, context) => {
    const samples = countedSamples(given);
    const { target, rowCount, weights = new Float64Array(0) } = samples;
    const design = fitDesign("nearestNeighbours", samples, context.warn);
    const known: Omit<NeighboursState, "neighbours"> = {
      design,
      points: designMatrix(design, samples),
      targets: Float64Array.from(target.values),
      weights,
      classes: target.type === "class" ? target.classes.length : 0,
    };
    if (typeof neighbours === "number") {
      if (neighbours > rowCount)
        context.warn(`${rowCount} rows are fewer than ${neighbours} neighbours: all of them are asked.`);
      return { ...known, neighbours: Math.min(neighbours, rowCount) };
    }
    return { ...known, neighbours: await bestNumber(known, groupsOf(samples), neighbours, weighting, context) };
  },
  form: () =>
    forms.record({
      design: designForm(),
      points: forms.f64,
      targets: forms.f64,
      weights: forms.f64,
      classes: forms.number,
      neighbours: forms.number,
    }),
  predict: (state: NeighboursState, inputs, { weighting }) => {
    const { design, neighbours } = state;
    const points = pointsOf(state);
    const outputs = Math.max(1, state.classes);
    const predicted = new Float64Array(inputs.rowCount * outputs);
    const matrix = designMatrix(design, inputs);
    for (let row = 0; row < inputs.rowCount; row++) {
      const nearest = nearestTo(points, matrix, row * points.width, neighbours);
      predicted.set(said(state, nearest, neighbours, weighting), row * outputs);
    }
    return predicted;
  },
});

const pointsOf = ({ design, points, targets }: Omit<NeighboursState, "neighbours">): Points => ({
  data: points,
  count: targets.length,
  width: design.names.length,
});

/** What the nearest ones say together: a number, or probabilities. */
function said(
  { targets, weights, classes }: Omit<NeighboursState, "neighbours">,
  { rows, distances }: Nearest,
  count: number,
  weighting: NeighboursOptions["weighting"],
): Float64Array {
  const sums = new Float64Array(Math.max(1, classes));
  let total = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    let weight = weights[row] ?? 1;
    if (weighting === "distance") {
      const distance = distances[i]!;
      if (distances[0] === 0) weight *= distance === 0 ? 1 : 0;
      // In units of the nearest, so that no inverse is infinite.
      else weight *= Math.sqrt(distances[0]! / distance);
    }
    total += weight;
    if (classes === 0) sums[0]! += weight * targets[row]!;
    else sums[targets[row]!]! += weight;
  }
  return sums.map((sum) => sum / total);
}

/** The number of each row's group; where there are none, every row is one. */
function groupsOf(samples: Samples): Int32Array {
  const groups = Int32Array.from({ length: samples.rowCount }, (_, row) => row);
  for (const [group, members] of (membersOf(samples) ?? []).entries()) for (const row of members) groups[row] = group;
  return groups;
}

/** The number whose neighbours say best what each row is, without it and its group: the least squared error, of numbers or of probabilities. */
async function bestNumber(
  known: Omit<NeighboursState, "neighbours">,
  groups: Int32Array,
  given: readonly number[],
  weighting: NeighboursOptions["weighting"],
  { pause }: LearnContext,
): Promise<number> {
  const points = pointsOf(known);
  const { count, width } = points;
  const sizes = new Int32Array(count);
  for (const group of groups) sizes[group]!++;
  const possible = given.filter((number) => number <= count - Math.max(...sizes));
  if (possible.length < 2) return possible[0] ?? Math.min(count, ...given);
  const most = Math.max(...possible);
  const errors = new Float64Array(possible.length);
  for (let row = 0; row < count; row++) {
    const pausing = pause(() => ({ fraction: row / count, text: `row ${row + 1} of ${count}` }));
    if (pausing !== undefined) await pausing;
    const nearest = nearestTo(points, known.points, row * width, most, { groups, group: groups[row]! });
    for (const [p, number] of possible.entries()) {
      const predicted = said(known, nearest, number, weighting);
      const target = known.targets[row]!;
      const weight = known.weights[row] ?? 1;
      for (let c = 0; c < predicted.length; c++) {
        const truth = known.classes === 0 ? target : c === target ? 1 : 0;
        errors[p]! += weight * (predicted[c]! - truth) ** 2;
      }
    }
  }
  return possible[errors.indexOf(Math.min(...errors))]!;
}

// The values at which effects of an input are computed: quantiles with rows between them, or levels with rows at them.
import type { Rest } from "../linear/rest.ts";
import { type Input, type Inputs, isMissing } from "../method/samples.ts";
import { similarOrder } from "./category-order.ts";

/** An input, cut into steps from one value to the next. */
export interface Axis {
  /** Its place among the columns. */
  readonly column: number;
  readonly input: Input;
  /** Values, ascending; of categories their numbers, those that are alike beside each other. */
  readonly at: Float64Array;
  /** Whether rows are at the values (categories, numbers of few values) or between them. */
  readonly isLevels: boolean;
  /** Of each row: its level, or the step that it lies in; -1 where the cell is missing. */
  readonly place: Int32Array;
  /** Of each row: how far along its step, from 0 to 1; 0 at levels. */
  readonly along: Float64Array;
}

/** The axis of a column. @param bins steps of numbers at most; with as few values as that, each value is a level */
export async function axisOf(
  inputs: Inputs,
  column: number,
  weights: Float64Array,
  bins: number,
  rest: Rest,
): Promise<Axis> {
  const input = inputs.columns[column]!;
  const { values } = input;
  const known = Array.from(values.keys()).filter((row) => !isMissing(input, row) && weights[row]! > 0);
  const distinct = Float64Array.from(new Set(known.map((row) => values[row]!))).sort();
  const isLevels = input.type === "category" || distinct.length <= bins + 1;
  const at =
    input.type === "category"
      ? await similarOrder(inputs, column, distinct, weights, rest)
      : isLevels
        ? distinct
        : quantilesOf(values as Float64Array, known, weights, bins);
  const levels = new Map(Array.from(at, (value, level) => [value, level]));
  const place = new Int32Array(inputs.rowCount).fill(-1);
  const along = new Float64Array(inputs.rowCount);
  for (let row = 0; row < inputs.rowCount; row++) {
    if (isMissing(input, row)) continue;
    const value = values[row]!;
    if (isLevels) place[row] = levels.get(value) ?? -1;
    else {
      const step = Math.min(stepBelow(at, value), at.length - 2);
      place[row] = step;
      along[row] = Math.min(1, Math.max(0, (value - at[step]!) / (at[step + 1]! - at[step]!)));
    }
  }
  return { column, input, at, isLevels, place, along };
}

/** The least values at which 0, 1, ... of `bins` parts of the weight are reached, each once. */
function quantilesOf(
  values: Float64Array,
  known: readonly number[],
  weights: Float64Array,
  bins: number,
): Float64Array {
  const order = known.toSorted((a, b) => values[a]! - values[b]! || a - b);
  const total = order.reduce((sum, row) => sum + weights[row]!, 0);
  const found = [values[order[0]!]!];
  let [sum, part] = [0, 1];
  for (const row of order) {
    sum += weights[row]!;
    // What is but a rounding below a share has reached it.
    for (; part <= bins && sum >= (part / bins) * total * (1 - 1e-12); part++) found.push(values[row]!);
  }
  return Float64Array.from(new Set(found));
}

/** The step `at[k] < value <= at[k + 1]`; the first one for what is not above the least. */
function stepBelow(at: Float64Array, value: number): number {
  let [low, high] = [0, at.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at[middle]! < value) low = middle;
    else high = middle;
  }
  return low;
}

/** How many steps there are; none where no cell is known. */
export const stepCount = ({ at }: Axis): number => Math.max(0, at.length - 1);

/** The steps that a row says something of: the one it lies in, or those that end at its level. */
export function stepsOf({ isLevels, place, at }: Axis, row: number): number[] {
  const own = place[row]!;
  if (own < 0) return [];
  return isLevels ? [own - 1, own].filter((step) => step >= 0 && step < at.length - 1) : [own];
}

/** What a function of the axis, given at its values, is at a row; `NaN` where the cell is missing. */
export function valueAt({ place, along }: Axis, values: ArrayLike<number>, row: number): number {
  const own = place[row]!;
  if (own < 0) return Number.NaN;
  const share = along[row]!;
  return share === 0 ? values[own]! : values[own]! + share * (values[own + 1]! - values[own]!);
}

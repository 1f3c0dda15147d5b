// What two inputs do together beyond what each does by itself: second differences over the cells of a grid, added up.
import { type Axis, stepCount, stepsOf, valueAt } from "./axes.ts";
import { curveOf, meansByStep, rowsBySteps } from "./curves.ts";

/** Of each row and cell that it says something of: by how much the change along one step changes along the other. */
export interface CellDifferences {
  readonly rows: Int32Array;
  /** Step of the first axis times the steps of the second, plus step of the second. */
  readonly cells: Int32Array;
  readonly values: Float64Array;
}

/** Rows with the cells that they say something of. */
export function rowsByCells(first: Axis, second: Axis, rowCount: number): Omit<CellDifferences, "values"> {
  const across = stepCount(second);
  const rows: number[] = [];
  const cells: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    for (const a of stepsOf(first, row)) {
      for (const b of stepsOf(second, row)) {
        rows.push(row);
        cells.push(a * across + b);
      }
    }
  }
  return { rows: Int32Array.from(rows), cells: Int32Array.from(cells) };
}

/**
 * The effect of a pair at the values of its axes, `[first, second]`: cells without rows are as the nearest cell with some, and what accumulated effects
 * find in it of either input alone is taken away, so that curves and pairs add up.
 */
export function pairSurface(
  first: Axis,
  second: Axis,
  { rows, cells, values }: CellDifferences,
  weights: Float64Array,
): Float64Array {
  const [along, across] = [stepCount(first), stepCount(second)];
  const means = meansByStep({ rows, steps: cells, values }, along * across, weights);
  const counted = new Float64Array(along * across);
  for (let i = 0; i < rows.length; i++) counted[cells[i]!]! += weights[rows[i]!]!;
  const width = across + 1;
  const surface = new Float64Array((along + 1) * width);
  for (let a = 0; a < along; a++) {
    for (let b = 0; b < across; b++) {
      const mean = means[nearestCounted(counted, a, b, across)]!;
      const to = (a + 1) * width + b + 1;
      surface[to] = surface[to - 1]! + surface[to - width]! - surface[to - width - 1]! + mean;
    }
  }
  const transposed = (values: Float64Array): Float64Array =>
    Float64Array.from(
      { length: values.length },
      (_, i) => values[(i % (along + 1)) * width + Math.floor(i / (along + 1))]!,
    );
  const firstAlone = ownCurve(first, second, surface, weights);
  const secondAlone = ownCurve(second, first, transposed(surface), weights);
  const rest = surface.map((value, i) => value - firstAlone[Math.floor(i / width)]! - secondAlone[i % width]!);
  const level = meanOverRows(first, second, rest, weights);
  return rest.map((value) => value - level);
}

/** The accumulated effect of the first axis in a surface. */
function ownCurve(first: Axis, second: Axis, surface: Float64Array, weights: Float64Array): Float64Array {
  const width = second.at.length;
  const known = weights.map((weight, row) => (first.place[row]! < 0 || second.place[row]! < 0 ? 0 : weight));
  const { rows, steps } = rowsBySteps(first, weights.length);
  const kept = Array.from(rows.keys()).filter((i) => known[rows[i]!]! > 0);
  const line = (level: number) => surface.subarray(level * width, (level + 1) * width);
  const values = Float64Array.from(kept, (i) => {
    const [row, step] = [rows[i]!, steps[i]!];
    return valueAt(second, line(step + 1), row) - valueAt(second, line(step), row);
  });
  const differences = {
    rows: Int32Array.from(kept, (i) => rows[i]!),
    steps: Int32Array.from(kept, (i) => steps[i]!),
    values,
  };
  return curveOf(first, meansByStep(differences, stepCount(first), known), known);
}

/** What a surface is at a row; `NaN` where a cell is missing. */
export function surfaceAt(first: Axis, second: Axis, surface: Float64Array, row: number): number {
  const own = first.place[row]!;
  if (own < 0 || second.place[row]! < 0) return Number.NaN;
  const width = second.at.length;
  const line = (level: number): number => valueAt(second, surface.subarray(level * width, (level + 1) * width), row);
  const share = first.along[row]!;
  return share === 0 ? line(own) : line(own) + share * (line(own + 1) - line(own));
}

function meanOverRows(first: Axis, second: Axis, surface: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < weights.length; row++) {
    const value = weights[row] === 0 ? Number.NaN : surfaceAt(first, second, surface, row);
    if (Number.isNaN(value)) continue;
    sum += weights[row]! * value;
    total += weights[row]!;
  }
  return total > 0 ? sum / total : 0;
}

/** The cell itself, or the nearest in which rows count; of equally near ones the first. */
function nearestCounted(counted: Float64Array, a: number, b: number, across: number): number {
  if (counted[a * across + b]! > 0) return a * across + b;
  let [best, least] = [a * across + b, Number.POSITIVE_INFINITY];
  for (const [cell, weight] of counted.entries()) {
    const distance = (Math.floor(cell / across) - a) ** 2 + ((cell % across) - b) ** 2;
    if (weight > 0 && distance < least) [best, least] = [cell, distance];
  }
  return best;
}

// Linear regression on few rows with many features: ridge, whose strength is the best by leave-one-out, which is exact.

/** A row of features each. */
export type Rows = readonly ArrayLike<number>[];

export interface Ridge {
  /** Weight of the squared coefficients, over the mean squared length of a row. */
  readonly strength: number;
  /** What is predicted of each training row by a fit to the others, the scales of features kept. */
  readonly leftOut: Float64Array;
  readonly predict: (rows: Rows) => Float64Array;
}

/** Strengths that are tried. */
const strengths = Array.from({ length: 17 }, (_, i) => 10 ** (-6 + i / 2));

/**
 * Fits targets to features. Features are centred and divided by their deviation plus the mean deviation, so that those that hardly
 * vary in few rows are not blown up. The intercept is free.
 *
 * With `G` the inverse of the products of rows plus strength, and `a = G (y - mean)`, leaving row `i` out changes what is predicted
 * of it by `strength a_i / (strength G_ii - 1 / n)` in all: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 7.10.
 */
export function fitRidge(rows: Rows, targets: ArrayLike<number>, tried: readonly number[] = strengths): Ridge {
  const count = rows.length;
  const scale = scaling(rows);
  const scaled = rows.map(scale);
  const mean = meanOf(targets);
  const centred = Float64Array.from(targets, (target) => target - mean);
  const products = scaled.map((a) => Float64Array.from(scaled, (b) => dot(a, b)));
  const size = products.reduce((sum, row, i) => sum + row[i]!, 0) / count;
  let best: { error: number; strength: number; weights: Float64Array; leftOut: Float64Array } | undefined;
  for (const relative of tried) {
    const strength = relative * (size || 1);
    const inverse = inverseOf(products.map((row, i) => row.map((value, j) => (i === j ? value + strength : value))));
    const weights = Float64Array.from(inverse, (row) => dot(row, centred));
    const leftOut = weights.map((weight, i) => {
      return targets[i]! - (strength * weight) / (strength * inverse[i]![i]! - 1 / count);
    });
    const error = leftOut.reduce((sum, value, i) => sum + (value - targets[i]!) ** 2, 0);
    if (best === undefined || error < best.error) best = { error, strength: relative, weights, leftOut };
  }
  const { strength, weights, leftOut } = best!;
  return {
    strength,
    leftOut,
    predict: (others) =>
      Float64Array.from(others, (row) => {
        const features = scale(row);
        return scaled.reduce((sum, known, i) => sum + weights[i]! * dot(known, features), mean);
      }),
  };
}

const meanOf = (values: ArrayLike<number>): number =>
  Float64Array.from(values).reduce((a, b) => a + b, 0) / values.length;

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function scaling(rows: Rows): (row: ArrayLike<number>) => Float64Array {
  const columns = Array.from({ length: rows[0]!.length }, (_, j) => rows.map((row) => row[j]!));
  const means = columns.map(meanOf);
  const deviations = columns.map((column, j) => Math.sqrt(meanOf(column.map((value) => (value - means[j]!) ** 2))));
  const floor = meanOf(deviations) || 1;
  return (row) => Float64Array.from(row, (value, j) => (value - means[j]!) / (deviations[j]! + floor));
}

/** The inverse of a symmetric positive matrix, by Gauss and Jordan. */
function inverseOf(matrix: readonly Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const rows = matrix.map((row, i) =>
    Float64Array.from({ length: 2 * size }, (_, j) => row[j] ?? (j - size === i ? 1 : 0)),
  );
  for (let pivot = 0; pivot < size; pivot++) {
    const head = rows[pivot]!;
    const inverse = 1 / head[pivot]!;
    for (let j = pivot; j < 2 * size; j++) head[j]! *= inverse;
    for (let i = 0; i < size; i++) {
      const row = rows[i]!;
      const factor = row[pivot]!;
      if (i === pivot || factor === 0) continue;
      for (let j = pivot; j < 2 * size; j++) row[j]! -= factor * head[j]!;
    }
  }
  return rows.map((row) => row.subarray(size));
}

/** Share of the variance that is explained. */
export function r2(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  const mean = meanOf(actual);
  let [residual, total] = [0, 0];
  for (let i = 0; i < actual.length; i++) {
    residual += (predicted[i]! - actual[i]!) ** 2;
    total += (actual[i]! - mean) ** 2;
  }
  return 1 - residual / total;
}

/** Classes by the largest of a ridge regression's answers for each, as of 1 for its members and 0 for others. */
export function fitClassifier(rows: Rows, classes: readonly number[], classCount: number): (rows: Rows) => number[] {
  const each = Array.from({ length: classCount }, (_, c) =>
    fitRidge(
      rows,
      classes.map((own) => (own === c ? 1 : 0)),
    ),
  );
  return (others) => {
    const answers = each.map(({ predict }) => predict(others));
    return others.map((_, i) => {
      const values = answers.map((answer) => answer[i]!);
      return values.indexOf(Math.max(...values));
    });
  };
}

// How well the parameters of a fit are determined: their covariance at the minimum, and intervals.
import { type Check, checkOptions, checks, fail, type HostArray, treeLeaves } from "@hooke/runtime";
import { objectiveCheck } from "./objective.ts";
import { pivotedQr } from "./pivoted-qr.ts";
import type { Squares } from "./squares.ts";
import { studentQuantile } from "./student.ts";
import { dot } from "./vectors.ts";

/** Options of {@link covariance}. */
export interface CovarianceOptions<P> {
  /** Made by {@link squares}: residuals are differences from the data, divided by their standard deviations where those differ. */
  readonly objective: Squares<P>;
  /** Where: what {@link minimize} returned, a tree like the objective's parameters. */
  readonly parameters: P;
  /**
   * Whether the residuals were divided by standard deviations that are known as they are, as `absolute_sigma` of SciPy's `curve_fit`.
   * Default false: the size of the scatter is estimated from the residuals.
   */
  readonly absoluteSigma?: boolean;
  /** The probability of the intervals. Default 0.95. */
  readonly level?: number;
}

/** What the data say of the parameters. */
export interface Covariance<P> {
  /** `[size, size]`, f64, in the order of the flat vector; Infinity in rows and columns of parameters that are {@link Covariance.undetermined}. */
  readonly covariance: HostArray;
  /** The square root of its diagonal, a tree like the parameters. */
  readonly standardErrors: P;
  /** The lower and upper ends of the intervals, trees like the parameters. */
  readonly intervals: { readonly low: P; readonly high: P };
  /** The standard deviation of a residual, estimated from their scatter; 1 where `absoluteSigma` is set. */
  readonly deviation: number;
  /** Residuals less parameters that are determined. */
  readonly degreesOfFreedom: number;
  /** Names of the parameters, such as `"rate"` or `"kernel[3]"`, that could move together without any residual changing. Empty if all is well. */
  readonly undetermined: readonly string[];
}

const parametersCheck: Check = (value) =>
  typeof value === "number" || (typeof value === "object" && value !== null)
    ? undefined
    : "a tree like the objective's parameters";

/**
 * The covariance of fitted parameters, `s^2 (J^T J)^-1` with `s^2 = r . r / (count - size)`, as `pcov` of SciPy's `curve_fit`, and the
 * intervals `p -+ t sqrt(diagonal)` with Student's t: what nonlinear regression calls Wald intervals (Bates and Watts 1988, Nonlinear
 * Regression Analysis and Its Applications, section 2.3). With `absoluteSigma`, `s` is 1 and the intervals are those of the normal distribution. They
 * hold as far as the residuals are linear in the parameters within them.
 *
 * `J` is decomposed itself, with columns of length 1, on the host: a matrix whose condition is the square of its own would lose half of the
 * digits. Parameters that only appear together, or not at all, are named in `undetermined`, and their variance is Infinity, as SciPy's with
 * its warning; the others keep theirs.
 *
 * @throws where there are no more residuals than parameters and no `absoluteSigma`, or a residual or derivative is not finite
 * @example
 * ```ts
 * import { covariance, levenbergMarquardt, minimize, squares } from "@hooke/minimize";
 * import { add, array, mul, referenceBackend, sub } from "@hooke/runtime";
 *
 * const line = await squares({
 *   backend: referenceBackend(),
 *   parameters: { slope: 1, offset: 0 },
 *   data: { x: array([0, 1, 2, 3]), y: array([1, 3, 5.2, 6.8]) },
 *   residuals: ({ slope, offset }, { x, y }) => sub(add(mul(slope, x), offset), y),
 * });
 * const { parameters } = await minimize({ objective: line, method: levenbergMarquardt() });
 * const { intervals } = await covariance({ objective: line, parameters });
 * console.log(intervals.low.slope.data[0]!.toFixed(2), intervals.high.slope.data[0]!.toFixed(2)); // 1.59 2.33
 * ```
 */
export async function covariance<P>(options: CovarianceOptions<P>): Promise<Covariance<P>> {
  checkOptions<CovarianceOptions<P>>("covariance", options, {
    required: { objective: objectiveCheck, parameters: parametersCheck },
    optional: { absoluteSigma: checks.flag, level: checks.betweenZeroAndOne },
  });
  const { objective, parameters, absoluteSigma = false, level = 0.95 } = options;
  const { size, count, dtype } = objective;
  if (objective.jacobian === undefined)
    fail("covariance", "received an objective that is no sum of squares; make it with squares({ residuals }).");
  if (count <= size && !absoluteSigma) {
    const cure = "give more data, or residuals divided by known standard deviations and absoluteSigma: true";
    fail(
      "covariance",
      `received ${count} residuals for ${size} parameters, which leave no scatter to estimate; ${cure}.`,
    );
  }
  const at = objective.flatten(parameters);
  const [residuals, { data: slopes }] = await Promise.all([objective.residuals(at), objective.jacobian(at)]);
  if (![...residuals].every(Number.isFinite) || ![...slopes].every(Number.isFinite))
    fail("covariance", "a residual or a derivative is not finite at these parameters.");
  const epsilon = dtype === "f64" ? 2 ** -52 : 2 ** -23;
  const { lengths, pivots, rank, upper } = pivotedQr(slopes as Float64Array, count, size, epsilon);
  const inverse = inverseOfUpper(upper, rank, size);
  const loose = looseOf(upper, inverse, rank, size).map((place) => pivots[place]!);
  const degreesOfFreedom = count - rank;
  const deviation = absoluteSigma ? 1 : Math.sqrt(dot(residuals, residuals) / degreesOfFreedom);
  const matrix = new Float64Array(size * size);
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b < rank; b++) {
      let product = 0;
      for (let k = Math.max(a, b); k < rank; k++) product += inverse[a * size + k]! * inverse[b * size + k]!;
      const [i, j] = [pivots[a]!, pivots[b]!];
      matrix[i * size + j] = (product * deviation * deviation) / lengths[i]! / lengths[j]!;
    }
  }
  for (const i of loose) {
    for (let j = 0; j < size; j++) matrix[i * size + j] = matrix[j * size + i] = Infinity;
  }
  const errors = Float64Array.from(at, (_, i) => Math.sqrt(matrix[i * size + i]!));
  const quantile = studentQuantile(level, absoluteSigma ? Infinity : degreesOfFreedom);
  const held = dtype === "f64" ? Float64Array : Float32Array;
  const ends = (sign: number): P =>
    objective.unflatten(held.from(errors.map((error, i) => at[i]! + sign * quantile * error)));
  return {
    covariance: { shape: [size, size], dtype: "f64", data: matrix },
    standardErrors: objective.unflatten(held.from(errors)),
    intervals: { low: ends(-1), high: ends(1) },
    deviation,
    degreesOfFreedom,
    undetermined: namesOf(objective, loose),
  };
}

/** The inverse of the leading block of an upper triangular matrix. */
function inverseOfUpper(upper: Float64Array, rank: number, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let j = 0; j < rank; j++) {
    inverse[j * size + j] = 1 / upper[j * size + j]!;
    for (let i = j - 1; i >= 0; i--) {
      let total = 0;
      for (let k = i + 1; k <= j; k++) total += upper[i * size + k]! * inverse[k * size + j]!;
      inverse[i * size + j] = -total / upper[i * size + i]!;
    }
  }
  return inverse;
}

/** Places of the columns that depend on others, and of those that they depend on. */
function looseOf(upper: Float64Array, inverse: Float64Array, rank: number, size: number): number[] {
  const loose = new Set<number>();
  for (let j = rank; j < size; j++) {
    loose.add(j);
    for (let i = 0; i < rank; i++) {
      let weight = 0;
      for (let k = i; k < rank; k++) weight += inverse[i * size + k]! * upper[k * size + j]!;
      // Columns are of length 1: what is less than this is rounding.
      if (Math.abs(weight) > 1e-6) loose.add(i);
    }
  }
  return [...loose];
}

/** Names of elements of the flat vector. */
function namesOf<P>({ start, unflatten }: Squares<P>, elements: readonly number[]): string[] {
  const names = treeLeaves<HostArray>(unflatten(start) as never).flatMap(({ path, value }) =>
    Array.from(value.data, (_, i) => (value.data.length === 1 ? path : `${path}[${i}]`)),
  );
  return elements.toSorted((a, b) => a - b).map((element) => names[element]!);
}

// How exactly numbers are identified: the curvature of the loss at the solution, measured by the noise of the data.
import { type Squares, studentQuantile } from "@hooke/minimize";
import {
  add,
  type Backend,
  cholesky,
  type HostArray,
  matmul,
  square,
  sum,
  type Tensor,
  transpose,
  triangularSolve,
} from "@hooke/runtime";
import { type CompiledTrees, compiled } from "./compiled.ts";
import { numberAt } from "./fields/unknown.ts";
import { isFollowed } from "./followed.ts";
import { type Loss, type LossData, rowsOf } from "./loss.ts";
import type { Parameters } from "./model.ts";
import { oneStep } from "./one-step.ts";
import type { Problem } from "./problem.ts";
import { formatted } from "./table.ts";

/** What is known of the noise of a term of data. */
export interface Noise {
  /** The standard deviation, in the user's units. */
  readonly sd: number;
  /** Whether it was estimated from what is left of the data: where it is not given, or the solution does not follow the data that closely. */
  readonly estimated: boolean;
}

/** What {@link intervalsOf} finds. */
export interface Intervals {
  /** By unknown, its value and its interval, in its units; empty where there are none, with the reason in `warnings`. */
  readonly bounds: Readonly<
    Record<string, { readonly value: number; readonly low95: number; readonly high95: number }>
  >;
  /** By term of data. */
  readonly noise: Readonly<Record<string, Noise>>;
  readonly warnings: readonly string[];
}

const nothing: Intervals = { bounds: {}, noise: {}, warnings: [] };

/** A step of so many standard errors is taken; a longer one says that the unknown is too far from rest for it. */
const farthest = 3;

/** Parameters, all of the size of 1, are taken to lie within this of their solution (one standard deviation), whatever the data say. */
const priorSpread = 10;

/**
 * Intervals of the unknowns of a problem with data. Data scatter by their noise; equations and conditions do not, and hold as exactly as their weights
 * make them: they are given the spread that their weights say beside those of the data. Then the covariance of all parameters, those of the
 * networks included, is the inverse of the Gauss-Newton matrix, and that of the unknowns a block of it. Unknowns come to rest long after fields have: they
 * are where {@link oneStep} takes them.
 *
 * @param draws the data of the loss with other points
 */
export async function intervalsOf(
  backend: Backend,
  problem: Problem,
  loss: Loss,
  parameters: Parameters,
  data: LossData,
  draws: readonly LossData[],
): Promise<Intervals> {
  const { unknowns, terms } = problem;
  const names = Object.keys(unknowns);
  if (names.length === 0 || Object.values(terms).every((term) => term.data === undefined)) return nothing;
  if (Object.values(terms).some(({ kind }) => kind === "energy")) {
    return {
      ...nothing,
      warnings: ["Identified numbers have no intervals: the problem has energies, which are no squares."],
    };
  }
  const { flatten, residuals: residualsAt, jacobian: jacobianAt } = loss as Squares<Parameters>;
  const call = compiled(backend, curvature);
  try {
    const at = flatten(parameters);
    loss.write(data as never);
    const residuals = await residualsAt(at);
    const jacobian = await jacobianAt(at);
    // Unknowns come last: names of trees are in order.
    const first = at.length - names.length;
    const rows = rowsOf(problem);
    const factor = Float64Array.from(rows, ({ residual, point }) => data.factors[residual]!.data[point]!);
    const run = (ridge: number) => curvatureOf(call, jacobian, names.length, first, ridge);
    let ridge = ridgeFloor * largestSquare(jacobian);
    let found = await run(ridge);
    const noise: Record<string, Noise> = {};
    let degrees = Number.POSITIVE_INFINITY;
    for (const [term, { data: own }] of Object.entries(terms)) {
      if (own === undefined) continue;
      let [count, free, squares] = [0, 0, 0];
      for (const [i, row] of rows.entries()) {
        if (row.term !== term) continue;
        count += 1;
        free += 1 - found.leverage[i]!;
        squares += (residuals[i]! / factor[i]!) ** 2;
      }
      if (own.sd !== undefined && (free < 1 || isFollowed(squares / count / own.sd ** 2, count))) {
        noise[term] = { sd: own.sd, estimated: false };
        continue;
      }
      if (!(free >= 1)) {
        const message = `Identified numbers have no intervals: nothing is left of the data "${term}" to tell their noise by. Give sd.`;
        return { ...nothing, warnings: [message] };
      }
      noise[term] = { sd: Math.sqrt(squares / free), estimated: true };
      degrees = Math.min(degrees, Math.floor(free));
    }
    const variances = rows.map(({ term }, i) =>
      noise[term] === undefined ? Number.NaN : (factor[i]! * noise[term]!.sd) ** 2,
    );
    const most = Math.max(...variances.filter((variance) => !Number.isNaN(variance)));
    if (most / priorSpread ** 2 > ridge) {
      ridge = most / priorSpread ** 2;
      found = await run(ridge);
    }
    const steps = await oneStep(backend, loss as Squares<Parameters>, at as Float64Array, draws, ridge);
    const within = studentQuantile(0.95, degrees);
    const warnings: string[] = [];
    const bounds = names.map((name, k) => {
      const along = (values: Float64Array, i: number): number => values[i * names.length + k]!;
      let variance = 0;
      for (let i = 0; i < rows.length; i++) {
        variance += along(found.moves, i) ** 2 * (Number.isNaN(variances[i]!) ? most : variances[i]!);
      }
      for (let i = 0; i < at.length; i++) variance += ridge * most * along(found.columns, i) ** 2;
      const spread = Math.sqrt(variance);
      const step = steps[first + k]!;
      const unknown = unknowns[name]!;
      let here = at[first + k]!;
      if (spread > priorSpread / 2) {
        warnings.push(`The data do not determine "${name}": its interval is as wide as was assumed without them.`);
      } else if (Math.abs(step) <= farthest * spread) {
        here -= step;
      } else {
        warnings.push(
          `"${name}" has not come to rest: a Gauss-Newton step would take it to ${formatted(numberAt(unknown, here - step))}, ` +
            `by more than ${farthest} standard errors. Let stages make more steps.`,
        );
      }
      const numbers = [here, here - within * spread, here + within * spread].map((each) => numberAt(unknown, each));
      const [value, low95, high95] = numbers as [number, number, number];
      return [name, { value, low95, high95 }] as const;
    });
    return { bounds: Object.fromEntries(bounds), noise, warnings };
  } finally {
    call.free();
  }
}

/** What is added to the diagonal at least, in terms of the largest of the matrix: less is lost in rounding. */
const ridgeFloor = 1e-13;

interface Curvature {
  /** `[rows, unknowns]`: the inverse's columns, and what the Jacobian makes of them. */
  readonly moves: Float64Array;
  readonly columns: Float64Array;
  /** By row: which part of its noise the solution follows. */
  readonly leverage: Float64Array;
}

/** Factors the Gauss-Newton matrix, with as small a ridge as it takes. */
async function curvatureOf(
  call: CompiledTrees,
  jacobian: HostArray,
  count: number,
  first: number,
  least: number,
): Promise<Curvature> {
  const size = jacobian.shape[1]!;
  const chosen = new Float64Array(size * count);
  for (let k = 0; k < count; k++) chosen[(first + k) * count + k] = 1;
  const f64 = (shape: readonly number[], data: Float64Array): HostArray => ({ shape, dtype: "f64", data });
  for (let ridge = least; ; ridge *= 10) {
    const diagonal = new Float64Array(size * size);
    for (let i = 0; i < size; i++) diagonal[i * size + i] = ridge;
    const found = await call(jacobian, f64([size, size], diagonal), f64([size, count], chosen));
    const values = Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, data]));
    if (values.columns!.every(Number.isFinite)) return values as unknown as Curvature;
  }
}

function curvature(jacobian: Tensor, diagonal: Tensor, chosen: Tensor): Record<string, Tensor> {
  const factor = cholesky(add(matmul(transpose(jacobian), jacobian), diagonal));
  const columns = triangularSolve(factor, triangularSolve(factor, chosen), { transposeA: true });
  const moves = matmul(jacobian, columns);
  return {
    columns,
    moves,
    leverage: sum(square(triangularSolve(factor, transpose(jacobian))), { axes: 0 }),
  };
}

/** The largest sum of squares of a column. */
function largestSquare({ shape: [rows, size], data }: HostArray): number {
  const sums = new Float64Array(size!);
  for (let i = 0; i < rows! * size!; i++) sums[i % size!]! += data[i]! ** 2;
  return Math.max(...sums);
}

// Sums of squares: objectives that know their residuals, and what the Jacobian does to a vector.
import {
  type Check,
  concat,
  describe,
  fail,
  type HostArray,
  jacobian,
  jvp,
  matmul,
  mul,
  quoted,
  reshape,
  square,
  sum,
  type Tensor,
  type Tree,
  transpose,
  vjp,
  vmap,
} from "@hooke/runtime";
import {
  type ArraysIn,
  checkObjective,
  evaluation,
  flatGradient,
  frame,
  joined,
  type Objective,
  type Shared,
  type TensorsIn,
} from "./objective.ts";
import type { Call } from "./programs.ts";
import type { Vector } from "./vectors.ts";

const residualsCheck: Check = (value) =>
  typeof value === "function" || isRecordOfFunctions(value)
    ? undefined
    : "a function of parameters and data, or a record of them";
const isRecordOfFunctions = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.values(value).every((one) => typeof one === "function");
const rowsCheck: Check = (value) =>
  Number.isInteger(value) || (typeof value === "object" && value !== null)
    ? undefined
    : "an axis, or a tree of axes and null";

/** Half the sum of the squares of residuals, `r . r / 2`. `J` is the derivative of `r` in the flat vector. */
export interface Squares<P = unknown> extends Objective<P> {
  /** The number of residuals. */
  readonly count: number;
  residuals(at: Vector): Promise<Vector>;
  /** `J v`: how the residuals change along `v`. */
  forward(at: Vector, v: Vector): Promise<Vector>;
  /** `J^T u`: the gradient of `u . r`. */
  backward(at: Vector, u: Vector): Promise<Vector>;
  /**
   * `J` itself, `[count, size]`: one product for each parameter or residual, whichever are fewer; with `rows` one pass through each
   * row for each of its residuals, which does not grow with the square of the rows.
   */
  jacobian(at: Vector): Promise<HostArray>;
  /** The Gauss-Newton matrix `J^T J`, `[size, size]`; as dear as {@link Squares.jacobian}. */
  gaussNewton(at: Vector): Promise<HostArray>;
}

/** Residuals while they are recorded: a tensor, or a tree of tensors. */
export type Residuals<P, D> = (parameters: TensorsIn<P>, data: TensorsIn<D>) => Tree<Tensor>;

/** Options of {@link squares}. */
export interface SquaresOptions<P, D> extends Shared<P, D> {
  /** The residuals, or several functions by name. Runs once for each program that is prepared, while it is recorded. */
  readonly residuals: Residuals<P, D> | Readonly<Record<string, Residuals<P, D>>>;
  /**
   * Where rows of the data are that have residuals of their own, as `vmap` takes it: an axis for all of the data, or a tree that begins as
   * the data do, with null for what all rows share. `residuals` then receives one row. Of several functions, such a tree by name for those
   * that receive rows. Default: they receive everything.
   */
  readonly rows?: Tree<number | null>;
}

/**
 * An objective that is half a sum of squares, as `scipy.optimize.least_squares` counts it. All methods take it;
 * {@link levenbergMarquardt} takes nothing else. Products with the Jacobian are prepared when they are first asked for.
 *
 * @throws what recording throws
 * @example
 * ```ts
 * import { squares } from "@hooke/minimize";
 * import { array, exp, mul, referenceBackend, sub } from "@hooke/runtime";
 *
 * const decay = await squares({
 *   backend: referenceBackend(),
 *   parameters: { rate: 1 },
 *   data: { time: array([0, 1, 2]), measured: array([1, 0.5, 0.25]) },
 *   residuals: ({ rate }, { time, measured }) => sub(exp(mul(time, mul(rate, -1))), measured),
 * });
 * console.log(decay.count, (await decay.jacobian(decay.start)).shape); // 3 [ 3, 1 ]
 * decay.free();
 * ```
 */
export async function squares<const P, const D = Record<never, never>>(
  options: SquaresOptions<P, D>,
): Promise<Squares<ArraysIn<P>>> {
  checkObjective("squares", options, { residuals: residualsCheck }, { rows: rowsCheck });
  const { programs, fields, parametersIn } = frame("squares", options);
  const { size, dtype } = fields;
  const parts = partsOf(options.residuals as RecordedResiduals, options.rows);
  let count = 0;
  const residualsOf = (parameters: Tree<Tensor>, data: Tree<Tensor>): Tensor => {
    const all = joined(parts.map(({ of, rows }) => overRows((row) => joined(of(parameters, row)), data, rows)));
    if (all.dtype !== dtype) fail("squares", `the residuals are ${describe(all)}; expected ${dtype}.`, "mismatch");
    count = all.shape[0]!;
    return all;
  };
  const jacobianAt = (data: Tree<Tensor>, flat: Tensor): Tensor => {
    const matrixOf = ({ of, rows }: Part): Tensor =>
      overRows((row) => jacobian((at) => joined(of(parametersIn(at), row)))(flat), data, rows);
    return concat(parts.map(matrixOf), 0);
  };
  const halfSum = (r: Tensor): Tensor => mul(sum(square(r)), 0.5);
  const residualsAt = (data: Tree<Tensor>) => (flat: Tensor) => residualsOf(parametersIn(flat), data);
  const gradient = await programs.prepare(
    (data, flat) => flatGradient(parametersIn, (parameters) => halfSum(residualsOf(parameters, data)))(flat!),
    [size],
    { donate: [null, 0] },
  );
  /** Prepares a program when it is first called. */
  const later = (lengths: readonly number[], fn: Parameters<typeof programs.prepare>[0]) => {
    let pending: Promise<Call> | undefined;
    return async (...vectors: readonly Vector[]): Promise<HostArray[]> => {
      pending ??= programs.prepare(fn, lengths);
      return (await pending).run(...vectors);
    };
  };
  const first = async (results: Promise<readonly HostArray[]>): Promise<Vector> => (await results)[0]!.data as Vector;
  const residuals = later([size], (data, flat) => [residualsAt(data)(flat!)]);
  const forward = later([size, size], (data, flat, v) => [jvp(residualsAt(data), [flat!], [v!])[1]]);
  const backward = later([size, count], (data, flat, u) => vjp(residualsAt(data), flat!)[1](u!));
  const matrix = later([size], (data, flat) => [jacobianAt(data, flat!)]);
  const normal = later([size], (data, flat) => {
    const j = jacobianAt(data, flat!);
    return [matmul(transpose(j), j)];
  });
  return {
    ...fields,
    count,
    evaluate: (at) => evaluation(gradient.run(at)),
    residuals: (at) => first(residuals(at)),
    forward: (at, v) => first(forward(at, v)),
    backward: (at, u) => first(backward(at, u)),
    jacobian: async (at) => (await matrix(at))[0]!,
    gaussNewton: async (at) => (await normal(at))[0]!,
  };
}

type Recorded = (parameters: Tree<Tensor>, data: Tree<Tensor>) => Tree<Tensor>;
type RecordedResiduals = Recorded | Readonly<Record<string, Recorded>>;

/** One function of residuals, and where the rows of the data are that it takes one by one. */
interface Part {
  readonly of: Recorded;
  readonly rows: Tree<number | null> | undefined;
}

function partsOf(residuals: RecordedResiduals, rows: Tree<number | null> | undefined): Part[] {
  if (typeof residuals === "function") return [{ of: residuals, rows }];
  const byName = (rows ?? {}) as Readonly<Record<string, Tree<number | null>>>;
  for (const name of Object.keys(byName)) {
    if (!Object.hasOwn(residuals, name))
      fail("squares", `received rows for "${name}"; it has the residuals ${quoted(Object.keys(residuals))}.`);
  }
  return Object.entries(residuals).map(([name, of]) => ({ of, rows: byName[name] }));
}

/** What `fn` makes of all of the data, or of one row after the other. */
function overRows(
  fn: (data: Tree<Tensor>) => Tensor,
  data: Tree<Tensor>,
  rows: Tree<number | null> | undefined,
): Tensor {
  if (rows === undefined) return fn(data);
  const each = vmap(fn, [rows])(data);
  return reshape(each, [-1, ...each.shape.slice(2)]);
}

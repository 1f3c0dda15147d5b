// Sums of squares: objectives that know their residuals, and what the Jacobian does to a vector.
import {
  add,
  concat,
  describe,
  fail,
  full,
  type HostArray,
  jacobian,
  jvp,
  matmul,
  mul,
  reshape,
  square,
  sum,
  type Tensor,
  type Tree,
  transpose,
  vjp,
  vmap,
} from "@hooke/runtime";
import { countRows, overBlocks } from "./blocks.ts";
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
import { gradientOfSum, type Part, partsCheck, partsOf, rowsCheck } from "./parts.ts";
import type { Call } from "./programs.ts";
import type { Vector } from "./vectors.ts";

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
  checkObjective("squares", options, { residuals: partsCheck }, { rows: rowsCheck });
  const { programs, fields, parametersIn } = frame("squares", options);
  const { size, dtype } = fields;
  const parts = partsOf<Tree<Tensor>>("squares", "residuals", options.residuals as never, options.rows).map(
    ({ of, rows }): Part<Tensor> => ({ of: (parameters, data) => joined(of(parameters, data)), rows }),
  );
  /** How many residuals each part has of the data, or of a row. */
  const counts = parts.map(() => 0);
  const halfSums = parts.map(({ of, rows }, i): Part<Tensor> => {
    const halfSum = (parameters: Tree<Tensor>, data: Tree<Tensor>): Tensor => {
      const r = of(parameters, data);
      if (r.dtype !== dtype) fail("squares", `the residuals are ${describe(r)}; expected ${dtype}.`, "mismatch");
      counts[i] = r.shape[0]!;
      return mul(sum(square(r)), 0.5);
    };
    return { of: halfSum, rows };
  });
  let count = 0;
  const gradient = await programs.prepare(
    (data, flat) => {
      const found = gradientOfSum(halfSums, (value) => flatGradient(parametersIn, value), data, flat!);
      const times = parts.map(({ rows }, i) => counts[i]! * (rows === undefined ? 1 : countRows(data, rows)));
      count = times.reduce((a, b) => a + b, 0);
      return found;
    },
    [size],
    { donate: [null, 0] },
  );
  const residualsAt = (data: Tree<Tensor>) => (flat: Tensor) => {
    const parameters = parametersIn(flat);
    return joined(parts.map(({ of, rows }) => overRows((row) => of(parameters, row), data, rows)));
  };
  const jacobianOf =
    ({ of }: Part<Tensor>, flat: Tensor) =>
    (data: Tree<Tensor>): Tensor =>
      jacobian((at) => of(parametersIn(at), data))(flat);
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
  const matrix = later([size], (data, flat) => [
    concat(
      parts.map((part) => overRows(jacobianOf(part, flat!), data, part.rows)),
      0,
    ),
  ]);
  const productOf = (j: Tensor): Tensor => matmul(transpose(j), j);
  const normal = later([size], (data, flat) => {
    const products = parts.map((part) => {
      const of = jacobianOf(part, flat!);
      if (part.rows === undefined) return productOf(of(data));
      const [total] = overBlocks(data, part.rows, [full([size, size], 0, dtype)], (block) => {
        return [productOf(reshape(block.counted(vmap(of, [block.rows])(block.data)), [-1, size]))];
      });
      return total!;
    });
    return [products.reduce((a, b) => add(a, b))];
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

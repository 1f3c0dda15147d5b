// Objectives: functions of a tree of parameters, seen as functions of one flat vector that a backend evaluates as often as asked.
import {
  type Backend,
  type Check,
  checkOptions,
  checks,
  concat,
  describe,
  fail,
  type HostArray,
  isFloat,
  type MapTree,
  type OptionTable,
  reshape,
  sizeOf,
  sliceAxis,
  type Tensor,
  type Tree,
  treeLeaves,
  treeLeavesLike,
  treeMap,
  valueAndGrad,
} from "@hooke/runtime";
import type { Rows } from "./blocks.ts";
import { gradientOfSum, partsCheck, partsOf, rowsCheck } from "./parts.ts";
import { inPrecision, type Precision, Programs, vectorOf } from "./programs.ts";
import type { Vector } from "./vectors.ts";

/** The tensors a function sees for parameters or data: one for each array or number. */
export type TensorsIn<T> = MapTree<T, HostArray | number, Tensor>;

/** The arrays that parameters are at the end: one for each array or number. */
export type ArraysIn<T> = MapTree<T, HostArray | number, HostArray>;

/** The value of an objective at a point, and its gradient there. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Vector;
}

/** A function of one flat vector on a backend. Evaluations do not change it. `P` is the tree of arrays that its parameters are. */
export interface Objective<P = unknown> {
  readonly backend: Backend;
  /** Of the vector and of everything that is computed. */
  readonly dtype: Precision;
  /** The number of parameters. */
  readonly size: number;
  /** What its values are exact to. */
  readonly noise: number;
  /** The parameters it was made with, as a vector. */
  readonly start: Vector;
  evaluate(at: Vector): Promise<Evaluation>;
  /** A tree like the parameters as a vector: leaves in order, each row-major. @throws where its structure or shapes differ */
  flatten(parameters: unknown): Vector;
  /** A vector as a tree like the parameters. */
  unflatten(vector: Vector): P;
  /** Replaces the data by others of the same structure, shapes and dtypes. Nothing is prepared again. */
  write(data: Tree<HostArray | number>): void;
  /** Releases what it holds on the backend. */
  free(): void;
}

/** Options of {@link objective} but the function. */
export interface Shared<P, D> {
  readonly backend: Backend;
  /** Their structure and shapes, and where a minimizer starts. */
  readonly parameters: P;
  /** Fixed arrays and numbers the function reads; uploaded once. Default none. */
  readonly data?: D;
  /** Parameters and floats among the data are converted to it. Default `"f64"`; quasi-Newton methods stop early in `"f32"`. */
  readonly dtype?: Precision;
  /** What values are exact to, in their unit: of steps that change them by no more a line search asks that they flatten the slope. Default 0. */
  readonly noise?: number;
}

/** Options of {@link objective}. */
export interface ObjectiveOptions<P, D> extends Shared<P, D> {
  /** The scalar to make small, or several by name, which are added. Runs once, while it is recorded. */
  readonly value: Value<P, D> | Readonly<Record<string, Value<P, D>>>;
  /**
   * Where rows of the data are that have values of their own, as `vmap` takes it: an axis for all of the data, or a tree that begins as the
   * data do, with null for what all rows share. `value` then receives one row, and its values are added. Of several functions, such a tree
   * by name for those that receive rows. Default: they receive everything.
   */
  readonly rows?: Rows;
}

/** A scalar while it is recorded. */
export type Value<P, D> = (parameters: TensorsIn<P>, data: TensorsIn<D>) => Tensor;

const treeCheck: Check = (value) =>
  typeof value === "number" || (typeof value === "object" && value !== null) ? undefined : "a tree of arrays";

/** Checks the options of an objective: what it cannot do without, and what else it takes. */
export function checkObjective(
  who: string,
  options: unknown,
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): void {
  checkOptions<Record<string, unknown>>(who, options, {
    required: { backend: checks.backend, parameters: treeCheck, ...required },
    optional: {
      data: treeCheck,
      dtype: (value) => checks.oneOf(value, ["f64", "f32"]),
      noise: checks.nonNegative,
      ...optional,
    },
  } as OptionTable<Record<string, unknown>>);
}

/** What every objective has before it knows its function. */
export interface Frame<P> {
  readonly programs: Programs;
  readonly fields: Pick<
    Objective<P>,
    "backend" | "dtype" | "noise" | "size" | "start" | "flatten" | "unflatten" | "write" | "free"
  >;
  /** The parameters in a flat tensor. */
  parametersIn(flat: Tensor): Tree<Tensor>;
}

export function frame<P, D>(
  who: string,
  { backend, parameters, data, dtype = "f64", noise = 0 }: Shared<P, D>,
): Frame<ArraysIn<P>> {
  const convert = inPrecision(who, dtype);
  const arrays = treeMap(parameters, convert) as Tree<HostArray>;
  const leaves = treeLeaves(arrays);
  for (const { path, value } of leaves) {
    if (isFloat(value.dtype)) continue;
    fail(who, `the parameter${path && ` "${path}"`} is ${describe(value)}; parameters are f32 or f64.`, "mismatch");
  }
  const sizes = leaves.map(({ value: { shape } }) => sizeOf(shape));
  const size = sizes.reduce((total, count) => total + count, 0);
  if (size === 0) fail(who, "received no parameters; there is nothing to make small.");
  const flatten = (given: unknown): Vector => {
    const vector = vectorOf(dtype, size);
    let offset = 0;
    for (const [i, leaf] of treeLeavesLike(arrays, given).entries()) {
      const array = convert(leaf, leaves[i]!.path);
      const { shape } = leaves[i]!.value;
      if (describe(array) !== describe({ shape, dtype })) {
        const expected = describe({ shape, dtype });
        fail(who, `the parameter "${leaves[i]!.path}" is ${describe(array)}; expected ${expected}.`, "mismatch");
      }
      vector.set(array.data, offset);
      offset += sizes[i]!;
    }
    return vector;
  };
  const cut = <T>(piece: (start: number, end: number, like: HostArray) => T): Tree<T> => {
    let offset = 0;
    return treeMap(arrays, (like: HostArray) => {
      offset += sizeOf(like.shape);
      return piece(offset - sizeOf(like.shape), offset, like);
    }) as Tree<T>;
  };
  const programs = new Programs(who, backend, dtype, treeMap(data ?? {}, convert) as Tree<HostArray>);
  return {
    programs,
    fields: {
      backend,
      dtype,
      noise,
      size,
      start: flatten(arrays),
      flatten,
      unflatten: (vector) => {
        if (vector.length !== size) {
          fail(who, `received ${vector.length} numbers for ${size} parameters.`, "mismatch");
        }
        return cut((start, end, { shape }) => ({ shape, dtype, data: vector.slice(start, end) })) as ArraysIn<P>;
      },
      write: (next) => programs.write(next),
      free: () => programs.free(),
    },
    parametersIn: (flat) => cut((start, end, { shape }) => reshape(sliceAxis(flat, 0, start, end), shape)),
  };
}

/** The leaves of a tree of tensors as one vector. */
export function joined(tree: Tree<Tensor>): Tensor {
  const parts = treeLeaves(tree).map(({ value }) => reshape(value, [sizeOf(value.shape)]));
  return parts.length === 1 ? parts[0]! : concat(parts, 0);
}

/** The value and the gradient of a scalar function of the parameters, as functions of the flat vector. */
export function flatGradient(
  parametersIn: (flat: Tensor) => Tree<Tensor>,
  value: (parameters: Tree<Tensor>) => Tensor,
): (flat: Tensor) => readonly [Tensor, Tensor] {
  return (flat) => {
    const [result, gradient] = valueAndGrad(value)(parametersIn(flat));
    return [result, joined(gradient)];
  };
}

/**
 * An objective: a differentiable function of parameters and fixed data, prepared once.
 *
 * @throws what recording throws, and where the function returns no scalar
 * @example
 * ```ts
 * import { objective } from "@hooke/minimize";
 * import { add, mul, referenceBackend, square, sub } from "@hooke/runtime";
 *
 * const rosenbrock = await objective({
 *   backend: referenceBackend(),
 *   parameters: { x: -1.2, y: 1 },
 *   data: { weight: 100 },
 *   value: ({ x, y }, { weight }) => add(square(sub(1, x)), mul(square(sub(y, square(x))), weight)),
 * });
 * const { value, gradient } = await rosenbrock.evaluate(rosenbrock.start);
 * console.log(value.toFixed(1), gradient.length); // 24.2 2
 * rosenbrock.free();
 * ```
 */
export async function objective<const P, const D = Record<never, never>>(
  options: ObjectiveOptions<P, D>,
): Promise<Objective<ArraysIn<P>>> {
  checkObjective("objective", options, { value: partsCheck }, { rows: rowsCheck });
  const { programs, fields, parametersIn } = frame("objective", options);
  const parts = partsOf<Tensor>("objective", "values", options.value as never, options.rows);
  const call = await programs.prepare(
    (data, flat) => gradientOfSum(parts, (value) => flatGradient(parametersIn, value), data, flat!),
    [fields.size],
    { donate: [null, 0] },
  );
  return { ...fields, evaluate: (at) => evaluation(call.run(at)) };
}

/** What a program of value and gradient returned. */
export async function evaluation(results: Promise<readonly HostArray[]>): Promise<Evaluation> {
  const [value, gradient] = await results;
  return { value: value!.data[0]!, gradient: gradient!.data as Vector };
}

/** Expects an objective. */
export const objectiveCheck: Check = (value) =>
  typeof (value as Partial<Objective> | null | undefined)?.evaluate === "function"
    ? undefined
    : "an objective: await objective({ ... }) or await squares({ ... })";

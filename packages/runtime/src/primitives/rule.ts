// What every primitive must define: shape, derivative, transpose and a plain evaluation.
//
// Here is the runtime's circle of imports, the only one of values but for `scan` and its derivative: a family holds the shape rule and the derivative of its primitives side by
// side; derivatives are written in the public operations (`ops`), and an operation brings the rule of its primitive. To cut it would
// put what one reads together apart. It is harmless as long as nothing asks for a rule while modules load, and what makes rules
// then (`makers.ts`) are functions by declaration.
import type { HostArray } from "../array.ts";
import type { Aval, Node, NodeOf, Program, Value } from "../program.ts";
import type { Tensor } from "../tensor.ts";
import type { PrimitiveName, PrimitiveParams } from "./params.ts";

/** A tangent or cotangent; `null` is zero. */
export type MaybeTensor = Tensor | null;

/** Evaluates a program on host arrays. */
export type Interpret = (program: Program, inputs: readonly HostArray[]) => HostArray[];

/** Evaluates a program and its derivative in the current recording. */
export type EvaluateJvp = (program: Program, inputs: readonly Tensor[], tangents: readonly MaybeTensor[]) => Linearized;

/** Runs a program that is linear in the inputs whose residual is null backwards, in the current recording. */
export type TransposeProgram = (
  program: Program,
  residuals: readonly MaybeTensor[],
  cotangents: readonly MaybeTensor[],
) => MaybeTensor[];

/** What a primitive yields together with its derivative. */
export interface Linearized {
  readonly outputs: readonly Tensor[];
  readonly tangents: readonly MaybeTensor[];
}

/** Shape, transpose and evaluation: what every primitive has. Whoever calls a rule gives it what it does to the programs in `params`. */
export interface CommonRule<K extends PrimitiveName> {
  /** Shapes and dtypes of the outputs. @throws naming the primitive and what it received */
  outputs(inputs: readonly Aval[], params: PrimitiveParams[K]): readonly Aval[];
  /**
   * Cotangents of the linear inputs, from those of the outputs (at least one is not null). `inputs[i]` is null where the
   * primitive is linear in input `i`; `avals[i]` is its shape. Absent: the primitive never appears in a linear program.
   */
  readonly transpose?: (
    cotangents: readonly MaybeTensor[],
    inputs: readonly MaybeTensor[],
    avals: readonly Aval[],
    params: PrimitiveParams[K],
    transposeBody: TransposeProgram,
  ) => readonly MaybeTensor[];
  /** Evaluates on host arrays: slow, obvious, accumulating in double precision. The oracle of every backend. */
  reference(
    inputs: readonly HostArray[],
    params: PrimitiveParams[K],
    outputs: readonly Aval[],
    interpretBody: Interpret,
  ): readonly HostArray[];
  /** The node without what makes outputs that are not needed. Absent: the primitive makes all of them or none. */
  readonly trim?: (node: NodeOf<K>, needed: ReadonlySet<Value>, trimBody: (body: Program) => Program) => Node;
}

/**
 * A primitive whose derivative needs only its inputs and outputs.
 *
 * Derivative rules are written with the public operations, so they are differentiable to any order.
 */
export interface PlainRule<K extends PrimitiveName> extends CommonRule<K> {
  /** Tangents of the outputs, linear in `tangents` (at least one is not null; only float inputs have one). */
  jvp(
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    params: PrimitiveParams[K],
    tangents: readonly MaybeTensor[],
  ): readonly MaybeTensor[];
}

/** A primitive whose derivative needs more of its inside than its outputs (`scan`): it yields both together. */
export interface LinearizingRule<K extends PrimitiveName> extends CommonRule<K> {
  linearize(
    inputs: readonly Tensor[],
    params: PrimitiveParams[K],
    tangents: readonly MaybeTensor[],
    evaluateBody: EvaluateJvp,
  ): Linearized;
}

/** The rules of one primitive. */
export type Rule<K extends PrimitiveName> = K extends "scan" ? LinearizingRule<K> : PlainRule<K>;

/** A total table over part of the closed set. */
export type Rules<K extends PrimitiveName = PrimitiveName> = { readonly [P in K]: Rule<P> };

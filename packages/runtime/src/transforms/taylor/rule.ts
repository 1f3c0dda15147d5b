// What every primitive must define for Taylor mode.
import type { PrimitiveName } from "../../primitives/params.ts";
import type { NodeOf, Program } from "../../program.ts";
import type { Tensor } from "../../tensor.ts";
import type { Operators } from "./operators.ts";
import type { Series } from "./series.ts";

/** What a program yields: its outputs, and the series of those that move; null: it stands still. */
export interface Evaluated {
  readonly outputs: readonly Tensor[];
  readonly series: readonly (Series | null)[];
}

/** Evaluates a program on values and series, null for what stands still, in the current recording. */
export type EvaluateTaylor = (
  program: Program,
  inputs: readonly Tensor[],
  series: readonly (Series | null)[],
  operators: Operators,
) => Evaluated;

/**
 * The series of a primitive's outputs, from those of its operands, at least one of which moves, and from the outputs' values.
 * Written with the public operations, so that it is differentiable in turn.
 */
export type TaylorRule<K extends PrimitiveName> = (
  inputs: readonly Series[],
  outputs: readonly Tensor[],
  node: NodeOf<K>,
  operators: Operators,
  evaluate: EvaluateTaylor,
) => readonly Series[];

/** A primitive that runs a program, whose values are computed with the series. */
export type ProgramRule<K extends PrimitiveName> = (
  inputs: readonly Tensor[],
  series: readonly (Series | null)[],
  node: NodeOf<K>,
  operators: Operators,
  evaluate: EvaluateTaylor,
) => Evaluated;

/** A total table over the closed set: a primitive without a rule does not compile. */
export type TaylorRules = { readonly [K in PrimitiveName]: K extends "scan" ? ProgramRule<K> : TaylorRule<K> };

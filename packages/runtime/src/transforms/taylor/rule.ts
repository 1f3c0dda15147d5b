// What every primitive must define for Taylor mode.
import type { PrimitiveName } from "../../primitives/params.ts";
import type { NodeOf, Program } from "../../program.ts";
import type { Tensor } from "../../tensor.ts";
import type { Series } from "./series.ts";

/** One direction: a series for each input of a program, or output, that does not stand still, and how far to go. */
export interface Pass {
  readonly order: number;
  /** Null: it stands still. */
  readonly series: readonly (Series | null)[];
}

/** What a program yields: its outputs, and for each pass the series of those that move. */
export interface Evaluated {
  readonly outputs: readonly Tensor[];
  readonly series: readonly (readonly (Series | null)[])[];
}

/** Evaluates a program and its series along several directions in the current recording; the values are recorded once. */
export type EvaluateTaylor = (program: Program, inputs: readonly Tensor[], passes: readonly Pass[]) => Evaluated;

/**
 * The series of a primitive's outputs to an order, from those of its operands, at least one of which moves, and from the outputs' values.
 * Written with the public operations, so that it is differentiable in turn.
 */
export type TaylorRule<K extends PrimitiveName> = (
  inputs: readonly Series[],
  outputs: readonly Tensor[],
  node: NodeOf<K>,
  order: number,
  evaluate: EvaluateTaylor,
) => readonly Series[];

/** A primitive that runs a program: all passes together, so that the values of its inside are computed once. */
export type ProgramRule<K extends PrimitiveName> = (
  inputs: readonly Tensor[],
  passes: readonly Pass[],
  node: NodeOf<K>,
  evaluate: EvaluateTaylor,
) => Evaluated;

/** A total table over the closed set: a primitive without a rule does not compile. */
export type TaylorRules = { readonly [K in PrimitiveName]: K extends "scan" ? ProgramRule<K> : TaylorRule<K> };

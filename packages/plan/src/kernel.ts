// What a plan consists of: kernels, the pieces of work a program is cut into, in the order they run, and copies after them.
import type { NodeOf, Program, Shape, Value } from "@hooke/runtime";
import type { Arrays } from "./arrays.ts";
import type { Place } from "./layout.ts";
import type { Lifetime } from "./liveness.ts";
import type { NodeOfKind } from "./primitives.ts";
import type { View } from "./view.ts";

/** Dense elements of an array from an offset on. */
export interface Operand {
  readonly root: Value;
  /** In elements. */
  readonly offset: number;
}

/** Elementwise nodes over one shape, of whose values some are stored. */
export interface Elementwise {
  readonly shape: Shape;
  /** In order; an input is the output of an earlier one, a filled array, or read through its view. */
  readonly nodes: NodeOfKind<"pointwise">[];
  /** What is written where. Strides may skip (padding, concatenation), never repeat. */
  readonly stores: { readonly value: Value; readonly target: View }[];
}

/** One loop nest over a shape that evaluates elementwise nodes and stores some of their values. */
export interface PointwiseKernel extends Elementwise {
  readonly kind: "pointwise";
}

/** One reduction, with the elementwise nodes that only it needs evaluated on the way. */
export interface ReductionKernel {
  readonly kind: "reduction";
  readonly node: NodeOfKind<"reduction">;
  readonly nodes: readonly NodeOfKind<"pointwise">[];
}

/**
 * One node computed by a routine of its own from dense operands. With an epilogue (`Epilogues`), elementwise nodes are evaluated on each element that
 * the routine makes, which they read without memory: the node's output is written only where it is among the stores.
 */
export interface RoutineKernel extends Partial<Elementwise> {
  readonly kind: "routine";
  readonly node: NodeOfKind<"routine">;
  readonly operands: readonly Operand[];
}

/** A loop over the kernels of a body. */
export interface ScanKernel {
  readonly kind: "scan";
  readonly node: NodeOf<"scan">;
  readonly operands: readonly Operand[];
  /** Absent where one step comes after the other. */
  readonly apart?: Apart | undefined;
  /** Absent where steps compute all rows. */
  readonly blocks?: Blocks | undefined;
  /** Filled in once the places of the operands are known: of all that a step does, or of the rest, or of what it does of a block. */
  body?: ScanBody;
  /** Of what steps compute apart, and the word with the number of the first of those at a time. */
  own?: ScanBody & { readonly first: Place };
}

/** The body of a loop in two. */
export interface Apart {
  /** What steps compute apart from each other: of the body's inputs, what is passed to the rest, then slices. */
  readonly own: Program;
  /** What waits for the step before: of the body's inputs and what was passed, what is carried. */
  readonly rest: Program;
  /** Arrays of what is passed, `[steps, ...]`. */
  readonly passed: readonly Value[];
  /** How many steps are computed at a time. */
  readonly steps: number;
}

/** A loop in blocks of rows, each of which goes through all steps by itself. */
export interface Blocks {
  readonly count: number;
  /** The body of one block. Of its inputs those that are the body's own are not cut into rows. */
  readonly body: Program;
}

/** The plan of a loop's body, the places of its inputs and those where its outputs end up. */
export interface ScanBody {
  readonly plan: Plan;
  readonly inputs: readonly Place[];
  readonly targets: readonly Target[];
}

export type Kernel = PointwiseKernel | ReductionKernel | RoutineKernel | ScanKernel;

/** Where an output must end up; `donated` is the input whose buffer that is. */
export interface Target {
  readonly place: Place;
  readonly donated?: Value;
}

/**
 * An output that could not be computed in its place. `stage` holds it while its source may be overwritten; an input that kernels may overwrite
 * is copied before all of them.
 */
export interface FinalCopy {
  readonly from: Operand;
  readonly bytes: number;
  readonly to: Place;
  readonly stage: Place | undefined;
  readonly first: boolean;
}

export interface Plan extends Pick<Arrays, "views" | "fills" | "places"> {
  /** Whether its temporaries lie in memory of the thread's own. */
  readonly own: boolean;
  readonly kernels: readonly Kernel[];
  /** The stage of each kernel: those of one stage may be computed at the same time. Empty where each is one by itself. */
  readonly stages: readonly number[];
  /** Stages whose kernels are computed one after the other, block by block, each of which needs the same blocks of others alone: how many blocks. */
  readonly blocks: ReadonlyMap<number, number>;
  readonly copies: readonly FinalCopy[];
  /** The part of the workspace for what shares it. */
  readonly room: { readonly start: number; readonly bytes: number };
  /** What shares the workspace, and when: arrays, and all that the body of a loop needs for itself. */
  readonly lifetimes: readonly Lifetime<Value | ScanKernel>[];
}

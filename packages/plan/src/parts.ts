// Parts of planning that not every program needs: what may be computed at the same time, and loops.
import type { NodeOf, Program, Shape, Value } from "@hooke/runtime";
import type { Arrays } from "./arrays.ts";
import type { Elementwise, Kernel, Plan, ScanKernel, Target } from "./kernel.ts";
import type { Layout, Place } from "./layout.ts";
import type { Lifetime, PlaceLarge } from "./liveness.ts";
import type { NodeOfKind } from "./primitives.ts";
import type { View } from "./view.ts";

/** Kernels in stages. */
export interface Stages {
  /** The stage of each kernel, numbered in the order in which they are computed. Those of one stage do not depend on each other, or only block by block. */
  readonly of: readonly number[];
  /** Of stages whose kernels are computed in blocks, one after the other: how many blocks. */
  readonly blocks: ReadonlyMap<number, number>;
}

/** What may be computed at the same time. */
export interface Dividing {
  stages(kernels: readonly Kernel[], arrays: Pick<Arrays, "reads" | "writes" | "views" | "fills">): Stages;
  /** What the steps of a loop compute apart from each other, or the blocks of rows that go through all steps, if that is worth it. */
  loop(node: NodeOf<"scan">): Pick<ScanKernel, "apart" | "blocks">;
}

/** Routines that go on with the elementwise nodes behind them before anything is stored. */
export interface Epilogues {
  /** The empty epilogue of a routine, if it may have one. */
  begin(node: NodeOfKind<"routine">): Elementwise | undefined;
  /** Whether a view is of all that a kernel makes as a routine, in order. */
  isMade(kernel: Kernel, view: View): boolean;
  /** Whether so many more nodes of a shape join a kernel, which makes one of the arrays that they read. */
  takes(kernel: Kernel | undefined, shape: Shape, count: number, read: ReadonlySet<Value>): boolean;
}

/** Plans a program whose inputs lie at given places. */
export type PlanProgram = (
  program: Program,
  layout: Layout,
  inputs: readonly Place[],
  targets: readonly Target[],
  parts: PlanParts,
) => Plan;

/** Fills in the plans of a loop, once its operands and outputs have places. */
export type PlanScan = (
  kernel: ScanKernel,
  layout: Layout,
  places: Plan["places"],
  planProgram: PlanProgram,
  parts: PlanParts,
) => void;

export interface PlanParts {
  /** Absent where kernels come one after the other. */
  readonly dividing?: Dividing | undefined;
  /**
   * What kernels need for themselves while they run, of a plan whose arrays have no places yet: so much is left free there. Absent where it is not
   * worth knowing beforehand, and from bodies of loops.
   */
  readonly needs?: ((unplaced: Plan) => readonly Lifetime[]) | undefined;
  /** Absent from small programs. */
  readonly placeLarge?: PlaceLarge | undefined;
  /** Absent where routines write what they make. */
  readonly epilogues?: Epilogues | undefined;
  /** Absent from programs without loops. */
  readonly planScan?: PlanScan | undefined;
}

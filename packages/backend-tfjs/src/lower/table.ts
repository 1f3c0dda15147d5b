// The table of lowerings: total over the closed set, so a forgotten primitive does not compile.
import type { Aval, PrimitiveName, PrimitiveParams } from "@hooke/runtime";
import type { Kernels } from "../plan/kernels.ts";
import type { Ref } from "../plan/step.ts";
import type { Expanded } from "./expansions.ts";

/**
 * Writes the kernel calls of one primitive and returns its output. Inputs are on the device and whole, except those of
 * elementwise primitives: they have dimensions of 1 where they repeat, and so may the output.
 */
export type Lowering<K extends PrimitiveName = PrimitiveName> = (
  kernels: Kernels,
  inputs: readonly Ref[],
  params: PrimitiveParams[K],
  avals: { readonly inputs: readonly Aval[]; readonly output: Aval },
) => Ref;

/** What the plan handles itself: work of the host, structure without kernels, loops, what other programs stand for. */
export type PlannedPrimitive =
  | "full"
  | "constant"
  | "iota"
  | "randomBits"
  | "foldKey"
  | "reshape"
  | "broadcast"
  | "stopGradient"
  | "known"
  | "scan"
  | Expanded;

/** Lowerings of every other primitive. */
export type Lowerings = { readonly [K in Exclude<PrimitiveName, PlannedPrimitive>]: Lowering<K> };

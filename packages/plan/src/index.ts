/**
 * Recorded programs cut into kernels, with a place in memory for every array that these exchange.
 *
 * @packageDocumentation
 */
export type { Arrays, Read } from "./arrays.ts";
export { FreeBlocks } from "./free-blocks.ts";
export type {
  Apart,
  Blocks,
  Elementwise,
  FinalCopy,
  Kernel,
  Operand,
  Plan,
  PointwiseKernel,
  ReductionKernel,
  RoutineKernel,
  ScanBody,
  ScanKernel,
  Target,
} from "./kernel.ts";
export { Layout, type Place } from "./layout.ts";
export type { Lifetime, PlaceLarge, Placement } from "./liveness.ts";
export type { Dividing, Epilogues, PlanParts, PlanProgram, PlanScan, Stages } from "./parts.ts";
export { planProgram } from "./plan.ts";
export type { Platform } from "./platform.ts";
export {
  type Family,
  isFamily,
  isKind,
  type Kind,
  type NameOfFamily,
  type NameOfKind,
  type NodeOfKind,
} from "./primitives.ts";
export { externalValues } from "./reads.ts";
export { collapse, isDense, isWhole, type Nest, type View, wholeView } from "./view.ts";

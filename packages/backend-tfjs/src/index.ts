/**
 * Recorded programs lowered to tfjs-core kernels: what the WebGPU and CUDA backends share.
 *
 * @packageDocumentation
 */
export { createTfjsBackend, dtypes, type TfjsBackend, type TfjsBackendOptions } from "./backend.ts";
export type { Expanded } from "./lower/expansions.ts";
export { lowerings } from "./lower/index.ts";
export type { Lowering, Lowerings, PlannedPrimitive } from "./lower/table.ts";
export type { Capabilities } from "./plan/capabilities.ts";
export type { Kernels } from "./plan/kernels.ts";
export type { KernelCall, KernelInputs, Kind, Ref } from "./plan/step.ts";

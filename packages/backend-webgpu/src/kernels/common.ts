// tfjs's own kernels, and when they cannot be used.
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { getKernel, type NamedAttrMap } from "@tensorflow/tfjs-core";
import type { Info } from "./program.ts";

/** Calls tfjs's own kernel. */
export const common = (
  kernel: string,
  backend: WebGPUBackend,
  inputs: Readonly<Record<string, Info>>,
  attrs: NamedAttrMap,
): Info => getKernel(kernel, "webgpu")!.kernelFunc({ inputs, backend, attrs }) as Info;

/** A product of `batch` matrices, as tfjs's kernels see convolutions too. */
export interface Matrices {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  /** Terms of each sum. */
  readonly depth: number;
}

/** Rows and columns of the tiles in which tfjs multiplies matrices that are larger. */
const tile = 32;

/** Whether tfjs can start so many workgroups: it counts tiles and matrices in dimensions of their own, where a device has a limit. */
export function fitsDispatch(backend: WebGPUBackend, { batch, rows, columns }: Omit<Matrices, "depth">): boolean {
  return (
    Math.max(batch, Math.ceil(rows / tile), Math.ceil(columns / tile)) <=
    backend.device.limits.maxComputeWorkgroupsPerDimension
  );
}

/** Whether tfjs may add parts of a long sum by atomics: in any order, so that the bits change from run to run. */
export function addsInAnyOrder(backend: WebGPUBackend, { batch, rows, columns, depth }: Matrices): boolean {
  const tiles = Math.ceil(rows / tile) * Math.ceil(columns / tile);
  return batch === 1 && depth >= 2000 && tiles <= 2 * backend.thresholdToIncreaseWorkgroups;
}

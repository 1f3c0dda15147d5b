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

/** tfjs's products add their terms one after the other: up to so many, the error is below 2e-6 of the sum of the absolute terms. */
export const longestChain = 128;

/** Rows and columns of the tiles in which tfjs multiplies matrices that are larger. */
const tile = 32;

/** Whether tfjs can start so many workgroups: it counts tiles and matrices in dimensions of their own, where a device has a limit. */
export function fitsDispatch(
  backend: WebGPUBackend,
  { batch, rows, columns }: { readonly batch: number; readonly rows: number; readonly columns: number },
): boolean {
  return (
    Math.max(batch, Math.ceil(rows / tile), Math.ceil(columns / tile)) <=
    backend.device.limits.maxComputeWorkgroupsPerDimension
  );
}

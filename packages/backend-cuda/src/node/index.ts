/**
 * Recorded programs on NVIDIA GPUs, in Node: through TensorFlow's kernels, or in CUDA graphs of the plan's.
 *
 * @packageDocumentation
 */
import { definePlugin } from "@hooke/runtime";
import { cudaFactory } from "./backend.ts";

export type { CudaEngine, CudaOptions } from "../options.ts";
export { cudaBackend, cudaFactory } from "./backend.ts";
export type { CudaBackend } from "./cuda-backend.ts";

/** The plugin: provides the backend `cuda`. */
export const cuda = /* @__PURE__ */ definePlugin({
  name: "backend-cuda",
  backends: { cuda: /* @__PURE__ */ cudaFactory() },
});

/**
 * Recorded programs on NVIDIA GPUs, through TensorFlow's kernels, in Node.
 *
 * @packageDocumentation
 */
import { definePlugin } from "@hooke/runtime";
import { cudaFactory } from "./backend.ts";

export type { CudaOptions } from "../options.ts";
export { cudaBackend, cudaFactory } from "./backend.ts";

/** The plugin: provides the backend `cuda`. */
export const cuda = /* @__PURE__ */ definePlugin({
  name: "backend-cuda",
  backends: { cuda: /* @__PURE__ */ cudaFactory() },
});

/**
 * What a browser gets: the same names, and a backend that says why it is unavailable there.
 *
 * @packageDocumentation
 */
import { type BackendFactory, definePlugin, fail } from "@hooke/runtime";
import { type CudaOptions, checkCudaOptions } from "./options.ts";

export type { CudaEngine, CudaOptions } from "./options.ts";

const reason = "CUDA is out of reach of a browser";
const cure = 'Choose "webgpu" or "wasm" here, or run the program in Node.';

/** Unavailable in browsers. */
export function cudaFactory(options: CudaOptions = {}): BackendFactory {
  checkCudaOptions("cudaFactory", options);
  return {
    name: "cuda",
    available: async () => ({ available: false, reason, cure }),
    create: async () => fail("backend cuda", `${reason}. ${cure}`, "unavailable"),
  };
}

/** @throws always: a browser cannot run it */
export async function cudaBackend(options: CudaOptions = {}): Promise<never> {
  return (await cudaFactory(options).create()) as never;
}

/** The plugin: lists the backend `cuda` as unavailable. */
export const cuda = /* @__PURE__ */ definePlugin({
  name: "backend-cuda",
  backends: { cuda: /* @__PURE__ */ cudaFactory() },
});

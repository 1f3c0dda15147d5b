// The kernels as one engine: tfjs's, with those replaced that are wrong in 4.22.
import { getKernel, getKernelsForBackend, registerKernel } from "@tensorflow/tfjs-core";
import { convolution } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { linear } from "./linear.ts";
import { ordering } from "./ordering.ts";
import { asConfig } from "./program.ts";
import { random } from "./random.ts";
import { reduction } from "./reduction.ts";
import { scattering } from "./scatter.ts";

/** The name under which the kernels are registered. tfjs's own stay as they are under `"webgpu"`, for who else uses them. */
export const engine = "hooke-webgpu";

/** Registers the kernels, once. */
export function registerKernels(): void {
  if (getKernel("Identity", engine)) return;
  const own = {
    ...elementwise,
    ...indexing,
    ...scattering,
    ...linear,
    ...convolution,
    ...ordering,
    ...random,
    ...reduction,
  };
  for (const config of getKernelsForBackend("webgpu")) {
    if (!Object.hasOwn(own, config.kernelName)) registerKernel({ ...config, backendName: engine });
  }
  for (const [name, kernel] of Object.entries(own)) registerKernel(asConfig(engine, name, kernel));
}

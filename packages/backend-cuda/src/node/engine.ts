// tfjs's TensorFlow kernels, loaded once into tfjs-core's registry, which every copy of tfjs-core in a process shares.
import { createRequire } from "node:module";
import { join } from "node:path";
import util from "node:util";
import { fail } from "@hooke/runtime";
import { env, findBackend, type KernelBackend, registerBackend, setBackend } from "@tensorflow/tfjs-core";
import type { Installation } from "./installation.ts";
import { replaceKernels } from "./kernels.ts";
import { type NodeKernels, viewInputs } from "./views.ts";

/** The name under which tfjs-node registers its kernels. */
export const engineName = "tensorflow";

/** What TensorFlow and NVIDIA's libraries read from the environment when they start; what the user has set stays. */
const settings: Readonly<Record<string, string>> = {
  // No chatter.
  TF_CPP_MIN_LOG_LEVEL: "2",
  // GPU memory as it is needed, instead of all of it.
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
  // The same bits in every run: no atomic additions on the GPU, no order of summation that depends on the processor.
  TF_DETERMINISTIC_OPS: "1",
  TF_ENABLE_ONEDNN_OPTS: "0",
  // f32 has 24 bits: products on Ampere and later would round their operands to the 11 of TensorFloat-32.
  NVIDIA_TF32_OVERRIDE: "0",
};

/** Starts TensorFlow in this process, or returns what runs already. @throws if the binding cannot be loaded */
export function startEngine(installation: Installation): KernelBackend {
  const running = findBackend(engineName);
  if (running) return running;
  for (const [name, value] of Object.entries(settings)) process.env[name] ??= value;
  // tfjs-node 4.22 calls these functions: the first is gone since Node 23, the second prints a warning.
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  // A second copy of tfjs-core warns that it finds the first.
  const quiet = env().getBool("PROD");
  env().set("PROD", true);
  try {
    const load = createRequire(join(installation.package, "package.json"));
    const binding = load(installation.binding);
    load("./dist/register_all_kernels.js");
    const { NodeJSKernelBackend } = load("./dist/nodejs_kernel_backend.js");
    const kernels: NodeKernels = new NodeJSKernelBackend(binding, installation.source);
    viewInputs(kernels);
    replaceKernels(engineName);
    registerBackend(engineName, () => kernels);
    setBackend(engineName);
    return kernels;
  } catch (error) {
    const said = (error as Error).message;
    return fail("backend cuda", `the binding of ${installation.source} cannot be loaded: ${said}`, "unavailable");
  } finally {
    env().set("PROD", quiet);
  }
}

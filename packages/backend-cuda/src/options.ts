// What both entries, the one for Node and the one for browsers, take.
import { checkOptions, checks } from "@hooke/runtime";

/** What runs programs: TensorFlow's kernels, one by one; or kernels of the plan, recorded in a CUDA graph, through NVIDIA's driver alone. */
export type CudaEngine = "tensorflow" | "driver";

/** Options of `cudaBackend` and `cudaFactory`. */
export interface CudaOptions {
  /**
   * Where `hooke-cuda setup` put the binding, and where kernels of the engine `"driver"` are kept once they are compiled.
   * Default: the environment variable `HOOKE_CUDA_FOLDER`, else `hooke/cuda` in the user's cache folder.
   */
  readonly folder?: string;
  /** What runs programs. Default `"tensorflow"`, until the other has been measured on GPUs. */
  readonly engine?: CudaEngine;
  /** Accept a TensorFlow that finds no GPU and computes on the processor. Default `false`: that is an error. The driver has GPUs alone. */
  readonly acceptCpu?: boolean;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? undefined : "the path of a folder");

/** @throws on an unknown option, with the nearest name, or a wrong value */
export const checkCudaOptions = (who: string, options: CudaOptions): void =>
  checkOptions<CudaOptions>(who, options, {
    optional: {
      engine: (value) => checks.oneOf(value, ["tensorflow", "driver"]),
      folder: text,
      acceptCpu: (value) =>
        value === true && options.engine === "driver" ? 'false with the engine "driver"' : checks.flag(value),
    },
  });

// What both entries, the one for Node and the one for browsers, take.
import { checkOptions, checks } from "@hooke/runtime";

/** Options of `cudaBackend` and `cudaFactory`. */
export interface CudaOptions {
  /**
   * Where `hooke-cuda setup` put the binding.
   * Default: the environment variable `HOOKE_CUDA_FOLDER`, else `hooke/cuda` in the user's cache folder.
   */
  readonly folder?: string;
  /** Accept a TensorFlow that finds no GPU and computes on the processor. Default `false`: that is an error. */
  readonly acceptCpu?: boolean;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? undefined : "the path of a folder");

/** @throws on an unknown option, with the nearest name, or a wrong value */
export const checkCudaOptions = (who: string, options: CudaOptions): void =>
  checkOptions<CudaOptions>(who, options, { optional: { folder: text, acceptCpu: checks.flag } });

// What both entries, the one for Node and the one for browsers, take.

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

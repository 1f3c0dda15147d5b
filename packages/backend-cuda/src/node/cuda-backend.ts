// What the backend offers, whatever engine runs it.
import type { Backend } from "@hooke/runtime";
import type { CudaEngine } from "../options.ts";

/** What `cudaBackend` offers beyond the contract. */
export interface CudaBackend extends Backend {
  /** What runs programs. */
  readonly engine: CudaEngine;
  /** What the driver calls the GPU, or TensorFlow the processor. */
  readonly deviceName: string;
  /** Arrays now alive on the device: buffers, and what programs hold. */
  readonly liveArrays: number;
  /** Lets go of the GPU's memory, where the engine can. The backend and its buffers are of no use afterwards. */
  close(): Promise<void>;
}

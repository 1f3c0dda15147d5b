// Arrays of a tfjs engine, by reference count and without tensors.
import { HookeError, type HostArray, type PrimitiveName } from "@hooke/runtime";
import { getKernel, type KernelBackend, type NamedAttrMap, type TensorInfo } from "@tensorflow/tfjs-core";
import { type KernelCall, kindOf } from "./plan/step.ts";

/** An array on the device, one reference to it owned by whoever holds it; or an array in host memory. */
export type Stored = TensorInfo["dataId"] | HostArray;

/** Inputs of a kernel, by name or in a list. */
export type KernelArrays = Readonly<Record<string, TensorInfo>> | readonly TensorInfo[];

/** The tfjs engine as replays use it. */
export class Device {
  readonly name: string;
  readonly engine: string;
  readonly backend: KernelBackend;
  /** Told of every planned kernel call. */
  readonly beforeCall: (call: KernelCall) => void;

  constructor(name: string, engine: string, backend: KernelBackend, beforeCall: (call: KernelCall) => void = () => {}) {
    this.name = name;
    this.engine = engine;
    this.backend = backend;
    this.beforeCall = beforeCall;
  }

  /** Copies an array in. */
  write({ shape, dtype, data }: HostArray): TensorInfo["dataId"] {
    const copy = dtype === "u32" ? new Int32Array(data) : data.slice();
    return this.backend.write(copy as Int32Array, [...shape], kindOf(dtype));
  }

  /**
   * A kernel of the engine, looked up once.
   *
   * @returns its call, which throws naming the primitive it is a part of
   */
  kernel(name: string, primitive: PrimitiveName): (inputs: KernelArrays, attrs: NamedAttrMap) => TensorInfo[] {
    const { backend } = this;
    const { kernelFunc } = getKernel(name, this.engine);
    return (inputs, attrs) => {
      try {
        const results = kernelFunc({ inputs: inputs as Record<string, TensorInfo>, backend, attrs });
        return Array.isArray(results) ? results : [results];
      } catch (error) {
        // A backend that wraps this one may already have said more.
        if (error instanceof HookeError) throw error;
        const shapes = Object.values(inputs).map(({ shape, dtype }: TensorInfo) => `${dtype}[${shape.join(", ")}]`);
        throw new HookeError(
          `backend ${this.name}: ${primitive}: kernel ${name} of ${shapes.join(", ")} failed: ${(error as Error).message}`,
        );
      }
    };
  }

  /** Gives one reference back. */
  release(stored: Stored): void {
    if (!isHost(stored)) this.backend.disposeData(stored);
  }

  /** One more reference. */
  share(stored: Stored): Stored {
    if (!isHost(stored)) this.backend.incRef(stored);
    return stored;
  }
}

export const isHost = (stored: Stored): stored is HostArray => "dtype" in stored && "data" in stored;

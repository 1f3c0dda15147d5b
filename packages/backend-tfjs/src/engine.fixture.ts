// tfjs engines in Node, for tests: started, or called kernel by kernel.
import { allocate, type HostArray, sizeOf } from "@hooke/runtime";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import {
  backend,
  engine as core,
  getKernel,
  type NamedAttrMap,
  setBackend,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { createTfjsBackend, type TfjsBackend, type TfjsBackendOptions } from "./backend.ts";
import { Device } from "./device.ts";
import type { Capabilities } from "./plan/capabilities.ts";
import { kindOf } from "./plan/step.ts";

export type Engine = "cpu" | "wasm";

const capabilities: Readonly<Record<Engine, Capabilities>> = {
  cpu: {
    precise: true,
    transposedProducts: true,
    freshWeights: true,
    explicitPadding: true,
    // In doubles, for 48 terms at a time.
    longestProduct: 1024,
  },
  wasm: { explicitPadding: true },
};

/** A backend on one of tfjs's engines. */
export async function engineBackend(engine: Engine, options: Partial<TfjsBackendOptions> = {}): Promise<TfjsBackend> {
  await setBackend(engine);
  return createTfjsBackend({
    name: `tfjs-${engine}`,
    engine,
    kernelBackend: backend(),
    capabilities: capabilities[engine],
    ...options,
  });
}

/** What a kernel of a started engine makes of given arrays: its first output. */
export function callKernel(
  engine: Engine,
  kernel: string,
  arrays: Readonly<Record<string, HostArray>>,
  attrs: NamedAttrMap = {},
): HostArray {
  const device = new Device(engine, engine, core().findBackend(engine));
  const inputs: Record<string, TensorInfo> = {};
  for (const [name, x] of Object.entries(arrays)) {
    inputs[name] = { dataId: device.write(x), shape: [...x.shape], dtype: kindOf(x.dtype) };
  }
  const results = getKernel(kernel, engine).kernelFunc({ inputs, backend: device.backend, attrs });
  const outputs = Array.isArray(results) ? results : [results];
  const output = outputs[0]!;
  const dtype = output.dtype === "float32" ? "f32" : output.dtype === "bool" ? "bool" : "i32";
  const data = allocate(dtype, sizeOf(output.shape));
  data.set(device.backend.readSync(output.dataId) as Float32Array);
  for (const { dataId } of [...Object.values(inputs), ...outputs]) device.release(dataId);
  return { shape: output.shape, dtype, data };
}

/**
 * Fills memory so that the next arrays of given sizes get places between sevens: kernels that read past an array's ends show it.
 *
 * @returns gives the memory back
 */
export function crowd(engine: Engine, sizes: readonly number[]): () => void {
  const device = new Device(engine, engine, core().findBackend(engine));
  const arrays = sizes.flatMap((size) => {
    const data = new Float32Array(size).fill(7);
    return Array.from({ length: 64 }, () => device.write({ shape: [size], dtype: "f32", data }));
  });
  const stay = arrays.filter((array, i) => {
    if (i % 2 === 1) device.release(array);
    return i % 2 === 0;
  });
  return () => {
    for (const array of stay) device.release(array);
  };
}

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
import { kindOf } from "./plan/step.ts";

export type Engine = "cpu" | "wasm";

/** A backend on one of tfjs's engines. */
export async function engineBackend(engine: Engine, options: Partial<TfjsBackendOptions> = {}): Promise<TfjsBackend> {
  await setBackend(engine);
  return createTfjsBackend({ name: `tfjs-${engine}`, engine, kernelBackend: backend(), ...options });
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
  const output = Array.isArray(results) ? results[0]! : results;
  const dtype = output.dtype === "float32" ? "f32" : output.dtype === "bool" ? "bool" : "i32";
  const data = allocate(dtype, sizeOf(output.shape));
  data.set(device.backend.readSync(output.dataId) as Float32Array);
  return { shape: output.shape, dtype, data };
}

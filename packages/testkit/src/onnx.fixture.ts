// ONNX files run by onnxruntime, which knows nothing of Hooke.
import type { DType, HostArray, TypedArray } from "@hooke/runtime";
import { InferenceSession, Tensor } from "onnxruntime-node";

const types = { f32: "float32", f64: "float64", i32: "int32", u32: "uint32", bool: "bool" } as const;
const dtypes = Object.fromEntries(Object.entries(types).map(([dtype, type]) => [type, dtype]));

/** The array `predictions` of a file. */
export async function runOnnx(file: Uint8Array, inputs: Readonly<Record<string, HostArray>>): Promise<HostArray> {
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype, data }]) => [
      name,
      new Tensor(types[dtype] as "float32", data as Float32Array, shape),
    ]),
  );
  const { predictions } = await session.run(feeds);
  const { dims, data, type } = predictions!;
  await session.release();
  return { shape: dims, dtype: dtypes[type] as DType, data: data as unknown as TypedArray };
}

// Own WGSL programs, run by tfjs's WebGPU backend beside its kernels.
//
// tfjs reads every array as f32, whatever its type: whole numbers beyond 2^24 change, and some shaders do not compile.
// Programs here read and write the arrays themselves, in their own types.
import { sizeOf } from "@hooke/runtime";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { KernelConfig, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";

/** A tensor under another shape; `dtype` is one of those that have kernels. */
export interface Info extends TensorInfo {
  readonly dtype: "float32" | "int32" | "bool";
}

/** A kernel: inputs by the names that tfjs gives them. */
export type Kernel = (backend: WebGPUBackend, inputs: readonly Info[], attrs: NamedAttrMap) => Info | Info[];

/** Threads of a workgroup. */
export const threads = 64;

/** One program: what every thread does for one element of the result. */
export interface Source {
  /** Identifies the code: equal keys on equal types share a pipeline. */
  readonly key: string;
  /** Functions that `value` calls. */
  readonly helpers?: string;
  /** Statements before `value`; `index` is the element's place in the flat result. */
  readonly before?: string;
  /** Where the element goes in the flat result. Default: `index`. */
  readonly place?: string;
  /** The element, an expression of the result's type. Inputs are the flat arrays `A`, `B`, `C`. */
  readonly value: string;
  /** Numbers that inputs are read at a time: `A[i]` is a `vec4` where it is 4. Default 1. */
  readonly width?: 1 | 4;
  /** Whole numbers the code reads as `uniforms.name`; four make a `vec4`. */
  readonly numbers?: Readonly<Record<string, readonly number[]>>;
}

/** One program whose threads write several elements each, or none. */
export interface ThreadSource extends Pick<Source, "key" | "helpers" | "width" | "numbers"> {
  /** How many threads. */
  readonly count: number;
  /** Statements of thread `index`, which write to the flat array `result`. */
  readonly body: string;
  /**
   * Whether threads of a workgroup, 64 after another, wait for each other. All of the last workgroup's run then, those beyond `count` too.
   */
  readonly waits?: boolean;
}

/** Runs a program once per element of the result. */
export function runProgram(
  backend: WebGPUBackend,
  inputs: readonly Info[],
  shape: readonly number[],
  dtype: Info["dtype"],
  { before = "", place = "index", value, ...source }: Source,
): Info {
  const body = `${before}
        result[${place}] = ${value};`;
  return runThreads(backend, inputs, shape, dtype, { ...source, count: sizeOf(shape), body });
}

/** Runs a program of any number of threads. */
export function runThreads(
  backend: WebGPUBackend,
  inputs: readonly Info[],
  shape: readonly number[],
  dtype: Info["dtype"],
  { key, helpers = "", body, count, width = 1, numbers = {}, waits = false }: ThreadSource,
): Info {
  const size = sizeOf(shape);
  const output = backend.makeTensorInfo([...shape], dtype) as Info;
  const flat = (info: Info): Info => ({ dataId: info.dataId, dtype: info.dtype, shape: [sizeOf(info.shape)] });
  const entries = Object.entries({ ...numbers, threads: [count] });
  const program = {
    variableNames: ["A", "B", "C"].slice(0, inputs.length),
    variableComponents: inputs.map(() => width),
    outputShape: [size],
    dispatchLayout: { x: [0] },
    dispatch: [Math.ceil(count / threads), 1, 1] as [number, number, number],
    workgroupSize: [threads, 1, 1] as [number, number, number],
    size: true,
    uniforms: entries.map(([name, { length }]) => `${name} : ${length === 4 ? "vec4<i32>" : "i32"}, `).join(""),
    shaderKey: `hooke ${key} ${width}`,
    getUserCode: () => `
      ${helpers}
      fn main(index : i32) {
        ${waits ? "" : "if (index >= uniforms.threads) { return; }"}
        ${body}
      }`,
  };
  const values = entries.map(([, data]) => ({ type: "int32", data: [...data] }));
  backend.runWebGPUProgram(program, inputs.map(flat), dtype, values, flat(output));
  return output;
}

/** A kernel as tfjs registers it; single inputs come in the order of their names. */
export const asConfig = (engine: string, kernelName: string, kernel: Kernel): KernelConfig => ({
  kernelName,
  backendName: engine,
  kernelFunc: ({ inputs, backend, attrs = {} }) =>
    kernel(
      backend as WebGPUBackend,
      Object.keys(inputs)
        .sort(byPlace)
        .map((name) => inputs[name] as Info),
      attrs,
    ),
});

const places = ["key", "data", "x", "dy", "filter", "a", "b", "condition", "t", "e", "indices", "updates"];
const byPlace = (left: string, right: string): number =>
  places.includes(left) ? places.indexOf(left) - places.indexOf(right) : Number(left) - Number(right);

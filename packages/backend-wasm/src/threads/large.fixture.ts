// Programs with kernels that are large enough to be divided, each in its own way. As a script: runs one of them
// several times and prints the digests of its results.
import { createHash } from "node:crypto";
import {
  type Aval,
  add,
  type Backend,
  conv,
  type DType,
  exp,
  grad,
  type HostArray,
  matmul,
  max,
  maxPool,
  mul,
  optimize,
  type Program,
  randomKey,
  record,
  reshape,
  scan,
  sizeOf,
  sum,
  sumPool,
  type Tensor,
  tanh,
  transpose,
  uniform,
} from "@hooke/runtime";
import { wasmBackend } from "../backend.ts";

export interface LargeProgram {
  readonly name: string;
  readonly program: Program;
}

function made(
  name: string,
  fn: (...inputs: Tensor[]) => Tensor | Tensor[],
  dtype: DType,
  ...shapes: number[][]
): LargeProgram {
  const { program } = record(fn, ...shapes.map((shape) => ({ shape, dtype })));
  return { name: `${name}, ${dtype}`, program: optimize(program) };
}

const loss = (x: Tensor): Tensor => sum(mul(x, tanh(x)));
const convolutionAndGradients = (x: Tensor, kernel: Tensor): Tensor[] => {
  const padding: [number, number][] = [
    [1, 1],
    [1, 1],
  ];
  const value = (x: Tensor, kernel: Tensor): Tensor => conv(x, kernel, { padding });
  const gradients = [
    grad((x: Tensor) => loss(value(x, kernel)))(x),
    grad((kernel: Tensor) => loss(value(x, kernel)))(kernel),
  ];
  return [value(x, kernel), ...gradients];
};

/** How a kernel is divided stands in its name. */
export const largePrograms: readonly LargeProgram[] = (["f32", "f64"] as const).flatMap((dtype) => [
  made("product by rows", (a, b) => matmul(a!, b!), dtype, [401, 90], [90, 67]),
  made("product in blocks, by rows", (a, b) => matmul(a!, b!), dtype, [200, 300], [300, 131]),
  made(
    "product by columns",
    (a, b) => [matmul(a!, b!), matmul(a!, transpose(reshape(b!, [401, 100])))],
    dtype,
    [64, 100],
    [100, 401],
  ),
  made(
    "long products in panels, by columns and by rows",
    (a, b) => [matmul(transpose(a!), b!), matmul(transpose(b!), a!)],
    dtype,
    [2100, 130],
    [2100, 301],
  ),
  made("product with a vector", (a, b) => matmul(a!, b!), dtype, [1500, 700], [700, 1]),
  made("product along k", (a, b) => matmul(transpose(a!), b!), dtype, [5003, 20], [5003, 17]),
  made("product along k, in slabs", (a, b) => matmul(a!, b!), dtype, [6, 40_000], [40_000, 9]),
  made("products of a batch", (a, b) => matmul(a!, b!), dtype, [13, 48, 32], [13, 32, 40]),
  made("convolution by images", convolutionAndGradients, dtype, [9, 14, 13, 8], [3, 3, 8, 24]),
  made("convolution by positions", convolutionAndGradients, dtype, [1, 40, 41, 8], [3, 3, 8, 20]),
  made("convolution by filters", convolutionAndGradients, dtype, [2, 7, 7, 96], [3, 3, 96, 136]),
  made("convolution by large kernels", convolutionAndGradients, dtype, [3, 4, 5, 256], [3, 3, 256, 260]),
  made(
    "convolution of several images at once, and the rest",
    convolutionAndGradients,
    dtype,
    [17, 2, 2, 512],
    [3, 3, 512, 40],
  ),
  made("pooling", (x) => grad((x: Tensor) => loss(maxPool(x, { window: [2, 2] })))(x!), dtype, [5, 64, 63, 16]),
  made(
    "pooling of one image",
    (x) => [maxPool(x!, { window: [3, 3] }), sumPool(x!, { window: [2, 3] })],
    dtype,
    [1, 90, 91, 32],
  ),
  made("loop over one array", (x) => [exp(x!), tanh(mul(x!, 2))], dtype, [100_003]),
  made("loop by rows", (x, y) => mul(add(x!, y!), tanh(x!)), dtype, [1001, 65], [65]),
  made(
    "random numbers",
    (x) => mul(x!, uniform(randomKey(7), [100_003], { dtype: x!.dtype as "f32" | "f64" })),
    dtype,
    [100_003],
  ),
  made(
    "sums",
    (x) => [sum(x!), sum(mul(x!, x!), { axes: 0 }), sum(x!, { axes: 1 }), max(x!), max(x!, { axes: 0 })],
    dtype,
    [3001, 70],
  ),
  made("sums over long rows", (x) => [sum(x!, { axes: 1 })], dtype, [2, 300_001]),
  made(
    "products side by side, and their derivatives",
    (x, w) => {
      const layer = (w: Tensor): Tensor => {
        const sides = [1, 2, 3, 4, 5, 6, 7, 8].map((factor) => tanh(matmul(mul(x!, factor), w)));
        return sum(sides.reduce((total, side) => mul(total, side)));
      };
      return [layer(w!), grad(layer)(w!)];
    },
    dtype,
    [dtype === "f64" ? 250 : 500, 32],
    [32, 32],
  ),
  made(
    "loop of steps",
    (x, w) => scan((h: Tensor) => [tanh(matmul(h, w!)), sum(h)] as const, x!, [], { length: 5 }),
    dtype,
    [300, 64],
    [64, 64],
  ),
]);

/** Numbers that are no multiples of each other. */
export function numbers({ shape, dtype }: Aval, seed: number): HostArray {
  const data = dtype === "f64" ? new Float64Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
  let state = seed + 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 32 - 0.5;
  }
  return { shape, dtype, data } as HostArray;
}

/** The results of a program, run several times. */
export async function results(backend: Backend, program: Program, runs: number): Promise<HostArray[][]> {
  const executable = await backend.prepare(program);
  const inputs = program.inputs.map((input, i) => backend.upload(numbers(input, i)));
  const all: HostArray[][] = [];
  for (let run = 0; run < runs; run++) {
    const outputs = executable.run(inputs);
    all.push(await Promise.all(outputs.map((output) => backend.read(output))));
    for (const output of outputs) backend.free(output);
  }
  for (const input of inputs) backend.free(input);
  executable.free();
  return all;
}

/** Tells results apart. */
export function digestOf(arrays: readonly HostArray[]): string {
  const hash = createHash("sha256");
  for (const { data } of arrays) hash.update(data);
  return hash.digest("hex");
}

if (process.argv[1] === import.meta.filename) {
  const backend = wasmBackend();
  const { program } = largePrograms[1]!;
  const digests = (await results(backend, program, Number(process.argv[2]))).map(digestOf);
  // What is not freed, and threads that wait for work, must not keep the process.
  await backend.prepare(program);
  console.log([...new Set(digests)].join());
}

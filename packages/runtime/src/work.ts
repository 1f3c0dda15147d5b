// How much a program computes, and how long a device of some speed takes for it: what `"auto"` chooses a backend by.
import { type DType, sizeOf } from "./array.ts";
import { bytesOf, kernelsOf, type Launches } from "./kernels.ts";
import type { creation } from "./primitives/creation.ts";
import type { elementwise } from "./primitives/elementwise.ts";
import type { indexing } from "./primitives/indexing.ts";
import type { known } from "./primitives/known.ts";
import type { packing } from "./primitives/packing.ts";
import type { PrimitiveName } from "./primitives/params.ts";
import type { pooling } from "./primitives/pooling.ts";
import type { reduction } from "./primitives/reduction.ts";
import type { sorting } from "./primitives/sorting.ts";
import type { structure } from "./primitives/structure.ts";
import type { Aval, Node, Program } from "./program.ts";

/** What one run of a program computes. */
export interface Work {
  /** Applications of primitives, each by itself; those of loops are counted each time round. */
  readonly primitives: Launches;
  /** What these become where elementwise ones are fused: an estimate, at most a third off a plan. */
  readonly kernels: Launches;
  /** Multiplications and additions in products and convolutions, and those that functions such as `tanh` take. */
  readonly operations: number;
  /** Element types that occur: a backend without one of them cannot do it. */
  readonly dtypes: readonly DType[];
}

/** What a device does in how much time; orders of magnitude, measured on programs of the benchmarks. */
export interface Speed {
  /** What the backend launches: each primitive, or kernels that elementwise ones are fused into. */
  readonly launches: "primitives" | "kernels";
  /** Microseconds for each of them, whatever its size. */
  readonly launch: number;
  /** Billions of multiplications and additions per second. */
  readonly gigaflops: number;
  /** Billions of bytes read and written per second. */
  readonly gigabytes: number;
}

/** An update of a multilayer perceptron of three layers with some thousand parameters on 64 rows. */
export const smallWork: Work = {
  primitives: { count: 150, bytes: 1.7e6 },
  kernels: { count: 25, bytes: 5.6e5 },
  operations: 1.8e6,
  dtypes: ["f32"],
};

/** Families without products: a primitive of another one says in `operationsOf` how many it takes. */
type WithoutProducts = keyof (typeof creation &
  typeof elementwise &
  typeof indexing &
  typeof known &
  typeof packing &
  typeof pooling &
  typeof reduction &
  typeof sorting &
  typeof structure);

/** What no backend does anything for when a program runs. */
const free: ReadonlySet<PrimitiveName> = new Set(["full", "constant", "iota", "reshape", "stopGradient", "known"]);

/** Functions of an element that are computed by many multiplications and additions, and about how many. */
const functions: ReadonlySet<PrimitiveName> = new Set([
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "tan",
  "tanh",
  "sigmoid",
  "erf",
  "pow",
] as const);
const operationsOfFunction = 32;

/**
 * What one run of a program computes.
 *
 * @example
 * ```ts
 * import { matmul, record, type Tensor, tanh, workOf } from "@hooke/runtime";
 *
 * const matrix = { shape: [100, 100], dtype: "f32" } as const;
 * const { program } = record((a: Tensor, b: Tensor) => tanh(matmul(a, b)), matrix, matrix);
 * const { primitives, kernels, operations } = workOf(program);
 * console.log(primitives.count, kernels.count, operations); // 2 2 2320000
 * ```
 */
export function workOf(program: Program): Work {
  let [count, bytes, operations] = [0, 0, 0];
  const dtypes = new Set(program.inputs.map(({ dtype }) => dtype));
  for (const node of program.nodes) {
    for (const { dtype } of node.outputs) dtypes.add(dtype);
    if (node.primitive === "scan") {
      const { body, length } = node.params;
      const step = workOf(body);
      count += length * step.primitives.count;
      bytes += length * step.primitives.bytes;
      operations += length * step.operations;
      for (const dtype of step.dtypes) dtypes.add(dtype);
    } else if (!free.has(node.primitive)) {
      count += 1;
      for (const value of new Set([...node.inputs, ...node.outputs])) bytes += bytesOf(value);
      operations += operationsOf(node);
    }
  }
  return { primitives: { count, bytes }, kernels: kernelsOf(program), operations, dtypes: [...dtypes] };
}

/** Milliseconds that a run takes at a speed. */
export function durationOf(work: Work, { launches, launch, gigaflops, gigabytes }: Speed): number {
  const { count, bytes } = work[launches];
  return (count * launch) / 1e3 + work.operations / (gigaflops * 1e6) + bytes / (gigabytes * 1e6);
}

function operationsOf({ primitive, params, inputs, outputs }: Exclude<Node, { primitive: "scan" }>): number {
  const size = ({ shape }: Aval): number => sizeOf(shape);
  const [a, b] = inputs as [Aval, Aval];
  const [out] = outputs as [Aval];
  switch (primitive) {
    case "dot":
      return 2 * size(out) * a.shape.at(params.transposeA ? -2 : -1)!;
    // Each element of the output meets a window of each input channel of its group: the kernel less its last axis.
    case "conv":
      return (2 * size(out) * size(b)) / b.shape.at(-1)!;
    case "convInputGradient":
      return (2 * size(a) * size(b)) / b.shape.at(-1)!;
    case "convKernelGradient":
      return (2 * size(b) * size(out)) / out.shape.at(-1)!;
    case "cholesky":
      return (size(a) * a.shape.at(-1)!) / 3;
    case "triangularSolve":
      return size(b) * a.shape.at(-1)!;
    default:
      primitive satisfies WithoutProducts;
      return functions.has(primitive) ? operationsOfFunction * size(out) : 0;
  }
}

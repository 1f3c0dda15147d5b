// How much a program computes, and how long a device of some speed takes for it: what `"auto"` chooses a backend by.
import { byteSize, type DType, sizeOf } from "./array.ts";
import type { creation } from "./primitives/creation.ts";
import type { elementwise } from "./primitives/elementwise.ts";
import type { indexing } from "./primitives/indexing.ts";
import type { known } from "./primitives/known.ts";
import type { PrimitiveName } from "./primitives/params.ts";
import type { pooling } from "./primitives/pooling.ts";
import type { reduction } from "./primitives/reduction.ts";
import type { sorting } from "./primitives/sorting.ts";
import type { structure } from "./primitives/structure.ts";
import type { Aval, Node, Program } from "./program.ts";

/** What one run of a program computes. */
export interface Work {
  /** Applications of primitives, those of loops counted each time round. */
  readonly launches: number;
  /** Multiplications and additions in products and convolutions. */
  readonly operations: number;
  /** Bytes of everything computed. */
  readonly bytes: number;
  /** Element types that occur: a backend without one of them cannot do it. */
  readonly dtypes: readonly DType[];
}

/** What a device does in how much time; orders of magnitude, measured on programs of the benchmarks. */
export interface Speed {
  /** Microseconds for each application of a primitive, whatever its size. */
  readonly launch: number;
  /** Billions of multiplications and additions per second in products and convolutions. */
  readonly gigaflops: number;
  /** Billions of bytes computed per second elsewhere. */
  readonly gigabytes: number;
}

/** An update of a multilayer perceptron of three layers with some thousand parameters on 64 rows. */
export const smallWork: Work = { launches: 150, operations: 1.6e6, bytes: 6e5, dtypes: ["f32"] };

/** Families whose work is the bytes that they compute: a primitive of another one says in `products` how many products it takes. */
type WithoutProducts = keyof (typeof creation &
  typeof elementwise &
  typeof indexing &
  typeof known &
  typeof pooling &
  typeof reduction &
  typeof sorting &
  typeof structure);

/** What no backend does anything for when a program runs. */
const free: ReadonlySet<PrimitiveName> = new Set(["full", "constant", "iota", "reshape", "stopGradient", "known"]);

/**
 * What one run of a program computes.
 *
 * @example
 * ```ts
 * import { matmul, record, type Tensor, tanh, workOf } from "@hooke/runtime";
 *
 * const matrix = { shape: [100, 100], dtype: "f32" } as const;
 * const { program } = record((a: Tensor, b: Tensor) => tanh(matmul(a, b)), matrix, matrix);
 * const { launches, operations, bytes } = workOf(program);
 * console.log(launches, operations, bytes); // 2 2000000 80000
 * ```
 */
export function workOf(program: Program): Work {
  let [launches, operations, bytes] = [0, 0, 0];
  const dtypes = new Set<DType>();
  const meet = (values: readonly Aval[]): void => {
    for (const { dtype } of values) dtypes.add(dtype);
  };
  meet(program.inputs);
  for (const node of program.nodes) {
    meet(node.outputs);
    if (node.primitive === "scan") {
      const body = workOf(node.params.body);
      launches += node.params.length * body.launches;
      operations += node.params.length * body.operations;
      bytes += node.params.length * body.bytes;
      for (const dtype of body.dtypes) dtypes.add(dtype);
    } else if (!free.has(node.primitive)) {
      launches += 1;
      operations += products(node);
      for (const output of node.outputs) bytes += byteSize[output.dtype] * sizeOf(output.shape);
    }
  }
  return { launches, operations, bytes, dtypes: [...dtypes] };
}

/** Milliseconds that a run takes at a speed. */
export function durationOf({ launches, operations, bytes }: Work, { launch, gigaflops, gigabytes }: Speed): number {
  return (launches * launch) / 1e3 + operations / (gigaflops * 1e6) + bytes / (gigabytes * 1e6);
}

function products({ primitive, params, inputs, outputs }: Exclude<Node, { primitive: "scan" }>): number {
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
      return 0;
  }
}

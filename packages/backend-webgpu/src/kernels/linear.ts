// Products of matrices that tfjs's kernels do not suit: small ones, where waiting at barriers does not pay off; long sums,
// which tfjs adds in any order; and more rows or matrices than it can start workgroups for.
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { addsInAnyOrder, common, fitsDispatch } from "./common.ts";
import { type Info, type Kernel, runProgram } from "./program.ts";

/** Products of up to this many multiplications take one thread per element. */
const smallProduct = 2 ** 21;
/** Long sums are made of up to so many parts, added in order. */
const mostParts = 32;
/** Terms of such a part, at least. */
const shortestPart = 256;

/** `a[batch, M, K] b[batch, K, N]`, each stored transposed where the flag says so; a batch of 1 repeats. */
const product: Kernel = (backend, [a, b], attrs) => {
  const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
  const [batch, rows] = [Math.max(a!.shape[0]!, b!.shape[0]!), a!.shape[transposeA ? 2 : 1]!];
  const [depth, columns] = [a!.shape[transposeA ? 1 : 2]!, b!.shape[transposeB ? 1 : 2]!];
  const sizes = { batch, rows, columns, depth };
  const isSmall = batch * rows * columns * depth <= smallProduct;
  const isLong = addsInAnyOrder(backend, sizes);
  if (!isSmall && !isLong && fitsDispatch(backend, sizes)) {
    return common("BatchMatMul", backend, { a: a!, b: b! }, attrs);
  }
  // Of the result's axis, of the axis summed over.
  const [rowStep, stepA] = transposeA ? [1, rows] : [depth, 1];
  const [columnStep, stepB] = transposeB ? [depth, 1] : [1, columns];
  // Parts of long sums are like a batch that advances along the sums.
  const span = isLong ? Math.max(shortestPart, Math.ceil(depth / mostParts)) : depth;
  const count = isLong ? Math.ceil(depth / span) : batch;
  const batchStep = (x: Info, step: number): number => (isLong ? span * step : x.shape[0] === 1 ? 0 : sizeOfMatrix(x));
  const products = runProgram(backend, [a!, b!], [count, rows, columns], "float32", {
    key: "product",
    before: `
      let line = index / uniforms.columns;
      let column = index - line * uniforms.columns;
      let batch = line / uniforms.rows;
      let row = line - batch * uniforms.rows;
      var left = batch * uniforms.strideA.x + row * uniforms.strideA.y;
      var right = batch * uniforms.strideB.x + column * uniforms.strideB.y;
      var total = 0.0;
      // The last part of a long sum may be shorter.
      let depth = min(uniforms.span, uniforms.end - batch * uniforms.span);
      for (var i = 0; i < depth; i++) {
        total = fma(A[left], B[right], total);
        left += uniforms.strideA.z;
        right += uniforms.strideB.z;
      }`,
    value: "total",
    numbers: {
      columns: [columns],
      rows: [rows],
      span: [span],
      end: [isLong ? depth : batch * depth],
      strideA: [batchStep(a!, stepA), rowStep, stepA, 0],
      strideB: [batchStep(b!, stepB), columnStep, stepB, 0],
    },
  });
  return isLong ? addParts(backend, products) : products;
};

const sizeOfMatrix = ({ shape }: Info): number => shape[1]! * shape[2]!;

/** The sum over the first axis of `[parts, M, N]`, which becomes 1, in order. */
function addParts(backend: WebGPUBackend, parts: Info): Info {
  const [count, rows, columns] = parts.shape as [number, number, number];
  const total = runProgram(backend, [parts], [1, rows, columns], "float32", {
    key: "sum of parts",
    before: `
      var total = A[index];
      for (var part = 1; part < uniforms.count; part++) { total += A[part * uniforms.span + index]; }`,
    value: "total",
    numbers: { count: [count], span: [rows * columns] },
  });
  backend.disposeData(parts.dataId);
  return total;
}

export const linear: Readonly<Record<string, Kernel>> = { BatchMatMul: product };

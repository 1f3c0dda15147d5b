// Products of matrices. tfjs's kernel adds many terms one after the other or in any order, waits at barriers where that does not pay
// off, and starts more workgroups in a dimension than a device has.
import { multiply } from "./product.ts";
import type { Info, Kernel } from "./program.ts";

const code = `
  fn rowOf(row : i32) -> vec4<i32> { return vec4<i32>(row * uniforms.strideA.y, 0, 0, 0); }
  fn columnOf(column : i32) -> vec4<i32> { return vec4<i32>(column * uniforms.strideB.y, 0, 0, 0); }
  fn termOf(term : i32) -> vec4<i32> { return vec4<i32>(term * uniforms.strideA.z, term * uniforms.strideB.z, 0, 0); }
  fn left(batch : i32, row : vec4<i32>, term : vec4<i32>) -> f32 {
    return A[batch * uniforms.strideA.x + row.x + term.x];
  }
  fn right(batch : i32, term : vec4<i32>, column : vec4<i32>) -> f32 {
    return B[batch * uniforms.strideB.x + term.y + column.x];
  }`;

/** `a[batch, M, K] b[batch, K, N]`, each stored transposed where the flag says so; a batch of 1 repeats. */
const product: Kernel = (backend, [a, b], attrs) => {
  const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
  const [batch, rows] = [Math.max(a!.shape[0]!, b!.shape[0]!), a!.shape[transposeA ? 2 : 1]!];
  const [depth, columns] = [a!.shape[transposeA ? 1 : 2]!, b!.shape[transposeB ? 1 : 2]!];
  // Of the result's axis, of the axis summed over.
  const [rowStep, stepA] = transposeA ? [1, rows] : [depth, 1];
  const [columnStep, stepB] = transposeB ? [depth, 1] : [1, columns];
  const batchStep = ({ shape }: Info): number => (shape[0] === 1 ? 0 : shape[1]! * shape[2]!);
  return multiply(backend, [a!, b!], {
    key: "product",
    batch,
    rows,
    columns,
    depth,
    code,
    numbers: {
      strideA: [batchStep(a!), rowStep, stepA, 0],
      strideB: [batchStep(b!), columnStep, stepB, 0],
    },
  });
};

export const linear: Readonly<Record<string, Kernel>> = { BatchMatMul: product };

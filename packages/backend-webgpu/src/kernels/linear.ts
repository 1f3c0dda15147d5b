// Products of small matrices without shared memory: tfjs's kernel waits at barriers, which pays off only for large ones.
import { type Kernel, runProgram } from "./program.ts";
import { common } from "./reduction.ts";

/** Products of up to this many multiplications take one thread per element. */
const smallProduct = 2 ** 21;

/** `a[batch, M, K] b[batch, K, N]`, each stored transposed where the flag says so; a batch of 1 repeats. */
const product: Kernel = (backend, [a, b], attrs) => {
  const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
  const [batch, rows] = [Math.max(a!.shape[0]!, b!.shape[0]!), a!.shape[transposeA ? 2 : 1]!];
  const [depth, columns] = [a!.shape[transposeA ? 1 : 2]!, b!.shape[transposeB ? 1 : 2]!];
  if (batch * rows * columns * depth > smallProduct) return common("BatchMatMul", backend, { a: a!, b: b! }, attrs);
  return runProgram(backend, [a!, b!], [batch, rows, columns], "float32", {
    key: "product",
    before: `
      let line = index / uniforms.columns;
      let column = index - line * uniforms.columns;
      let batch = line / uniforms.rows;
      let row = line - batch * uniforms.rows;
      var left = batch * uniforms.strideA.x + row * uniforms.strideA.y;
      var right = batch * uniforms.strideB.x + column * uniforms.strideB.y;
      var total = 0.0;
      for (var i = 0; i < uniforms.depth; i++) {
        total = fma(A[left], B[right], total);
        left += uniforms.strideA.z;
        right += uniforms.strideB.z;
      }`,
    value: "total",
    numbers: {
      columns: [columns],
      rows: [rows],
      depth: [depth],
      // Of the batch, of the result's axis, of the axis summed over.
      strideA: [a!.shape[0] === 1 ? 0 : rows * depth, transposeA ? 1 : depth, transposeA ? rows : 1, 0],
      strideB: [b!.shape[0] === 1 ? 0 : depth * columns, transposeB ? depth : 1, transposeB ? 1 : columns, 0],
    },
  });
};

export const linear: Readonly<Record<string, Kernel>> = { BatchMatMul: product };

// One program for all products of matrices: of those stored as such, and of those that convolutions see. Each thread makes a block of the
// result, its terms added in short chains; long sums are made in parts, which are then added up in the same way.
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { chains } from "./chains.ts";
import { type Info, runThreads } from "./program.ts";
import { sumMiddle } from "./reduction.ts";

/** What is multiplied: `left[rows, depth] right[depth, columns]`, `batch` times. */
export interface Product {
  /** Identifies the code. */
  readonly key: string;
  readonly batch?: number;
  readonly rows: number;
  readonly columns: number;
  /** Terms of each sum. */
  readonly depth: number;
  /**
   * WGSL: `rowOf(row)`, `columnOf(column)` and `termOf(term)` return as `vec4<i32>` what `left(batch, row, term)` and
   * `right(batch, term, column)` need to find their numbers in `A` and `B`.
   */
  readonly code: string;
  readonly numbers?: Readonly<Record<string, readonly number[]>>;
}

/** Terms of a part: at least, so that there is work for a thread, and at most, as long as parts fit. */
const [shortestPart, longestPart] = [256, 4096];
/** Threads a GPU likes to have. */
const manyThreads = 2 ** 16;
/** Elements that all parts may take together. */
const mostElements = 2 ** 24;

/** In how many parts sums are made. */
function partsOf(elements: number, depth: number): number {
  const forThreads = Math.min(Math.ceil(depth / shortestPart), Math.ceil(manyThreads / elements));
  const forChains = Math.ceil(depth / longestPart);
  return Math.max(1, Math.min(Math.max(forThreads, forChains), Math.floor(mostElements / elements)));
}

/** The code of a thread that makes `height` x `width` elements; `width` is 1 or 4. */
function blockCode(code: string, height: number, width: number) {
  const type = width === 4 ? "vec4<f32>" : "f32";
  const lines = Array.from({ length: height }, (_, i) => i);
  const sums = lines.map((i) => chains(`sum${i}_`, `${type}()`));
  const each = (write: (i: number) => string): string => lines.map(write).join("\n");
  const rightOf = (i: number): string => `right(batch, term, column${i})`;
  const values = width === 4 ? `vec4<f32>(${[0, 1, 2, 3].map(rightOf).join(", ")})` : rightOf(0);
  const columns = Array.from({ length: width }, (_, i) => i);
  const write = (i: number, c: number): string => `
    if (firstRow + ${i} < uniforms.rows && firstColumn + ${c} < uniforms.columns) {
      result[(z * uniforms.rows + firstRow + ${i}) * uniforms.columns + firstColumn + ${c}] = total${i}${width === 4 ? `[${c}]` : ""};
    }`;
  return {
    helpers: code,
    // What lies outside is computed as the last row or column is, and not written.
    body: `
      let line = index / uniforms.across;
      let firstColumn = (index - line * uniforms.across) * ${width};
      let z = line / uniforms.down;
      let firstRow = (line - z * uniforms.down) * ${height};
      let batch = z / uniforms.parts;
      let start = (z - batch * uniforms.parts) * uniforms.span;
      let count = min(uniforms.span, uniforms.depth - start);
      ${each((i) => `let row${i} = rowOf(min(firstRow + ${i}, uniforms.rows - 1));`)}
      ${columns.map((c) => `let column${c} = columnOf(min(firstColumn + ${c}, uniforms.columns - 1));`).join("\n")}
      ${each((i) => sums[i]!.declare)}
      for (var n = 1; n <= count; n++) {
        let term = termOf(start + n - 1);
        let values = ${values};
        ${each((i) => `${sums[i]!.first} = fma(${type}(left(batch, row${i}, term)), values, ${sums[i]!.first});`)}
        if ((n & 15) == 0) { ${each((i) => sums[i]!.fold("n"))} }
      }
      ${each((i) => `let total${i} = ${sums[i]!.total};`)}
      ${each((i) => columns.map((c) => write(i, c)).join(""))}`,
  };
}

/** `[batch, rows, columns]`. */
export function multiply(backend: WebGPUBackend, inputs: readonly Info[], product: Product): Info {
  const { key, batch = 1, rows, columns, depth, code, numbers = {} } = product;
  const parts = partsOf(batch * rows * columns, depth);
  const span = Math.ceil(depth / parts);
  const [height, width] = [rows < 4 ? 1 : 4, columns < 4 ? 1 : 4];
  const [down, across] = [Math.ceil(rows / height), Math.ceil(columns / width)];
  const products = runThreads(backend, inputs, [batch, parts, rows * columns], "float32", {
    key: `${key} ${height} x ${width}`,
    ...blockCode(code, height, width),
    count: batch * parts * down * across,
    numbers: {
      ...numbers,
      ...{ rows: [rows], columns: [columns], depth: [depth], parts: [parts], span: [span] },
      ...{ down: [down], across: [across] },
    },
  });
  const shape = [batch, rows, columns];
  if (parts === 1) return { ...products, shape };
  const total = sumMiddle(backend, products);
  backend.disposeData(products.dataId);
  return { ...total, shape };
}

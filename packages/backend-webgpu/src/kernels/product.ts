// One program for all products of matrices: of those stored as such, and of those that convolutions see. Each thread makes a block of the
// result, its terms added in short chains, and threads read numbers for each other where there are enough rows and columns; long sums
// are made in parts, which are then added up in the same way.
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { chain, chains, levelsFor } from "./chains.ts";
import { type Info, runThreads, threads } from "./program.ts";
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

/**
 * WGSL: writes a thread's rows of the result, from `firstRow` and `firstColumn` on, as far as there are rows and columns. A loop: written
 * out, it takes a third of the time that SwiftShader compiles a product.
 */
const writeCode = (type: "f32" | "vec4<f32>", totals: readonly string[], within = "true"): string => `
      var totals = array<${type}, ${totals.length}>(${totals.join(", ")});
      for (var i = 0; i < ${totals.length}; i++) {
        let at = (z * uniforms.rows + firstRow + i) * uniforms.columns + firstColumn;
        for (var c = 0; c < ${type === "f32" ? 1 : 4}; c++) {
          if (${within} && firstRow + i < uniforms.rows && firstColumn + c < uniforms.columns) {
            result[at + c] = totals[i]${type === "f32" ? "" : "[c]"};
          }
        }
      }`;

/** The code of a thread that makes `height` x `width` elements; `width` is 1 or 4. */
function blockCode(code: string, height: number, width: number, levels: number) {
  const type = width === 4 ? "vec4<f32>" : "f32";
  const lines = Array.from({ length: height }, (_, i) => i);
  const sums = lines.map((i) => chains(`sum${i}_`, `${type}()`, levels));
  const each = (write: (i: number) => string): string => lines.map(write).join("\n");
  const rightOf = (i: number): string => `right(batch, term, column${i})`;
  const values = width === 4 ? `vec4<f32>(${[0, 1, 2, 3].map(rightOf).join(", ")})` : rightOf(0);
  const columns = Array.from({ length: width }, (_, i) => i);
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
      let last = min(start + uniforms.span, uniforms.depth);
      ${each((i) => `let row${i} = rowOf(min(firstRow + ${i}, uniforms.rows - 1));`)}
      ${columns.map((c) => `let column${c} = columnOf(min(firstColumn + ${c}, uniforms.columns - 1));`).join("\n")}
      ${each((i) => sums[i]!.declare)}
      var place = start;
      for (var n = ${chain}; place < last; n += ${chain}) {
        for (let end = min(place + ${chain}, last); place < end; place++) {
          let term = termOf(place);
          let values = ${values};
          ${each((i) => `${sums[i]!.first} = fma(${type}(left(batch, row${i}, term)), values, ${sums[i]!.first});`)}
        }
        ${each((i) => sums[i]!.fold("n"))}
      }
      ${writeCode(
        type,
        sums.map(({ total }) => total),
      )}`,
  };
}

/** Rows and columns of the tiles of workgroups, and terms that are read for them at once: two chains. */
const tile = 32;
/** Products of up to this many multiplications are too small for tiles: waiting does not pay off, nor does compiling it. */
const smallProduct = 2 ** 21;
/** Rows or columns from which on tiles pay off. */
const smallestTiled = 8;

/** The code of workgroups that make `tile` x `tile` elements from what their threads read for each other, 4 x 4 by each. */
function tileCode(code: string) {
  const four = [0, 1, 2, 3];
  const each = (write: (i: number) => string): string => four.map(write).join("\n");
  const sums = four.map((i) => chains(`sum${i}_`, "vec4<f32>()"));
  const vector = (read: (i: number) => string): string => `vec4<f32>(${four.map(read).join(", ")})`;
  const addChain = (chunk: number): string => `
    for (var k = ${chunk * chain * 8}; k < ${(chunk + 1) * chain * 8}; k += 8) {
      let across = tileA[k + place.y];
      let values = tileB[k + place.x];
      ${each((i) => `${sums[i]!.first} = fma(vec4<f32>(across[${i}]), values, ${sums[i]!.first});`)}
    }
    n += ${chain};
    ${each((i) => sums[i]!.fold("n"))}`;
  return {
    helpers: `
      // Four rows or columns each, term by term.
      var<workgroup> tileA : array<vec4<f32>, ${(tile * tile) / 4}>;
      var<workgroup> tileB : array<vec4<f32>, ${(tile * tile) / 4}>;
      ${code}`,
    // What lies outside is computed as the last row or column is, and not written.
    body: `
      let group = index / ${threads};
      let local = index - group * ${threads};
      let place = vec2<i32>(local & 7, local >> 3);
      let line = group / uniforms.across;
      let z = line / uniforms.down;
      let leftColumn = (group - line * uniforms.across) * ${tile};
      let topRow = (line - z * uniforms.down) * ${tile};
      let batch = z / uniforms.parts;
      let start = (z - batch * uniforms.parts) * uniforms.span;
      let count = min(uniforms.span, uniforms.depth - start);
      ${each((i) => `let row${i} = rowOf(min(topRow + place.x * 4 + ${i}, uniforms.rows - 1));`)}
      ${each((i) => `let column${i} = columnOf(min(leftColumn + place.x * 4 + ${i}, uniforms.columns - 1));`)}
      ${each((i) => sums[i]!.declare)}
      var n = 0;
      for (var first = 0; first < uniforms.span; first += ${tile}) {
        for (var k = place.y; k < ${tile}; k += 8) {
          var across = vec4<f32>();
          var values = vec4<f32>();
          if (first + k < count) {
            let term = termOf(start + first + k);
            across = ${vector((i) => `left(batch, row${i}, term)`)};
            values = ${vector((i) => `right(batch, term, column${i})`)};
          }
          tileA[k * 8 + place.x] = across;
          tileB[k * 8 + place.x] = values;
        }
        workgroupBarrier();
        ${addChain(0)}
        ${addChain(1)}
        workgroupBarrier();
      }
      let firstRow = topRow + place.y * 4;
      let firstColumn = leftColumn + place.x * 4;
      ${writeCode(
        "vec4<f32>",
        sums.map(({ total }) => total),
        "group < uniforms.groups",
      )}`,
  };
}

/** `[batch, rows, columns]`. */
export function multiply(backend: WebGPUBackend, inputs: readonly Info[], product: Product): Info {
  const { key, batch = 1, rows, columns, depth, code, numbers = {} } = product;
  const parts = partsOf(batch * rows * columns, depth);
  const span = Math.ceil(depth / parts);
  const isTiled =
    batch * rows * columns * depth > smallProduct && Math.min(rows, columns) >= smallestTiled && span >= tile;
  const [height, width] = isTiled ? [tile, tile] : [rows < 4 ? 1 : 4, columns < 4 ? 1 : 4];
  const levels = levelsFor(span);
  const [down, across] = [Math.ceil(rows / height), Math.ceil(columns / width)];
  const products = runThreads(backend, inputs, [batch, parts, rows * columns], "float32", {
    key: `${key} ${height} x ${width} ${isTiled || levels}`,
    ...(isTiled ? tileCode(code) : blockCode(code, height, width, levels)),
    count: batch * parts * down * across * (isTiled ? threads : 1),
    waits: isTiled,
    numbers: {
      ...numbers,
      rows: [rows],
      columns: [columns],
      depth: [depth],
      parts: [parts],
      span: [span],
      down: [down],
      across: [across],
      groups: [batch * parts * down * across],
    },
  });
  const shape = [batch, rows, columns];
  if (parts === 1) return { ...products, shape };
  const total = sumMiddle(backend, products);
  backend.disposeData(products.dataId);
  return { ...total, shape };
}

// Rows of updates added up at indices: sorted by index, then each row's run is summed in short chains, so that sums have the same
// bits every time and do not drift; tfjs's atomic additions come in any order.
import { sizeOf } from "@hooke/runtime";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { chain, chains } from "./chains.ts";
import { type Info, type Kernel, runProgram } from "./program.ts";
import { sumMiddle } from "./reduction.ts";

/** Up to so many updates, every element of the result looks through them all; lists of this length are sorted at once. */
const short = 64;
/** Up to so many rows, looking through all updates is quicker than sorting them. */
const fewRows = 16;
/** Updates that one thread looks through. */
const part = 256;

/** The places of updates, ordered by their index and then by their place: short lists first, which are then merged in pairs. */
function orderOf(backend: WebGPUBackend, indices: Info): Info {
  const count = sizeOf(indices.shape);
  let order = runProgram(backend, [indices], [count], "int32", {
    key: "order of short lists",
    before: `
      let start = index / uniforms.span * uniforms.span;
      let own = A[index];
      var place = start;
      for (var i = start; i < min(start + uniforms.span, uniforms.size); i++) {
        place += i32(A[i] < own || (A[i] == own && i < index));
      }`,
    place: "place",
    value: "index",
    numbers: { span: [short] },
  });
  for (let span = short; span < count; span *= 2) {
    const merged = runProgram(backend, [indices, order], [count], "int32", {
      key: "merged order",
      // An entry moves by as many of the other list as come before it.
      before: `
        let start = index / (2 * uniforms.span) * (2 * uniforms.span);
        let middle = min(start + uniforms.span, uniforms.size);
        let isLeft = index < middle;
        let own = A[B[index]];
        var low = select(start, middle, isLeft);
        var high = select(middle, min(start + 2 * uniforms.span, uniforms.size), isLeft);
        while (low < high) {
          let half = (low + high) / 2;
          let other = A[B[half]];
          if (other < own || (!isLeft && other == own)) { low = half + 1; } else { high = half; }
        }`,
      place: "index + low - middle",
      value: "B[index]",
      numbers: { span: [span] },
    });
    backend.disposeData(order.dataId);
    order = merged;
  }
  return order;
}

/** Where the updates of each row begin in their order, and where the last end. */
const startsOf = (backend: WebGPUBackend, indices: Info, order: Info, rows: number): Info =>
  runProgram(backend, [indices, order], [rows + 1], "int32", {
    key: "starts of rows",
    before: `
      var low = 0;
      var high = uniforms.count;
      while (low < high) {
        let half = (low + high) / 2;
        if (A[B[half]] < index) { low = half + 1; } else { high = half; }
      }`,
    value: "low",
    numbers: { count: [sizeOf(indices.shape)] },
  });

/** The totals of sixteen rows of `x[count, width]` after another. */
const totalsOfBlocks = (backend: WebGPUBackend, x: Info, zero: string): Info => {
  const [count, width] = x.shape as [number, number];
  return runProgram(backend, [x], [Math.ceil(count / chain), width], x.dtype, {
    key: "totals of blocks of rows",
    before: `
      let block = index / uniforms.width;
      let column = index - block * uniforms.width;
      var total = ${zero};
      for (var i = block * ${chain}; i < min((block + 1) * ${chain}, uniforms.count); i++) {
        total += A[i * uniforms.width + column];
      }`,
    value: "total",
    numbers: { width: [width], count: [count] },
  });
};

/**
 * The sums of runs of `x[count, width]`, from one start to the next. A run is whole blocks of blocks of sixteen rows, and what is left of
 * them at its ends; each program adds what is left at one level.
 */
function sumRuns(backend: WebGPUBackend, x: Info, starts: Info, zero: string): Info {
  const width = x.shape[1]!;
  const rows = starts.shape[0]! - 1;
  let level = x;
  let sums: Info | undefined;
  for (let size = 1; ; size *= chain) {
    const count = level.shape[0]!;
    const next: Info = runProgram(backend, sums ? [level, starts, sums] : [level, starts], [rows, width], x.dtype, {
      key: sums ? "sums of runs" : "first sums of runs",
      before: `
        let row = index / uniforms.width;
        let column = index - row * uniforms.width;
        var low = B[row];
        var high = B[row + 1];
        // In blocks of this level, as long as there are whole ones.
        for (var size = 1; size < uniforms.level; size *= ${chain}) {
          low = (low + ${chain - 1}) / ${chain};
          high = high / ${chain};
        }
        // Whole blocks of the next level are left to it.
        let above = (low + ${chain - 1}) / ${chain} * ${chain};
        let below = high / ${chain} * ${chain};
        let isLast = above >= below || uniforms.count <= ${chain};
        var total = ${zero};
        for (var i = low; i < select(above, high, isLast); i++) { total += A[i * uniforms.width + column]; }
        var rest = ${zero};
        for (var i = select(below, high, isLast); i < high; i++) { rest += A[i * uniforms.width + column]; }`,
      value: sums ? "C[index] + (total + rest)" : "total + rest",
      numbers: { width: [width], count: [count], level: [size] },
    });
    if (sums) backend.disposeData(sums.dataId);
    sums = next;
    const above = count > chain ? totalsOfBlocks(backend, level, zero) : undefined;
    if (level !== x) backend.disposeData(level.dataId);
    if (above === undefined) return sums;
    level = above;
  }
}

/** Every element looks through all updates, in parts that are then added up. */
function searched(backend: WebGPUBackend, indices: Info, updates: Info, shape: readonly number[]): Info {
  const [rows, width] = shape as [number, number];
  const count = sizeOf(indices.shape);
  const isFloat = updates.dtype === "float32";
  const sums = chains("total", "0.0");
  const parts = Math.ceil(count / part);
  const found = runProgram(backend, [indices, updates], [1, parts, rows * width], updates.dtype, {
    key: "scatter",
    before: `
      let line = index / uniforms.width;
      let column = index - line * uniforms.width;
      let start = line / uniforms.rows * ${part};
      let row = line - line / uniforms.rows * uniforms.rows;
      ${isFloat ? sums.declare : "var total = 0;"}
      var n = 0;
      for (var i = start; i < min(start + ${part}, uniforms.count); i++) {
        if (A[i] != row) { continue; }
        let next = B[i * uniforms.width + column];
        ${isFloat ? `n++; ${sums.first} += next; ${sums.fold("n")}` : "total += next;"}
      }`,
    value: isFloat ? sums.total : "total",
    numbers: { width: [width], rows: [rows], count: [count] },
  });
  if (parts === 1) return { ...found, shape: [...shape] };
  const total = sumMiddle(backend, found);
  backend.disposeData(found.dataId);
  return { ...total, shape: [...shape] };
}

/** Updates are sorted by their rows, and each row's run is added up. */
function sorted(backend: WebGPUBackend, indices: Info, updates: Info, shape: readonly number[]): Info {
  const [rows, width] = shape as [number, number];
  const order = orderOf(backend, indices);
  const starts = startsOf(backend, indices, order, rows);
  const inOrder = runProgram(backend, [updates, order], [sizeOf(indices.shape), width], updates.dtype, {
    key: "updates in order",
    before: "let row = index / uniforms.width;",
    value: "A[B[row] * uniforms.width + (index - row * uniforms.width)]",
    numbers: { width: [width] },
  });
  backend.disposeData(order.dataId);
  const sums = sumRuns(backend, inOrder, starts, updates.dtype === "float32" ? "0.0" : "0");
  for (const { dataId } of [starts, inOrder]) backend.disposeData(dataId);
  return sums;
}

const scatter: Kernel = (backend, [indices, updates], attrs) => {
  const shape = attrs.shape as number[];
  const isQuick = sizeOf(indices!.shape) <= short || shape[0]! <= fewRows;
  return (isQuick ? searched : sorted)(backend, indices!, updates!, shape);
};

export const scattering: Readonly<Record<string, Kernel>> = { ScatterNd: scatter };

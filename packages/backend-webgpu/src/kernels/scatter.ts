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

const zeroOf = ({ dtype }: Info): string => (dtype === "float32" ? "0.0" : "0");

/** Rows that one thread adds up: chains of chains. */
const block = chain ** 2;

/** WGSL: the sums of rows, added up by `add(from, to, row)` in two levels of chains; `row` is that of number `place`. */
function blockSums(zero: string) {
  const { declare, first, fold, total } = chains("total", zero, 2);
  const add = (from: string, to: string, row: string): string => `
      for (var place = ${from}; place < ${to};) {
        for (let end = min(place + ${chain}, ${to}); place < end; place++) { ${first} += A[${row} * uniforms.width + column]; }
        ${fold("0")}
      }`;
  return { declare, add, total };
}

/** The totals of blocks of `x[count, width]`, whose rows come in an order if one is given. */
const totalsOfBlocks = (backend: WebGPUBackend, x: Info, order: Info | undefined, zero: string): Info => {
  const [count, width] = x.shape as [number, number];
  const { declare, add, total } = blockSums(zero);
  return runProgram(backend, order ? [x, order] : [x], [Math.ceil(count / block), width], x.dtype, {
    key: `totals of blocks ${order !== undefined}`,
    before: `
      let own = index / uniforms.width;
      let column = index - own * uniforms.width;
      let last = min((own + 1) * ${block}, uniforms.count);
      ${declare}
      ${add(`own * ${block}`, "last", order ? "B[place]" : "place")}`,
    value: total,
    numbers: { width: [width], count: [count] },
  });
};

/**
 * The sums of runs of `x[count, width]` in their order, from one start to the next. A run is whole blocks, blocks of blocks, and what is left
 * of them at its ends; each program adds what is left at one level.
 */
function sumRuns(backend: WebGPUBackend, x: Info, order: Info, starts: Info, zero: string): Info {
  const width = x.shape[1]!;
  const rows = starts.shape[0]! - 1;
  const { declare, add, total } = blockSums(zero);
  let level = x;
  let sums: Info | undefined;
  for (let size = 1; ; size *= block) {
    const count = level.shape[0]!;
    const row = sums ? "place" : "C[place]";
    const next: Info = runProgram(backend, [level, starts, sums ?? order], [rows, width], x.dtype, {
      key: `sums of runs ${sums !== undefined}`,
      before: `
        let row = index / uniforms.width;
        let column = index - row * uniforms.width;
        var low = B[row];
        var high = B[row + 1];
        // In blocks of this level, as long as there are whole ones.
        for (var size = 1; size < uniforms.level; size *= ${block}) {
          low = (low + ${block - 1}) / ${block};
          high = high / ${block};
        }
        // Whole blocks of the next level are left to it.
        let above = (low + ${block - 1}) / ${block} * ${block};
        let below = high / ${block} * ${block};
        let isLast = above >= below || uniforms.count <= ${block};
        let middle = select(above, high, isLast);
        let rest = select(below, high, isLast);
        ${declare}
        ${add("low", "middle", row)}
        ${add("rest", "high", row)}`,
      value: sums ? `C[index] + ${total}` : total,
      numbers: { width: [width], count: [count], level: [size] },
    });
    if (sums) backend.disposeData(sums.dataId);
    const above = count > block ? totalsOfBlocks(backend, level, sums ? undefined : order, zero) : undefined;
    sums = next;
    if (level !== x) backend.disposeData(level.dataId);
    if (above === undefined) return sums;
    level = above;
  }
}

/** Every element looks through all updates, in parts that are then added up. */
function searched(backend: WebGPUBackend, indices: Info, updates: Info, shape: readonly number[]): Info {
  const [rows, width] = shape as [number, number];
  const count = sizeOf(indices.shape);
  const { declare, first, fold, total: sum } = chains("total", zeroOf(updates), 2);
  const parts = Math.ceil(count / block);
  const found = runProgram(backend, [indices, updates], [1, parts, rows * width], updates.dtype, {
    key: "scatter",
    before: `
      let line = index / uniforms.width;
      let column = index - line * uniforms.width;
      let start = line / uniforms.rows * ${block};
      let row = line - line / uniforms.rows * uniforms.rows;
      let last = min(start + ${block}, uniforms.count);
      ${declare}
      for (var i = start; i < last;) {
        for (let end = min(i + ${chain}, last); i < end; i++) {
          if (A[i] == row) { ${first} += B[i * uniforms.width + column]; }
        }
        ${fold("0")}
      }`,
    value: sum,
    numbers: { width: [width], rows: [rows], count: [count] },
  });
  if (parts === 1) return { ...found, shape: [...shape] };
  const total = sumMiddle(backend, found);
  backend.disposeData(found.dataId);
  return { ...total, shape: [...shape] };
}

/** Updates are sorted by their rows, and each row's run is added up. */
function sorted(backend: WebGPUBackend, indices: Info, updates: Info, shape: readonly number[]): Info {
  const [rows] = shape as [number, number];
  const order = orderOf(backend, indices);
  const starts = startsOf(backend, indices, order, rows);
  const sums = sumRuns(backend, updates, order, starts, zeroOf(updates));
  for (const { dataId } of [starts, order]) backend.disposeData(dataId);
  return sums;
}

const scatter: Kernel = (backend, [indices, updates], attrs) => {
  const shape = attrs.shape as number[];
  const isQuick = sizeOf(indices!.shape) <= short || shape[0]! <= fewRows;
  return (isQuick ? searched : sorted)(backend, indices!, updates!, shape);
};

export const scattering: Readonly<Record<string, Kernel>> = { ScatterNd: scatter };

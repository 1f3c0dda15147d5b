// Reductions and running sums of the rows of a matrix. tfjs's are right for f32 only, and one running sum drifts.

import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { chain, chains } from "./chains.ts";
import { helpers } from "./math.ts";
import { type Info, type Kernel, runProgram } from "./program.ts";

/** Up to so many entries are reduced by one thread, one after the other. */
const shortRow = 1024;
/** Of longer ones, a thread reduces so many, so that there is work for many threads. */
const part = 64;

/** How entries are put together, by type: the state, what `next` does to it after `n` entries, and the result. */
interface Steps {
  readonly declare: string;
  readonly next: string;
  readonly result: string;
}

const simple = (next: string): Steps => ({ declare: "var total = A[start];", next, result: "total" });

const sums = chains("total", "0.0");
const plus: Readonly<Record<"float32" | "int32", Steps>> = {
  float32: { declare: sums.declare, next: `${sums.first} += next; ${sums.fold("n")}`, result: sums.total },
  int32: { declare: "var total = 0;", next: "total += next;", result: "total" },
};

const extremum = (name: "max" | "min", operator: string): Readonly<Record<"float32" | "int32", Steps>> => ({
  float32: simple(
    `total = select(next, total, isnan(total) || (!isnan(next) && order(total) ${operator} order(next)));`,
  ),
  int32: simple(`total = ${name}(total, next);`),
});

/** Reduces the middle axis of `x[outer, length, inner]`, which disappears. */
function reduceMiddle(
  kernel: string,
  steps: Readonly<Record<"float32" | "int32", Steps>>,
  backend: WebGPUBackend,
  x: Info,
): Info {
  const [outer, length, inner] = x.shape as [number, number, number];
  const { declare, next, result } = steps[x.dtype === "float32" ? "float32" : "int32"];
  const parts = length > shortRow ? Math.ceil(length / part) : 1;
  const reduced = runProgram(backend, [x], [outer, parts, inner], x.dtype, {
    key: `${kernel} of the middle axis`,
    helpers,
    // Part p takes the entries p, p + parts, p + 2 parts ...: neighbouring threads read neighbouring numbers.
    before: `
      let line = index / uniforms.inside;
      let first = line / uniforms.parts;
      let p = line - first * uniforms.parts;
      let start = (first * uniforms.span + p) * uniforms.inside + (index - line * uniforms.inside);
      let count = (uniforms.span - p + uniforms.parts - 1) / uniforms.parts;
      let step = uniforms.parts * uniforms.inside;
      ${declare}
      for (var n = 1; n <= count; n++) {
        let next = A[start + (n - 1) * step];
        ${next}
      }`,
    value: result,
    numbers: { inside: [inner], parts: [parts], span: [length] },
  });
  if (parts === 1) return { ...reduced, shape: [outer, inner] };
  const total = reduceMiddle(kernel, steps, backend, reduced);
  backend.disposeData(reduced.dataId);
  return total;
}

/** The sum over the middle axis of `x[outer, length, inner]`. */
export const sumMiddle = (backend: WebGPUBackend, x: Info): Info => reduceMiddle("Sum", plus, backend, x);

const reduceRows =
  (kernel: string, steps: Readonly<Record<"float32" | "int32", Steps>>): Kernel =>
  (backend, [x]) => {
    const [rows, length] = x!.shape as [number, number];
    const reduced = reduceMiddle(kernel, steps, backend, { ...x!, shape: [rows, length, 1] });
    return { ...reduced, shape: [rows] };
  };

/**
 * Each entry of a row sums those up to itself: in its block of sixteen, and before it as the running sum of the blocks' totals
 * says.
 */
function cumulate(backend: WebGPUBackend, x: Info): Info {
  const [rows, length] = x.shape as [number, number];
  const zero = x.dtype === "float32" ? "0.0" : "0";
  const blocks = Math.ceil(length / chain);
  const numbers = { span: [length], blocks: [blocks] };
  const block = (last: string): string => `
    var total = ${zero};
    for (var i = first; i <= ${last}; i++) { total += A[i]; }`;
  if (blocks === 1) {
    return runProgram(backend, [x], x.shape, x.dtype, {
      key: "running sum of a block",
      before: `let first = index / uniforms.span * uniforms.span; ${block("index")}`,
      value: "total",
      numbers,
    });
  }
  const totals = runProgram(backend, [x], [rows, blocks], x.dtype, {
    key: "totals of blocks",
    before: `
      let row = index / uniforms.blocks;
      let first = row * uniforms.span + (index - row * uniforms.blocks) * ${chain};
      let last = min(first + ${chain}, (row + 1) * uniforms.span) - 1;
      ${block("last")}`,
    value: "total",
    numbers,
  });
  const before = cumulate(backend, totals);
  backend.disposeData(totals.dataId);
  const result = runProgram(backend, [x, before], x.shape, x.dtype, {
    key: "running sum",
    before: `
      let row = index / uniforms.span;
      let b = (index - row * uniforms.span) / ${chain};
      let first = row * uniforms.span + b * ${chain};
      ${block("index")}
      if (b > 0) { total += B[row * uniforms.blocks + b - 1]; }`,
    value: "total",
    numbers,
  });
  backend.disposeData(before.dataId);
  return result;
}

export const reduction: Readonly<Record<string, Kernel>> = {
  Sum: reduceRows("Sum", plus),
  Max: reduceRows("Max", extremum("max", ">=")),
  Min: reduceRows("Min", extremum("min", "<=")),
  Cumsum: (backend, [x]) => cumulate(backend, x!),
};

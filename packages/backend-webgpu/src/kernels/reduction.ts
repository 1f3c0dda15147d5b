// Reductions of an axis where it is, and running sums of the rows of a matrix. tfjs's are right for f32 only, reduce rows only, and one
// running sum drifts.

import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { chain, chains, levelsFor } from "./chains.ts";
import { helpers } from "./math.ts";
import { type Info, type Kernel, runProgram, runThreads } from "./program.ts";

/** Threads a GPU likes to have: where results are fewer, they are made in parts, each by a thread of its own. */
const manyThreads = 2 ** 14;
/** Numbers that a thread reduces in such a part, at least. */
const shortestPart = 256;

/** How a thread reads: number by number, four a step apart, four of a row as a vector, or four columns side by side. */
type Reading = "numbers" | "spread" | "fours" | "columns";

/** The code of a thread: reduces what lies from `place` to before `last`, `step` apart, to `all`. Sums have `levels` of chains. */
type Steps = (type: "f32" | "i32", reading: Reading, levels: number) => string;

/** From the first number on; `next` is put to `all`. */
const running = (put: string): string => `
      var all = A[place];
      for (place += step; place < last; place += step) {
        let next = A[place];
        ${put}
      }`;

/** Four sums side by side, each in short chains. */
const plus: Steps = (type, reading, levels) => {
  if (reading === "numbers") return running("all += next;");
  const vector = `vec4<${type}>`;
  const { declare, first, fold, total } = chains("total", `${vector}()`, levels);
  const spread = `
        for (; place < end - 3 * step; place += 4 * step) {
          ${first} += ${vector}(A[place], A[place + step], A[place + 2 * step], A[place + 3 * step]);
        }
        for (; place < end; place += step) { ${first}.x += A[place]; }`;
  const read = reading === "spread" ? spread : `for (; place < end; place += step) { ${first} += A[place]; }`;
  const inChains = `
      for (var n = ${chain}; place < last; n += ${chain}) {
        let end = min(place + uniforms.chain, last);
        ${read}
        ${fold("n")}
      }`;
  return `
      ${declare}
      ${levels === 1 ? `let end = last; ${read}` : inChains}
      let sums = ${total};
      let all = ${reading === "columns" ? "sums" : "(sums.x + sums.y) + (sums.z + sums.w)"};`;
};

const extremum =
  (name: "max" | "min", operator: string): Steps =>
  (type) => {
    const isBetter = `isnan(all) || (!isnan(next) && order(all) ${operator} order(next))`;
    return running(type === "f32" ? `all = select(next, all, ${isBetter});` : `all = ${name}(all, next);`);
  };

function readingOf(length: number, inner: number): Reading {
  if (inner % 4 === 0) return "columns";
  if (inner === 1 && length % 4 === 0) return "fours";
  return length <= chain ? "numbers" : "spread";
}

/** Reduces the middle axis of `x[outer, length, inner]`, which disappears. */
function reduceMiddle(kernel: string, steps: Steps, backend: WebGPUBackend, x: Info): Info {
  const [outer, length, inner] = x.shape as [number, number, number];
  const reading = steps === plus ? readingOf(length, inner) : "numbers";
  const [span, inside] = [reading === "fours" ? length / 4 : length, reading === "columns" ? inner / 4 : inner];
  const width = reading === "fours" || reading === "columns" ? 4 : 1;
  const parts = Math.min(Math.ceil((span * width) / shortestPart), Math.ceil(manyThreads / (outer * inside)));
  // How many numbers that lie a step apart make one term of a chain.
  const together = reading === "spread" ? 4 : 1;
  const isFloat = x.dtype === "float32";
  const levels = isFloat ? levelsFor(span / parts / together) : 1;
  const step = parts * inside;
  const reduced = runThreads(backend, [x], [outer, parts, inner], x.dtype, {
    key: `${kernel} of ${reading} ${levels} ${step === 1}`,
    helpers,
    width,
    count: outer * step,
    // Part p takes the entries p, p + parts, p + 2 parts ...: neighbouring threads read neighbouring numbers.
    body: `
      let step = ${step === 1 ? "1" : "uniforms.step"};
      let row = ${step === 1 ? "index" : "index / step"};
      var place = row * uniforms.span + (index - row * step);
      let last = (row + 1) * uniforms.span;
      ${steps(isFloat ? "f32" : "i32", reading, levels)}
      ${reading === "columns" ? "for (var c = 0; c < 4; c++) { result[4 * index + c] = all[c]; }" : "result[index] = all;"}`,
    // No array has more than 2^30 numbers.
    numbers: { step: [step], span: [span * inside], chain: [Math.min(chain * together * step, 2 ** 30)] },
  });
  if (parts === 1) return { ...reduced, shape: [outer, inner] };
  const total = reduceMiddle(kernel, steps, backend, reduced);
  backend.disposeData(reduced.dataId);
  return total;
}

/** The sum over the middle axis of `x[outer, length, inner]`. */
export const sumMiddle = (backend: WebGPUBackend, x: Info): Info => reduceMiddle("Sum", plus, backend, x);

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

/** A kernel of `x[outer, length, inner]`, and the one of rows that tfjs has. */
const kernels = (kernel: string, steps: Steps): Readonly<Record<string, Kernel>> => ({
  [`${kernel}Middle`]: (backend, [x]) => reduceMiddle(kernel, steps, backend, x!),
  [kernel]: (backend, [x]) => {
    const [rows, length] = x!.shape as [number, number];
    const reduced = reduceMiddle(kernel, steps, backend, { ...x!, shape: [rows, length, 1] });
    return { ...reduced, shape: [rows] };
  },
});

export const reduction: Readonly<Record<string, Kernel>> = {
  ...kernels("Sum", plus),
  ...kernels("Max", extremum("max", ">=")),
  ...kernels("Min", extremum("min", "<=")),
  Cumsum: (backend, [x]) => cumulate(backend, x!),
};

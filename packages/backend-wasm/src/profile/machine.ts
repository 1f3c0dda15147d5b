// What the machine does at best: fused multiplications with additions in registers, and loops over memory of several sizes, both written for this.

import type { Code } from "../encoder/code.ts";
import { forLoop, local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i32, v128 } from "../encoder/opcodes.ts";

/** The rates of some threads together. */
export interface Rates {
  readonly threads: number;
  /** Billions of operations a second in registers, a fused multiplication with addition counted as two. */
  readonly gigaflops: { readonly f32: number; readonly f64: number };
  /** Billions of bytes read and written a second by a loop over so many bytes; from the caches up to main memory. */
  readonly memory: readonly { readonly bytes: number; readonly gigabytes: number }[];
}

/** What the processor does at best, measured. */
export interface Machine {
  readonly one: Rates;
  /** Of all threads of the backend. */
  readonly all: Rates;
}

/** Sizes of the loops over memory, of all their arrays: within the first and second cache of a core, and beyond those. */
export const sizesOf = (threads: number): number[] => [
  24 * 1024 * threads,
  256 * 1024 * threads,
  2 ** 22 * threads,
  2 ** 26,
];

/** Sums in registers, so many side by side that none waits for another; pairs of vectors, where the engine joins them. */
const chains = 10;

/** How the code is written: see `EmitterOptions`. */
export interface MachineOptions {
  readonly relaxed: boolean;
  readonly wide: boolean;
}

/** Stores the totals of even and of odd vectors side by side, so that no engine leaves them out, and one that joins vectors has stores to begin with. */
const stored = (sums: readonly number[], add: (a: Code, b: Code) => Code): Code =>
  [0, 1].map((odd) =>
    v128.store(
      i32.const(0),
      sums
        .filter((_, i) => i % 2 === odd)
        .map((sum) => local.get(sum))
        .reduce((a, b) => add(a, b)),
      16 * odd,
    ),
  );

const sumsOf = ({ wide }: Pick<MachineOptions, "wide">): number => (wide ? 2 : 1) * chains;

/** Code of `rounds` rounds of fused multiplications with additions, and how many operations they are. */
export function multiplying(
  fn: FunctionBuilder,
  dtype: "f32" | "f64",
  rounds: number,
  { relaxed, wide }: MachineOptions,
): Code {
  const f = dtype === "f32" ? f32x4 : f64x2;
  const sums = Array.from({ length: sumsOf({ wide }) }, () => fn.local("v128"));
  const [factor, index] = [fn.local("v128"), fn.local("i32")];
  const get = local.get;
  const madd = (sum: number): Code =>
    relaxed ? f.relaxed_madd(get(sum), get(factor), get(factor)) : f.add(f.mul(get(sum), get(factor)), get(factor));
  return [
    local.set(factor, f.const(0.5)),
    sums.map((sum) => local.set(sum, f.const(1))),
    forLoop(
      { index, start: 0, limit: rounds },
      sums.map((sum) => local.set(sum, madd(sum))),
    ),
    stored(sums, f.add),
  ];
}
/** Operations of one round. */
export const operationsOfRound = (dtype: "f32" | "f64", options: Pick<MachineOptions, "wide">): number =>
  sumsOf(options) * 2 * (dtype === "f32" ? 4 : 2);

/** Code of a loop over memory, `repeats` times: reads two arrays and writes a third, or reads all three. Each has `bytes` bytes. */
export function passing(fn: FunctionBuilder, address: Code, bytes: number, repeats: number, writes: boolean): Code {
  const [round, index, a, at] = fn.locals("i32", 4);
  const sums = Array.from({ length: 6 }, () => fn.local("v128"));
  const get = local.get;
  const load = (array: number, line: number): Code => v128.load(get(at), array * bytes + 16 * line);
  const lines = [0, 1, 2, 3];
  const add = (array: number, line: number, sum: number): Code =>
    local.set(sums[sum]!, f32x4.add(get(sums[sum]!), load(array, line)));
  // All is read before anything is written: from the stack, the last first.
  const body = writes
    ? [
        lines.map((line) => [get(at), f32x4.add(load(0, line), load(1, line))]),
        lines.toReversed().map((line) => v128.store([], [], 2 * bytes + 16 * line)),
      ]
    : [0, 1, 2].flatMap((array) => lines.map((line) => add(array, line, (4 * array + line) % sums.length)));
  return [
    local.set(a, address),
    forLoop(
      { index: round, start: 0, limit: repeats },
      forLoop({ index, start: 0, limit: bytes, step: 64 }, [local.set(at, i32.add(get(a), get(index))), body]),
    ),
    stored(sums, f32x4.add),
  ];
}

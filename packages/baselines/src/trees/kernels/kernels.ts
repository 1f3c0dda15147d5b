// The inner loops of histograms as WebAssembly with SIMD: a sum of gradients and a count side by side in one vector.
import {
  add,
  and,
  block,
  branch,
  branchIf,
  type Code,
  f64,
  f64Add,
  f64Greater,
  f64Less,
  f64NotLess,
  f64Store,
  get,
  i32,
  i32Load,
  integer,
  isBelow,
  isEqual,
  type KernelFunction,
  lane,
  lanes,
  loop,
  moduleOf,
  pair,
  set,
  shiftLeft,
  shiftRight,
  splat,
  subtract,
  v128,
  v128Add,
  v128Divide,
  v128Load,
  v128Multiply,
  v128Store,
  v128Subtract,
  when,
} from "./assembler.ts";

/** Addresses are in bytes. */
export interface Kernels {
  /** Adds `count` pairs to four histograms, at the bins in the four bytes of `words[rows[i]]`. `count` is above 0. */
  readonly accumulate: (
    words: number,
    rows: number,
    pairs: number,
    count: number,
    first: number,
    second: number,
    third: number,
    fourth: number,
  ) => void;
  /** Takes `bytes`, a multiple of 16 above 0, of pairs from others. */
  readonly subtract: (from: number, taken: number, bytes: number) => void;
  /**
   * The best split of `count` bins: from `g` and `n` on the right side, with `allG` and `allN` on both, `least` on each. What is better than `best`
   * is written to `out`: the gain and the two sums of the right side. @returns the first bin on the right, -1 where none is better
   */
  readonly scan: (
    histogram: number,
    count: number,
    g: number,
    n: number,
    allG: number,
    allN: number,
    l2: number,
    least: number,
    best: number,
    out: number,
  ) => number;
}

let compiled: WebAssembly.Module | undefined | false;

/** Kernels on a memory; undefined where the engine has no WebAssembly with SIMD, or a page's policy forbids it. */
export function kernelsOn(memory: WebAssembly.Memory): Kernels | undefined {
  if (compiled === undefined) {
    try {
      compiled = new WebAssembly.Module(moduleOf([accumulate(), subtraction(), scan()]));
    } catch {
      compiled = false;
    }
  }
  if (compiled === false) return undefined;
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels;
}

const pairBytes = 16;

function accumulate(): KernelFunction {
  const [words, rows, pairs, end, first, word, added, at] = [0, 1, 2, 3, 4, 8, 9, 10];
  // Bin b is at 16 b: its byte is shifted to bit 4.
  const offsets: Code[] = [
    shiftLeft(get(word), integer(4)),
    shiftRight(get(word), integer(4)),
    shiftRight(get(word), integer(12)),
    shiftRight(get(word), integer(20)),
  ];
  const addTo = (histogram: number): Code => [
    set(at, add(get(first + histogram), and(offsets[histogram]!, integer(0xff0)))),
    v128Store(get(at), v128Add(v128Load(get(at)), get(added))),
  ];
  return {
    name: "accumulate",
    parameters: [i32, i32, i32, i32, i32, i32, i32, i32],
    locals: [i32, v128, i32],
    body: [
      set(end, add(get(rows), shiftLeft(get(end), integer(2)))),
      loop([
        set(word, i32Load(add(get(words), shiftLeft(i32Load(get(rows)), integer(2))))),
        set(added, v128Load(get(pairs))),
        [0, 1, 2, 3].map(addTo),
        set(pairs, add(get(pairs), integer(pairBytes))),
        set(rows, add(get(rows), integer(4))),
        branchIf(0, isBelow(get(rows), get(end))),
      ]),
    ],
  };
}

function subtraction(): KernelFunction {
  const [from, taken, end] = [0, 1, 2];
  return {
    name: "subtract",
    parameters: [i32, i32, i32],
    locals: [],
    body: [
      set(end, add(get(from), get(end))),
      loop([
        v128Store(get(from), v128Subtract(v128Load(get(from)), v128Load(get(taken)))),
        set(from, add(get(from), integer(pairBytes))),
        set(taken, add(get(taken), integer(pairBytes))),
        branchIf(0, isBelow(get(from), get(end))),
      ]),
    ],
  };
}

function scan(): KernelFunction {
  const [histogram, count, g, n, allG, allN, l2, least, best, out] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const [at, found, gain, right, left, all, penalty, quotients] = [10, 11, 12, 13, 14, 15, 16, 17];
  return {
    name: "scan",
    parameters: [i32, i32, f64, f64, f64, f64, f64, f64, f64, i32],
    result: i32,
    locals: [i32, i32, f64, v128, v128, v128, v128, v128],
    body: [
      set(right, pair(get(g), get(n))),
      set(all, pair(get(allG), get(allN))),
      set(penalty, splat(get(l2))),
      set(at, add(get(histogram), shiftLeft(get(count), integer(4)))),
      set(found, integer(-1)),
      block(
        loop([
          when(f64NotLess(lane(get(right), 1), get(least)), [
            set(left, v128Subtract(get(all), get(right))),
            branchIf(2, f64Less(lane(get(left), 1), get(least))),
            set(quotients, lanes(get(left), get(right), 0, 0)),
            set(
              quotients,
              v128Divide(
                v128Multiply(get(quotients), get(quotients)),
                v128Add(lanes(get(left), get(right), 1, 1), get(penalty)),
              ),
            ),
            set(gain, f64Add(lane(get(quotients), 0), lane(get(quotients), 1))),
            when(f64Greater(get(gain), get(best)), [
              set(best, get(gain)),
              set(found, shiftRight(subtract(get(at), get(histogram)), integer(4))),
              f64Store(get(out), get(gain)),
              v128Store(add(get(out), integer(8)), get(right)),
            ]),
          ]),
          branchIf(1, isEqual(get(at), get(histogram))),
          set(at, subtract(get(at), integer(pairBytes))),
          set(right, v128Add(get(right), v128Load(get(at)))),
          branch(0),
        ]),
      ),
      get(found),
    ],
  };
}

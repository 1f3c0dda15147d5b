// The inner loops of histograms as WebAssembly with SIMD: a sum of gradients and a count side by side in one vector.
import {
  add,
  and,
  block,
  branch,
  branchIf,
  byteLoad,
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
  i32Store,
  integer,
  isBelow,
  isEqual,
  isZero,
  type KernelFunction,
  lane,
  lanes,
  leadingZeros,
  loop,
  moduleOf,
  or,
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
  xor,
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
  /**
   * The same of one column of a node with few rows, without a histogram: bins are the bytes at `bins + 4 * rows[i]`. `sums` are 257 pairs of zeros and `present` 8 words of zeros, and are
   * again. @returns the last bin on the left, and 256 times the first one on the right; -1 where nothing is better, -2 where rows are in bin `missing`
   */
  readonly scanFew: (
    bins: number,
    rows: number,
    pairs: number,
    count: number,
    sums: number,
    present: number,
    missing: number,
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
      compiled = new WebAssembly.Module(moduleOf([accumulate(), subtraction(), scan(), scanFew()]));
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
            gains({ left, right, penalty, quotients, gain }),
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

function scanFew(): KernelFunction {
  const [bins, rows, pairs, end, sums, present, missing, allG, allN, l2, least, best, out] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
  ];
  const [bin, at, words, word, before, found, isOpen, gain] = [13, 14, 15, 16, 17, 18, 19, 20];
  const [right, left, all, penalty, quotients, zero] = [21, 22, 23, 24, 25, 26];
  const placeOf = (of: Code): Code => add(get(sums), shiftLeft(of, integer(4)));
  return {
    name: "scanFew",
    parameters: [i32, i32, i32, i32, i32, i32, i32, f64, f64, f64, f64, f64, i32],
    result: i32,
    locals: [i32, i32, i32, i32, i32, i32, i32, f64, v128, v128, v128, v128, v128, v128],
    body: [
      set(end, add(get(rows), shiftLeft(get(end), integer(2)))),
      loop([
        set(bin, byteLoad(add(get(bins), shiftLeft(i32Load(get(rows)), integer(2))))),
        set(at, placeOf(get(bin))),
        v128Store(get(at), v128Add(v128Load(get(at)), v128Load(get(pairs)))),
        // Shifts take the last five bits of a number.
        set(words, add(get(present), shiftLeft(shiftRight(get(bin), integer(5)), integer(2)))),
        i32Store(get(words), or(i32Load(get(words)), shiftLeft(integer(1), get(bin)))),
        set(pairs, add(get(pairs), integer(pairBytes))),
        set(rows, add(get(rows), integer(4))),
        branchIf(0, isBelow(get(rows), get(end))),
      ]),
      set(all, pair(get(allG), get(allN))),
      set(penalty, splat(get(l2))),
      set(isOpen, isZero(f64Greater(lane(v128Load(placeOf(get(missing))), 1), lane(get(zero), 1)))),
      set(found, subtract(get(isOpen), integer(2))),
      set(words, add(get(present), integer(28))),
      loop([
        set(word, i32Load(get(words))),
        i32Store(get(words), integer(0)),
        block(
          loop([
            branchIf(1, isZero(get(word))),
            set(bin, subtract(integer(31), leadingZeros(get(word)))),
            set(word, xor(get(word), shiftLeft(integer(1), get(bin)))),
            set(bin, add(get(bin), shiftLeft(subtract(get(words), get(present)), integer(3)))),
            set(at, placeOf(get(bin))),
            when(and(get(isOpen), f64NotLess(lane(get(right), 1), get(least))), [
              set(left, v128Subtract(get(all), get(right))),
              set(isOpen, isZero(f64Less(lane(get(left), 1), get(least)))),
              when(get(isOpen), [
                gains({ left, right, penalty, quotients, gain }),
                when(f64Greater(get(gain), get(best)), [
                  set(best, get(gain)),
                  set(found, or(get(bin), shiftLeft(get(before), integer(8)))),
                  f64Store(get(out), get(gain)),
                  v128Store(add(get(out), integer(8)), get(right)),
                ]),
              ]),
            ]),
            set(right, v128Add(get(right), v128Load(get(at)))),
            v128Store(get(at), get(zero)),
            set(before, get(bin)),
            branch(0),
          ]),
        ),
        set(words, subtract(get(words), integer(4))),
        branchIf(0, isBelow(get(present), add(get(words), integer(4)))),
      ]),
      get(found),
    ],
  };
}

/** Of both sides: the square of the sum of gradients over the count and the penalty, together. */
function gains({
  left,
  right,
  penalty,
  quotients,
  gain,
}: Record<"left" | "right" | "penalty" | "quotients" | "gain", number>): Code {
  return [
    set(quotients, lanes(get(left), get(right), 0, 0)),
    set(
      quotients,
      v128Divide(
        v128Multiply(get(quotients), get(quotients)),
        v128Add(lanes(get(left), get(right), 1, 1), get(penalty)),
      ),
    ),
    set(gain, f64Add(lane(get(quotients), 0), lane(get(quotients), 1))),
  ];
}

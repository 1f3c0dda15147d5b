// Random numbers on the host, as many as asked for, from a key.
import { foldHost, type HostArray, threefryWords } from "@hooke/runtime";

/** A stream of random numbers: the same key, the same numbers. */
export interface RandomStream {
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** A whole number from 0 to `count - 1`. */
  integer(count: number): number;
  /** Normal with mean 0 and standard deviation 1 (Box and Muller 1958). */
  normal(): number;
  /** Beta distributed in (0, 1), from two gamma variates (Marsaglia and Tsang 2000). */
  beta(a: number, b: number): number;
}

const blockSize = 64;

/** The stream of a key, `u32[2]`. */
export function randomStream(key: HostArray): RandomStream {
  let block = 0;
  let words: Uint32Array = new Uint32Array();
  let at = 0;
  const next = (): number => {
    if (at === words.length) {
      words = threefryWords(foldHost(key, block++).data, blockSize);
      at = 0;
    }
    return words[at++]! / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  // For shapes below 1 a variate of shape + 1 is scaled by u^(1 / shape).
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - next()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  return {
    uniform: (low, high) => low + (high - low) * next(),
    integer: (count) => Math.floor(next() * count),
    normal,
    beta(a, b) {
      const x = gamma(a);
      const y = gamma(b);
      return x + y === 0 ? 0.5 : x / (x + y);
    },
  };
}

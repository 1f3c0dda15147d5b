// Random numbers on the host, as many as a texture asks for: the same key, the same numbers.
import { foldHost, type HostArray, threefryWords } from "@hooke/runtime";

export interface Random {
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** In [low, high), each factor as likely as any other: for lengths and numbers of features. */
  logUniform(low: number, high: number): number;
  /** Normal with mean 0 and standard deviation 1 (Box and Muller 1958). */
  normal(): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of a list. */
  pick<T>(list: readonly T[]): T;
}

const blockSize = 256;

export function randomOf(key: HostArray): Random {
  let block = 0;
  let at = blockSize;
  let words = new Uint32Array(blockSize);
  const next = (): number => {
    if (at === blockSize) {
      words = threefryWords(foldHost(key, block++).data, blockSize) as typeof words;
      at = 0;
    }
    return words[at++]! / 2 ** 32;
  };
  const uniform = (low: number, high: number): number => low + (high - low) * next();
  let spare: number | undefined;
  return {
    uniform,
    logUniform: (low, high) => low * (high / low) ** next(),
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
  };
}

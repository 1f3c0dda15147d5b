// Samplers: points of the unit cube, by key.
import { type Check, type HostArray, threefryWords } from "@hooke/runtime";

/** How points are spread over a part of a domain. */
export interface Sampler {
  readonly name: string;
  /** `[count, dimensions]` numbers in [0, 1), row-major. The same key gives the same bits. */
  draw(key: HostArray, count: number, dimensions: number): Float64Array;
  /** Of a quadrature: `[count]` weights of the points that {@link Sampler.draw} gives for the same key; they add up to 1. */
  weights?(key: HostArray, count: number, dimensions: number): Float64Array;
}

/** Expects a sampler. */
export const samplerCheck: Check = (value) =>
  typeof (value as Partial<Sampler> | null | undefined)?.draw === "function"
    ? undefined
    : "a sampler: latinHypercube(), sobol(), halton(), grid(), uniform(), gauss()";

/** Numbers in [0, 1), in steps of 2^-53. */
export function unitNumbers(key: HostArray, count: number): Float64Array {
  const words = threefryWords(key.data, 2 * count);
  return Float64Array.from({ length: count }, (_, i) => {
    return ((words[2 * i]! >>> 5) * 2 ** 26 + (words[2 * i + 1]! >>> 6)) * 2 ** -53;
  });
}

/** Numbers from 0 to `count - 1` in an order drawn by key (Fisher and Yates). */
export function permutation(key: HostArray, count: number): Uint32Array {
  const numbers = unitNumbers(key, count);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(numbers[i]! * (i + 1));
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

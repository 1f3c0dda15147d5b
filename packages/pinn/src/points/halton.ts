// The sequence of Halton: the digits of the point's number in prime bases, mirrored.
import { fail, foldHost, nothingMore } from "@hooke/runtime";
import { type Sampler, unitNumbers } from "./sampler.ts";

const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53];

/**
 * The sequence of Halton (1960), moved by key around the cube (Cranley and Patterson 1976). For few coordinates; from about 8 on {@link sobol} is more even.
 *
 * @throws on drawing points of more than 16 coordinates
 */
export function halton(...more: []): Sampler {
  nothingMore("halton", more);
  return {
    name: "halton",
    draw: (key, count, dimensions) => {
      if (dimensions > primes.length) {
        fail(
          "halton",
          `has bases for ${primes.length} coordinates; the points have ${dimensions}. Use latinHypercube().`,
          "unsupported",
        );
      }
      const shifts = unitNumbers(foldHost(key, "shift"), dimensions);
      return Float64Array.from({ length: count * dimensions }, (_, i) => {
        const axis = i % dimensions;
        return (mirrored(Math.floor(i / dimensions), primes[axis]!) + shifts[axis]!) % 1;
      });
    },
  };
}

/** The digits of a number behind the point, in reverse order: 0.d0 d1 d2 ... */
function mirrored(number: number, base: number): number {
  let value = 0;
  for (let [rest, place] = [number, 1 / base]; rest > 0; rest = Math.floor(rest / base), place /= base) {
    value += (rest % base) * place;
  }
  return value;
}

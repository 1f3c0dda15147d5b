// Latin hypercubes: along every coordinate, one point in each of `count` equal slices.
import { foldHost, nothingMore } from "@hooke/runtime";
import { permutation, type Sampler, unitNumbers } from "./sampler.ts";

/** Points of which each coordinate has one in every `count`-th part of its range (McKay, Beckman and Conover 1979). */
export function latinHypercube(...more: []): Sampler {
  nothingMore("latinHypercube", more);
  return {
    name: "latinHypercube",
    draw: (key, count, dimensions) => {
      const unit = unitNumbers(key, count * dimensions);
      for (let axis = 0; axis < dimensions; axis++) {
        const slices = permutation(foldHost(key, axis), count);
        for (let i = 0; i < count; i++) {
          const at = i * dimensions + axis;
          unit[at] = Math.min((slices[i]! + unit[at]!) / count, 1 - 2 ** -53);
        }
      }
      return unit;
    },
  };
}

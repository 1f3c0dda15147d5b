// The sequence of Sobol: points that fill the cube evenly from the first to the last.
import { fail, foldHost, nothingMore, threefryWords } from "@hooke/runtime";
import type { Sampler } from "./sampler.ts";

/** By coordinate after the first: a primitive polynomial over GF(2), its bits as a number, and the first direction numbers (Joe and Kuo 2008, new-joe-kuo-6). */
const directions: readonly (readonly [polynomial: number, ...first: number[]])[] = [
  [3, 1],
  [7, 1, 3],
  [11, 1, 3, 1],
  [13, 1, 1, 1],
  [19, 1, 1, 3, 3],
  [25, 1, 3, 5, 13],
  [37, 1, 1, 5, 5, 17],
  [41, 1, 1, 5, 5, 5],
  [47, 1, 1, 7, 11, 19],
  [55, 1, 1, 5, 1, 1],
  [59, 1, 1, 1, 3, 11],
  [61, 1, 3, 5, 5, 31],
  [67, 1, 3, 3, 9, 7, 49],
  [91, 1, 1, 1, 15, 21, 21],
  [97, 1, 3, 1, 13, 27, 49],
];

/** Bits of a coordinate. */
const bits = 32;

/**
 * The sequence of Sobol (direction numbers of Joe and Kuo 2008), its digits shifted by key: of every `2^k` points each box of the sequence's partitions has its share.
 * Smooth integrands are integrated with an error that falls almost as `1 / n`; independent points take `1 / sqrt(n)`.
 *
 * @throws on drawing points of more than 16 coordinates
 * @example
 * ```ts
 * import { box, sobol } from "@hooke/pinn";
 * import { randomKey } from "@hooke/runtime";
 *
 * const { rows } = box({ x: [0, 1], y: [0, 1] }).interior(256, { sampler: sobol() }).draw(randomKey(0));
 * const left = rows.filter((value, i) => i % 2 === 0 && value < 0.25);
 * console.log(left.length); // 64
 * ```
 */
export function sobol(...more: []): Sampler {
  nothingMore("sobol", more);
  return {
    name: "sobol",
    draw: (key, count, dimensions) => {
      if (dimensions > directions.length + 1) {
        fail(
          "sobol",
          `has directions for ${directions.length + 1} coordinates; the points have ${dimensions}. Use latinHypercube().`,
          "unsupported",
        );
      }
      const points = new Float64Array(count * dimensions);
      const shifts = threefryWords(foldHost(key, "shift").data, dimensions);
      for (let axis = 0; axis < dimensions; axis++) {
        const steps = stepsOf(axis);
        let digits = shifts[axis]!;
        for (let i = 0; i < count; i++) {
          points[i * dimensions + axis] = (digits >>> 0) * 2 ** -bits;
          // In the order of Gray's code each point differs from the last by one direction: that of the lowest zero of i.
          digits ^= steps[31 - Math.clz32(~i & (i + 1))]!;
        }
      }
      return points;
    },
  };
}

/** The direction numbers of a coordinate, from that of the first binary digit. */
function stepsOf(axis: number): Uint32Array {
  if (axis === 0) return Uint32Array.from({ length: bits }, (_, i) => 2 ** (bits - 1 - i));
  const [polynomial, ...first] = directions[axis - 1]!;
  const degree = first.length;
  const steps = new Uint32Array(bits);
  for (let i = 0; i < bits; i++) {
    if (i < degree) {
      steps[i] = first[i]! << (bits - 1 - i);
      continue;
    }
    let step = steps[i - degree]! ^ (steps[i - degree]! >>> degree);
    for (let k = 1; k < degree; k++) if ((polynomial >>> (degree - k)) & 1) step ^= steps[i - k]!;
    steps[i] = step;
  }
  return steps;
}

// The sequence of Sobol: points that fill the cube evenly from the first to the last.
import { fail, foldHost, type HostArray, threefryWords } from "@hooke/runtime";

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
 * Points of the sequence of Sobol (direction numbers of Joe and Kuo 2008), its digits shifted by key: of every `2^k` points each box of the sequence's
 * partitions has its share.
 *
 * @param who the speaker of errors
 * @param cure what to do where there are too many dimensions
 * @returns `[count, dimensions]` numbers in [0, 1), row-major; with a larger count more points follow the same ones
 * @throws on more than 16 dimensions
 */
export function sobolPoints(
  who: string,
  key: HostArray,
  count: number,
  dimensions: number,
  cure: string,
): Float64Array {
  if (dimensions > directions.length + 1) {
    fail(
      who,
      `has directions for ${directions.length + 1} coordinates; the points have ${dimensions}. ${cure}`,
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

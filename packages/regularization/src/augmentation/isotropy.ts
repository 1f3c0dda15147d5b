// Directional two-point statistics: whether images look alike along different directions, and whether that is what was declared.
import { describe, fail, type HostArray, randomKey } from "@hooke/runtime";
import { randomStream } from "./random.ts";
import { type Axis, checkSymmetry, type MaterialSymmetry, nameOf } from "./symmetry.ts";

/** A direction of the grid: an axis, or the diagonal between two, `x+y` or `x-y`. */
export type Direction = Axis | `${Axis}+${Axis}` | `${Axis}-${Axis}`;

/** Two directions, and how long images stay correlated along each. */
export interface Comparison {
  readonly directions: readonly [Direction, Direction];
  /** Mean over the images of the correlation length, the sum of the autocorrelation over lags from 0 on, in steps of the direction. */
  readonly lengths: readonly [number, number];
  /** Chance of a difference of this size if both directions were alike, by random exchanges of the two in each image. */
  readonly pValue: number;
  readonly differ: boolean;
}

/** What {@link checkIsotropy} finds. */
export interface IsotropyReport {
  readonly comparisons: readonly Comparison[];
  /** Whether no two directions differ. */
  readonly isotropic: boolean;
  /** Where declared and measured symmetry disagree, in words; empty if they agree. */
  readonly warnings: readonly string[];
}

/** Options of {@link checkIsotropy}. */
export interface IsotropyOptions {
  /** What is assumed of the images. Default `"isotropic"`. */
  readonly declared?: MaterialSymmetry;
  /** Whether images continue on their opposite side. Default false. */
  readonly periodic?: boolean;
  /** Largest lag, in points. Default a quarter of the shortest side. */
  readonly maxLag?: number;
}

const exchanges = 4999;
const significance = 0.01;
const relevance = 0.05;
/** With `n` images no difference has a smaller chance than `2^(1 - n)`: 12 are enough for the six comparisons of volumes. */
const fewest = 12;

/**
 * Compares the two-point correlation of images along the axes and, in each plane, along its two diagonals. Two directions differ
 * if their correlation lengths do by more than 5 % and such a difference has a chance below 1 % (shared among the comparisons).
 * It sees what stretches or aligns the structure; a square lattice, alike along x and y, it does not tell from an isotropic one.
 *
 * @param images `[count, y, x, channels]` or `[count, z, y, x, channels]`, at least 12
 * @throws on fewer images, and on images without any contrast
 */
export function checkIsotropy(images: HostArray, options: IsotropyOptions = {}): IsotropyReport {
  const { declared = "isotropic", periodic = false } = options;
  checkSymmetry("checkIsotropy", { material: declared });
  const [count, ...rest] = images.shape;
  const spatial = rest.slice(0, -1);
  if (spatial.length !== 2 && spatial.length !== 3) {
    fail(
      "checkIsotropy",
      `received ${describe(images)}; expected [count, y, x, channels] or [count, z, y, x, channels].`,
    );
  }
  if (count === undefined || count < fewest) {
    fail("checkIsotropy", `received ${count} images; differences of fewer than ${fewest} cannot be told from chance.`);
  }
  const shortest = Math.min(...spatial);
  const { maxLag = Math.max(1, Math.floor(shortest / 4)) } = options;
  if (!(Number.isInteger(maxLag) && maxLag >= 1 && maxLag < shortest)) {
    fail("checkIsotropy", `received maxLag ${maxLag}; expected a whole number from 1 to ${shortest - 1}.`);
  }
  const size = spatial.length;
  const pairs = comparedDirections(size);
  const comparisons = pairs.map((directions): Comparison => {
    const [a, b] = directions.map((direction) => {
      const step = stepOf(direction, size);
      return Array.from({ length: count }, (_, image) => correlationLength(images, image, step, maxLag, periodic));
    }) as [number[], number[]];
    const lengths = [mean(a), mean(b)] as const;
    const pValue = exchangeTest(a.map((value, i) => value - b[i]!));
    const relative = Math.abs(lengths[0] - lengths[1]) / ((lengths[0] + lengths[1]) / 2);
    return { directions, lengths, pValue, differ: pValue < significance / pairs.length && relative > relevance };
  });
  const isotropic = comparisons.every(({ differ }) => !differ);
  return { comparisons, isotropic, warnings: disagreements(declared, comparisons, size) };
}

function comparedDirections(size: number): (readonly [Direction, Direction])[] {
  const planes: readonly (readonly [Axis, Axis])[] =
    size === 2
      ? [["x", "y"]]
      : [
          ["x", "y"],
          ["x", "z"],
          ["y", "z"],
        ];
  return planes.flatMap(([a, b]): (readonly [Direction, Direction])[] => [
    [a, b],
    [`${a}+${b}`, `${a}-${b}`],
  ]);
}

/** One step along a direction, per spatial axis in the order (z,) y, x. */
function stepOf(direction: Direction, size: number): number[] {
  const step = new Array<number>(size).fill(0);
  const axisOf = (axis: string): number => size - 1 - ["x", "y", "z"].indexOf(axis);
  step[axisOf(direction[0]!)] = 1;
  if (direction.length === 3) step[axisOf(direction[2]!)] = direction[1] === "+" ? 1 : -1;
  return step;
}

/** Sum of the autocorrelation over lags 0 to `maxLag`, along steps. */
function correlationLength(
  { shape, data }: HostArray,
  image: number,
  step: readonly number[],
  maxLag: number,
  periodic: boolean,
): number {
  const spatial = shape.slice(1, -1);
  const channels = shape.at(-1)!;
  const points = spatial.reduce((product, length) => product * length, 1);
  const values = new Float64Array(data.subarray(image * points * channels, (image + 1) * points * channels));
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let p = c; p < values.length; p += channels) sum += values[p]!;
    for (let p = c; p < values.length; p += channels) values[p]! -= sum / points;
  }
  const covariance = (lag: number): number => {
    let sum = 0;
    let pairs = 0;
    const index = spatial.map(() => 0);
    for (let point = 0; point < points; point++) {
      let other = 0;
      let inside = true;
      for (const [axis, length] of spatial.entries()) {
        let at = index[axis]! + lag * step[axis]!;
        if (periodic) at = ((at % length) + length) % length;
        else if (at < 0 || at >= length) inside = false;
        other = other * length + at;
      }
      if (inside) {
        for (let c = 0; c < channels; c++) sum += values[point * channels + c]! * values[other * channels + c]!;
        pairs++;
      }
      for (let axis = spatial.length - 1; axis >= 0; axis--) {
        index[axis]!++;
        if (index[axis]! < spatial[axis]!) break;
        index[axis] = 0;
      }
    }
    return sum / pairs;
  };
  const variance = covariance(0);
  if (!(variance > 0)) fail("checkIsotropy", `image ${image} has no contrast; leave it out.`);
  let length = 1;
  for (let lag = 1; lag <= maxLag; lag++) length += covariance(lag) / variance;
  return length;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Two-sided test of paired differences: how often random signs give a sum as large. */
function exchangeTest(differences: readonly number[]): number {
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  const random = randomStream(randomKey(0));
  let asLarge = 0;
  for (let trial = 0; trial < exchanges; trial++) {
    const sum = differences.reduce((total, value) => total + (random.integer(2) === 0 ? value : -value), 0);
    if (Math.abs(sum) >= observed * (1 - 1e-12)) asLarge++;
  }
  return (asLarge + 1) / (exchanges + 1);
}

function disagreements(declared: MaterialSymmetry, comparisons: readonly Comparison[], size: number): string[] {
  const differing = comparisons.filter(({ differ }) => differ);
  const measured = ({ directions: [a, b], lengths: [la, lb], pValue }: Comparison): string =>
    `the correlation length is ${la.toPrecision(3)} along ${a} and ${lb.toPrecision(3)} along ${b} (p = ${pValue.toPrecision(2)})`;
  const forbidden = differing.filter(({ directions }) => alike(declared, directions, size));
  if (forbidden.length > 0) {
    return forbidden.map(
      (comparison) =>
        `The images are declared ${nameOf(declared)}, but ${measured(comparison)}: ` +
        "turns that exchange these directions make images that do not occur. Declare a lower symmetry.",
    );
  }
  if (differing.length === 0 && comparisons.some(({ directions }) => !alike(declared, directions, size))) {
    return [
      `The images are declared ${nameOf(declared)}, but no two of the compared directions differ. ` +
        "If the targets have no preferred direction either, a higher symmetry allows more augmentation.",
    ];
  }
  return [];
}

/** Whether a symmetry makes two directions alike. */
function alike(declared: MaterialSymmetry, directions: readonly [Direction, Direction], size: number): boolean {
  if (declared === "isotropic") return true;
  if (declared === "none") return false;
  const diagonal = directions[0].length === 3;
  // A change of sign of one axis exchanges the two diagonals.
  if (diagonal) return true;
  if (declared === "orthotropic") return false;
  const axis = declared.transverselyIsotropic;
  return !(directions as readonly string[]).includes(axis) || (axis === "z" && size === 2);
}

// Whether images look alike along different directions, and whether that is what was declared.
import { checkHostArray, checkOptions, checks, describe, fail, type HostArray, randomKey } from "@hooke/runtime";
import { correlationLength, type Direction, stepOf } from "./correlation.ts";
import { randomStream } from "./random.ts";
import { type Axis, type MaterialSymmetry, materialCheck, nameOf } from "./symmetry.ts";

/** Two directions, and how long images stay correlated along each. */
export interface Comparison {
  readonly directions: readonly [Direction, Direction];
  /**
   * Mean over the images of the correlation length, the sum of the autocorrelation over lags from 0 on, in steps of the
   * direction.
   */
  readonly lengths: readonly [number, number];
  /**
   * Chance of a difference of this size if both directions were alike, by random exchanges of the two in each image.
   */
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
  /** Largest lag, in points, below the shortest side. Default a quarter of it. */
  readonly maxLag?: number;
}

const exchanges = 4999;
const significance = 0.01;
const relevance = 0.05;
/**
 * With `n` images no difference has a smaller chance than `2^(1 - n)`: 12 are enough for the six comparisons of
 * volumes.
 */
const fewest = 12;

/**
 * Compares the two-point correlation of images along the axes and, in each plane, along its two diagonals. Two
 * directions differ if their correlation lengths do by more than 5 % and such a difference has a chance below 1 %
 * (shared among the comparisons). It sees what stretches or aligns the structure; a square lattice, alike along x and
 * y, it does not tell from an isotropic one.
 *
 * @param images `[count, y, x, channels]` or `[count, z, y, x, channels]`, at least 12
 * @throws on fewer images, sides of one point, values that are not finite, and images without any contrast
 */
export function checkIsotropy(images: HostArray, options: IsotropyOptions = {}): IsotropyReport {
  checkOptions<IsotropyOptions>("checkIsotropy", options, {
    optional: { declared: materialCheck, periodic: checks.flag, maxLag: checks.count },
  });
  const { declared = "isotropic", periodic = false } = options;
  checkHostArray("checkIsotropy", images);
  const [count, ...rest] = images.shape;
  const spatial = rest.slice(0, -1);
  if (spatial.length !== 2 && spatial.length !== 3) {
    fail(
      "checkIsotropy",
      `received ${describe(images)}; expected [count, y, x, channels] or [count, z, y, x, channels].`,
      "mismatch",
    );
  }
  if (count === undefined || count < fewest) {
    fail(
      "checkIsotropy",
      `received ${count} images; differences of fewer than ${fewest} cannot be told from chance.`,
      "invalid-data",
    );
  }
  const shortest = Math.min(...spatial);
  if (shortest < 2)
    fail("checkIsotropy", `received ${describe(images)}; along a side of 1 point nothing can be compared.`, "mismatch");
  const { maxLag = Math.max(1, Math.floor(shortest / 4)) } = options;
  if (maxLag >= shortest) {
    fail(
      "checkIsotropy",
      `received maxLag ${maxLag} for images ${describe(images)}; the largest is ${shortest - 1}.`,
      "mismatch",
    );
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

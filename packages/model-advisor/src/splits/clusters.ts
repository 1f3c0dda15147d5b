// Clusters of rows: k-means on the scaled inputs (Lloyd 1982), begun far apart (Arthur and Vassilvitskii, k-means++, SODA 2007).
import { designMatrix, fitDesign, type Random, type Samples } from "@hooke/baselines";

/** Rounds of assignment at most. */
const rounds = 50;

/** Of as many rows as a cluster has in the mean: with less than this share of them it is too small to stand for a family. */
const leastShare = 0.5;

/**
 * Rows of each cluster; clusters that would have no row are left out. One of a few rows says by its error how these scatter, not how another family
 * is predicted: the smallest joins the one whose centre is nearest, until none is too small, or two are left.
 */
export function clustersOf(samples: Samples, count: number, random: Random): Int32Array[] {
  const design = fitDesign("clusters", samples, () => undefined);
  const rows = designMatrix(design, samples);
  const width = design.names.length;
  const { rowCount } = samples;
  let centres = beginnings(rows, width, rowCount, Math.min(count, rowCount), random);
  let nearest = new Int32Array(rowCount);
  for (let round = 0; round < rounds; round++) {
    const assigned = Int32Array.from({ length: rowCount }, (_, row) => nearestOf(rows, row, centres, width).index);
    const settled = round > 0 && assigned.every((cluster, row) => cluster === nearest[row]);
    nearest = assigned;
    if (settled) break;
    centres = meansOf(rows, width, nearest, centres);
  }
  const found = Array.from({ length: centres.length / width }, (_, cluster) => ({
    rows: Int32Array.from(nearest.keys()).filter((row) => nearest[row] === cluster),
    centre: rowOf(centres, width, cluster),
  })).filter(({ rows: { length } }) => length > 0);
  return joined(found, (leastShare * rowCount) / count).map((cluster) => cluster.rows);
}

interface Cluster {
  readonly rows: Int32Array;
  readonly centre: Float64Array;
}

/** The same rows in clusters of `least` rows at least, as long as there are more than two. */
function joined(clusters: readonly Cluster[], least: number): readonly Cluster[] {
  const smallest = clusters.reduce((a, b) => (b.rows.length < a.rows.length ? b : a));
  if (clusters.length <= 2 || smallest.rows.length >= least) return clusters;
  const others = clusters.filter((cluster) => cluster !== smallest);
  const far = ({ centre }: Cluster): number =>
    centre.reduce((sum, value, k) => sum + (value - smallest.centre[k]!) ** 2, 0);
  const nearest = others.reduce((a, b) => (far(b) < far(a) ? b : a));
  const [own, added] = [nearest.rows.length, smallest.rows.length];
  const both: Cluster = {
    rows: Int32Array.from([...nearest.rows, ...smallest.rows]).sort(),
    centre: nearest.centre.map((value, k) => (own * value + added * smallest.centre[k]!) / (own + added)),
  };
  return joined(
    others.map((cluster) => (cluster === nearest ? both : cluster)),
    least,
  );
}

function beginnings(rows: Float64Array, width: number, rowCount: number, count: number, random: Random): Float64Array {
  const centres = [...rowOf(rows, width, random.below(rowCount))];
  while (centres.length < count * width) {
    const squares = Float64Array.from({ length: rowCount }, (_, row) => nearestOf(rows, row, centres, width).square);
    let left = random.uniform() * squares.reduce((sum, square) => sum + square, 0);
    let chosen = 0;
    while (chosen < rowCount - 1 && left >= squares[chosen]!) left -= squares[chosen++]!;
    centres.push(...rowOf(rows, width, chosen));
  }
  return Float64Array.from(centres);
}

const rowOf = (rows: Float64Array, width: number, row: number): Float64Array =>
  rows.subarray(row * width, (row + 1) * width);

function nearestOf(rows: Float64Array, row: number, centres: ArrayLike<number>, width: number) {
  let best = { index: 0, square: Number.POSITIVE_INFINITY };
  for (let index = 0; index * width < centres.length; index++) {
    let square = 0;
    for (let k = 0; k < width; k++) square += (rows[row * width + k]! - centres[index * width + k]!) ** 2;
    if (square < best.square) best = { index, square };
  }
  return best;
}

/** Means of the rows of each cluster; an empty one stays where it is. */
function meansOf(rows: Float64Array, width: number, nearest: Int32Array, centres: Float64Array): Float64Array {
  const sums = new Float64Array(centres.length);
  const counts = new Float64Array(centres.length / width);
  for (const [row, cluster] of nearest.entries()) {
    counts[cluster]!++;
    for (let k = 0; k < width; k++) sums[cluster * width + k]! += rows[row * width + k]!;
  }
  return sums.map((sum, at) => {
    const count = counts[Math.floor(at / width)]!;
    return count > 0 ? sum / count : centres[at]!;
  });
}

// Cells of periodic structures: three vectors, fractions of them, and how far apart their faces are.

/** Three numbers. */
export type Triple = readonly [number, number, number];

/** The rows are the cell's vectors. */
export type Cell = readonly [Triple, Triple, Triple];

const cross = ([a, b, c]: Triple, [x, y, z]: Triple): Triple => [b * z - c * y, c * x - a * z, a * y - b * x];
const dot = ([a, b, c]: Triple, [x, y, z]: Triple): number => a * x + b * y + c * z;

/** The volume, negative for a left-handed cell. */
export const volumeOf = ([a, b, c]: Cell): number => dot(a, cross(b, c));

/** Vectors whose product with a place is the place's fraction of each cell vector. */
export function reciprocal(cell: Cell): Cell {
  const [a, b, c] = cell;
  const volume = volumeOf(cell);
  return [cross(b, c), cross(c, a), cross(a, b)].map(
    (vector) => vector.map((value) => value / volume) as unknown as Triple,
  ) as unknown as Cell;
}

/** Fractions of the cell's vectors. */
export const fractionsOf = (inverse: Cell, place: Triple): Triple =>
  inverse.map((vector) => dot(vector, place)) as unknown as Triple;

/** The place at fractions of the cell's vectors. */
export const placeAt = (cell: Cell, [u, v, w]: Triple): Triple =>
  [0, 1, 2].map((axis) => u * cell[0][axis]! + v * cell[1][axis]! + w * cell[2][axis]!) as unknown as Triple;

/** Distances of opposite faces. */
export const heightsOf = (inverse: Cell): Triple =>
  inverse.map((vector) => 1 / Math.hypot(...vector)) as unknown as Triple;

/** Cell vectors of lengths and angles in degrees: the first along x, the second in the xy plane. */
export function cellOf([a, b, c]: Triple, angles: Triple): Cell {
  const [alpha, beta, gamma] = angles.map((angle) => (angle * Math.PI) / 180) as unknown as Triple;
  const [x, y] = [Math.cos(beta), (Math.cos(alpha) - Math.cos(beta) * Math.cos(gamma)) / Math.sin(gamma)];
  return [
    [a, 0, 0],
    [b * Math.cos(gamma), b * Math.sin(gamma), 0],
    [c * x, c * y, c * Math.sqrt(1 - x * x - y * y)],
  ];
}

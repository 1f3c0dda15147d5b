// Orthogonal maps of the plane and of space, and what they do to the components of vectors and tensors in Voigt
// notation.

/** A square matrix by rows, acting on components in the order x, y (, z). */
export type Matrix = readonly (readonly number[])[];

/** The identity. */
export function identity(size: number): Matrix {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
}

/** The reflections that change the sign of the coordinates marked. */
export function reflection(marked: readonly boolean[]): Matrix {
  return marked.map((flipped, i) => marked.map((_, j) => (i === j ? (flipped ? -1 : 1) : 0)));
}

/** The rotation by an angle in radians that takes axis `from` towards axis `to`. Quarter turns are exact. */
export function planeRotation(size: number, from: number, to: number, angle: number): Matrix {
  const [c, s] = [Math.cos(angle), Math.sin(angle)].map((value) =>
    Math.abs(value - Math.round(value)) < 1e-12 ? Math.round(value) : value,
  ) as [number, number];
  const rows = identity(size).map((row) => [...row]);
  rows[from]![from] = c;
  rows[to]![to] = c;
  rows[to]![from] = s;
  rows[from]![to] = -s;
  return rows;
}

/** The matrix product. */
export function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
}

/** Whether every entry is -1, 0 or 1: such a map takes a grid to itself. */
export function keepsGrid(map: Matrix): boolean {
  return map.every((row) => row.every((value) => Number.isInteger(value)));
}

/** Component pairs of Voigt notation: `xx, yy, xy` in the plane, `xx, yy, zz, yz, xz, xy` in space. */
export function voigtPairs(size: number): readonly (readonly [number, number])[] {
  if (size === 2)
    return [
      [0, 0],
      [1, 1],
      [0, 1],
    ];
  return [
    [0, 0],
    [1, 1],
    [2, 2],
    [1, 2],
    [0, 2],
    [0, 1],
  ];
}

/** The matrix that turns the Voigt components of a stress: `sigma' = Q sigma Q^T` (Bond 1943). */
export function stressMatrix(map: Matrix): Matrix {
  const pairs = voigtPairs(map.length);
  return pairs.map(([i, j]) =>
    pairs.map(([k, l]) => {
      const direct = map[i]![k]! * map[j]![l]!;
      return k === l ? direct : direct + map[i]![l]! * map[j]![k]!;
    }),
  );
}

/** The matrix that turns the Voigt components of a strain with engineering shears, `gamma = 2 epsilon`. */
export function strainMatrix(map: Matrix): Matrix {
  const pairs = voigtPairs(map.length);
  const factor = ([i, j]: readonly [number, number]): number => (i === j ? 1 : 2);
  return stressMatrix(map).map((row, a) => row.map((value, b) => (value * factor(pairs[a]!)) / factor(pairs[b]!)));
}

/** The transposed matrix. */
export function transposed(map: Matrix): Matrix {
  return map[0]!.map((_, j) => map.map((row) => row[j]!));
}

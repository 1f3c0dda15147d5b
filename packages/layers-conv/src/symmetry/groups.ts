// Quarter turns and mirrors of the grid, and what they do to the numbers of a field.

/** Quarter turns (`"p4"`), or quarter turns and mirrors (`"p4m"`). */
export type SymmetryGroup = "p4" | "p4m";

/**
 * What numbers belong together, and how they turn: one that stays (`"scalar"`); components along the rows' axis, down, and along the columns'
 * (`"vector"`); of a symmetric tensor those of down-down, across-across and down-across (`"tensor"`); or one for each turn and mirror of the grid, which
 * change places (`"regular"`).
 */
export type FieldKind = "scalar" | "vector" | "tensor" | "regular";

/** What is made of numbers: number `i` is `sign[i]` times number `source[i]` of what was. */
export interface SignedPermutation {
  readonly source: readonly number[];
  readonly sign: readonly number[];
}

/** Rows of a matrix of 2 x 2. */
type Matrix = readonly [readonly [number, number], readonly [number, number]];

const product = ([[a, b], [c, d]]: Matrix, [[e, f], [g, h]]: Matrix): Matrix => [
  [a * e + b * g, a * f + b * h],
  [c * e + d * g, c * f + d * h],
];
const transposed = ([[a, b], [c, d]]: Matrix): Matrix => [
  [a, c],
  [b, d],
];

const one: Matrix = [
  [1, 0],
  [0, 1],
];
const quarter: Matrix = [
  [0, -1],
  [1, 0],
];
const mirror: Matrix = [
  [1, 0],
  [0, -1],
];

function elementsOf(group: SymmetryGroup): readonly Matrix[] {
  const turns = [one];
  for (let i = 1; i < 4; i++) turns.push(product(quarter, turns[i - 1]!));
  return group === "p4" ? turns : [...turns, ...turns.map((turn) => product(turn, mirror))];
}

/** Turns and mirrors of a group. */
export const orderOf = (group: SymmetryGroup): number => (group === "p4" ? 4 : 8);

/** Numbers of one field. */
export const fieldSize = (kind: FieldKind, group: SymmetryGroup): number =>
  ({ scalar: 1, vector: 2, tensor: 3, regular: orderOf(group) })[kind];

/** Where the only entry of a row of a turn's matrix is. */
const placeIn = (row: readonly [number, number]): 0 | 1 => (row[0] === 0 ? 1 : 0);

/** What each element of the group does to the numbers of a field, in the order of the elements. */
export function actionsOn(kind: FieldKind, group: SymmetryGroup): readonly SignedPermutation[] {
  const elements = elementsOf(group);
  const key = (matrix: Matrix): string =>
    matrix
      .flat()
      .map((entry) => entry + 0)
      .join();
  const places = new Map(elements.map((element, i) => [key(element), i]));
  return elements.map((element): SignedPermutation => {
    const [first, second] = element;
    const [a, b] = [placeIn(first), placeIn(second)];
    const [signA, signB] = [first[a], second[b]];
    if (kind === "scalar") return { source: [0], sign: [1] };
    if (kind === "vector") return { source: [a, b], sign: [signA, signB] };
    if (kind === "tensor") return { source: [a, b, 2], sign: [1, 1, signA * signB] };
    const inverse = transposed(element);
    return {
      source: elements.map((other) => places.get(key(product(inverse, other)))!),
      sign: elements.map(() => 1),
    };
  });
}

/** For each element of the group: which point of a window of `size` x `size`, row by row, comes to each of its points. */
export function windowActions(size: number, group: SymmetryGroup): readonly (readonly number[])[] {
  const middle = (size - 1) / 2;
  return elementsOf(group).map((element) => {
    const [[a, b], [c, d]] = transposed(element);
    return Array.from({ length: size * size }, (_, place) => {
      const [row, column] = [Math.floor(place / size) - middle, (place % size) - middle];
      return (a * row + b * column + middle) * size + (c * row + d * column + middle);
    });
  });
}

/** The same of `count` fields one behind another. */
export const repeated = ({ source, sign }: SignedPermutation, count: number): SignedPermutation => ({
  source: Array.from({ length: count }, (_, field) => source.map((place) => field * source.length + place)).flat(),
  sign: Array.from({ length: count }, () => sign).flat(),
});

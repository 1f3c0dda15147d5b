// Operators: sums of partial derivatives of one order, such as the Laplace operator.

/** How often along each coordinate, in the order of the domain's: `[2, 1]` is `d^3 / dx^2 dt`. */
export type MultiIndex = readonly number[];

/** The sum of partial derivatives of one order; one that occurs twice counts twice. `[[2, 0], [0, 2]]` is the Laplace operator of a plane. */
export type Operator = readonly MultiIndex[];

/** The order of the derivatives. */
export const orderOf = ([index]: Operator): number => index!.reduce((total, count) => total + count, 0);

/** Once more along a coordinate. */
export const raised = (operator: Operator, axis: number): Operator =>
  operator.map((index) => index.map((count, i) => (i === axis ? count + 1 : count)));

/** A derivative of one less along a coordinate. */
export const lowered = (index: MultiIndex, axis: number): MultiIndex =>
  index.map((count, i) => (i === axis ? count - 1 : count));

/** No derivative. */
export const noneOf = (dimensions: number): Operator => [new Array<number>(dimensions).fill(0)];

/** The coordinates along which it is taken, one after the other, or a list of such lists for a sum. */
export const axesOf = (operator: Operator): number[] | number[][] => {
  const lists = operator.map((index) => index.flatMap((count, axis) => new Array<number>(count).fill(axis)));
  return lists.length === 1 ? lists[0]! : lists;
};

/** A name for maps, the same in whatever order a sum is. */
export const keyOf = (operator: Operator): string =>
  operator
    .map((index) => index.join(","))
    .sort()
    .join("+");

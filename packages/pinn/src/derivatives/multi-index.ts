// Multi-indices: how often a derivative is taken along each coordinate.

/** How often along each coordinate, in the order of the domain's: `[2, 1]` is `d^3 / dx^2 dt`. */
export type MultiIndex = readonly number[];

/** The order of the derivative. */
export const orderOf = (index: MultiIndex): number => index.reduce((total, count) => total + count, 0);

/** One more along a coordinate. */
export const raised = (index: MultiIndex, axis: number): MultiIndex =>
  index.map((count, i) => (i === axis ? count + 1 : count));

/** One less along a coordinate. */
export const lowered = (index: MultiIndex, axis: number): MultiIndex =>
  index.map((count, i) => (i === axis ? count - 1 : count));

/** No derivative. */
export const noneOf = (dimensions: number): MultiIndex => new Array<number>(dimensions).fill(0);

/** The coordinates along which it is taken, one after the other. */
export const axesOf = (index: MultiIndex): number[] =>
  index.flatMap((count, axis) => new Array<number>(count).fill(axis));

/** A name for maps. */
export const keyOf = (index: MultiIndex): string => index.join(",");

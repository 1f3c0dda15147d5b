// Growth as a number: what one of many costs beside one of fewer.

/** As far apart as sizes are that are compared. */
const farthest = 64;

/** What one of so many costs. */
export interface Cost {
  readonly size: number;
  readonly cost: number;
}

/** The cost of one of many over that of one of fewer, at most 64 times fewer: the largest ratio there is. */
export function growthOf(costs: readonly Cost[]): number {
  const ratios = costs.flatMap((few) =>
    costs.filter(({ size }) => size > few.size && size <= farthest * few.size).map((many) => many.cost / few.cost),
  );
  return Math.max(...ratios);
}

// Contour lines of values on a grid, by marching squares.

/** Values on a grid, row by row. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
}

/**
 * The segments of a contour line as an SVG path, in units of the grid, with the row of index 0 at the bottom; values are in
 * the middle of their cells. Squares that touch a value that is not finite have none.
 */
export function contourPath({ rows, columns, values }: Grid, level: number): string {
  const parts: string[] = [];
  const at = (row: number, column: number): number => values[row * columns + column]!;
  const point = (column: number, row: number): string =>
    `${Number((column + 0.5).toFixed(2))} ${Number((rows - 0.5 - row).toFixed(2))}`;
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      // Corners counted around: bottom left, bottom right, top right, top left.
      const corners = [at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)];
      if (!corners.every(Number.isFinite)) continue;
      const above = corners.map((value) => value >= level);
      const crossing = (edge: number): string => {
        const [from, to] = [corners[edge]!, corners[(edge + 1) % 4]!];
        const share = (level - from) / (to - from);
        return [
          () => point(column + share, row),
          () => point(column + 1, row + share),
          () => point(column + 1 - share, row + 1),
          () => point(column, row + 1 - share),
        ][edge]!();
      };
      const edges = [0, 1, 2, 3].filter((edge) => above[edge] !== above[(edge + 1) % 4]);
      if (edges.length === 0) continue;
      // A saddle: the mean decides which corners belong together.
      const [a, b, c, d] = edges as [number, number, number, number];
      const mean = corners.reduce((sum, value) => sum + value, 0) / 4;
      const pairs =
        edges.length === 2
          ? [[a, b]]
          : mean >= level === above[0]
            ? [
                [a, b],
                [c, d],
              ]
            : [
                [d, a],
                [b, c],
              ];
      for (const [from, to] of pairs) parts.push(`M${crossing(from!)}L${crossing(to!)}`);
    }
  }
  return parts.join("");
}

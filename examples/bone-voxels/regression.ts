// Least squares, by orthogonal columns.

/** The `x` of least `|rows x - values|`, by modified Gram-Schmidt (Björck, BIT 7, 1967). @throws on columns that depend on each other */
export function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): number[] {
  const width = rows[0]!.length;
  const columns = Array.from({ length: width }, (_, c) => rows.map((row) => row[c]!));
  const rest = [...values];
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const triangle = columns.map((column, c) => {
    const length = Math.sqrt(dot(column, column));
    const scale = Math.sqrt(rows.reduce((sum, row) => sum + row[c]! ** 2, 0));
    if (!(length > 1e-10 * scale)) {
      throw new Error(`leastSquares: column ${c} depends on those before it, among ${rows.length} rows; leave it out.`);
    }
    const unit = column.map((value) => value / length);
    const remove = (from: number[]): number => {
      const share = dot(unit, from);
      for (let i = 0; i < from.length; i++) from[i]! -= share * unit[i]!;
      return share;
    };
    const shares = columns.map((other, at) => (at < c ? 0 : at === c ? length : remove(other)));
    return { shares, value: remove(rest) };
  });
  const solution = new Array<number>(width).fill(0);
  for (let c = width - 1; c >= 0; c--) {
    const { shares, value } = triangle[c]!;
    solution[c] = (value - dot(shares, solution)) / shares[c]!;
  }
  return solution;
}

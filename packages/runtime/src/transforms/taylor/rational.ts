// Linear systems in fractions, exactly: the numbers that combine derivatives along directions are to be right to the last digit. And in
// remainders modulo a prime, which a search can afford.

/** A fraction in lowest terms; the denominator is positive. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : divisor(b, a % b));

function fraction(over: bigint, under: bigint): Fraction {
  const common = under < 0n ? -divisor(over, under) : divisor(over, under);
  return { over: over / common, under: under / common };
}

/** `a - factor b`. */
const less = (a: Fraction, factor: Fraction, b: Fraction): Fraction =>
  factor.over === 0n || b.over === 0n
    ? a
    : fraction(a.over * factor.under * b.under - factor.over * b.over * a.under, a.under * factor.under * b.under);

const quotient = (a: Fraction, b: Fraction): Fraction => fraction(a.over * b.under, a.under * b.over);

/**
 * Solves `A x = e` for several right-hand sides by elimination.
 *
 * @param columns of `A`, whole numbers; earlier ones are used first
 * @param sides right-hand sides, whole numbers
 * @returns for each side the solution, 0 for the columns that are not needed; null if some side is no combination of the columns
 */
export function solveExactly(
  columns: readonly (readonly number[])[],
  sides: readonly (readonly number[])[],
): readonly (readonly number[])[] | null {
  const rows = (columns[0] ?? sides[0] ?? []).map((_, row) =>
    [...columns, ...sides].map((column): Fraction => ({ over: BigInt(column[row]!), under: 1n })),
  );
  const pivots: { readonly row: Fraction[]; readonly column: number }[] = [];
  for (let column = 0; column < columns.length; column++) {
    const at = rows.findIndex((row) => row[column]!.over !== 0n);
    if (at < 0) continue;
    const [found] = rows.splice(at, 1) as [Fraction[]];
    const pivot = found.map((entry) => quotient(entry, found[column]!));
    const eliminate = (row: Fraction[]): void => {
      const factor = row[column]!;
      if (factor.over !== 0n) for (const [i, entry] of row.entries()) row[i] = less(entry, factor, pivot[i]!);
    };
    rows.forEach(eliminate);
    for (const { row } of pivots) eliminate(row);
    pivots.push({ row: pivot, column });
  }
  if (rows.some((row) => row.slice(columns.length).some(({ over }) => over !== 0n))) return null;
  return sides.map((_, side) => {
    const solution = new Array<number>(columns.length).fill(0);
    for (const { row, column } of pivots) {
      const { over, under } = row[columns.length + side]!;
      solution[column] = Number(over) / Number(under);
    }
    return solution;
  });
}

/** The largest prime below 2^26: products of two remainders are exact in doubles. */
const prime = 67108859;

const remainder = (a: number): number => ((a % prime) + prime) % prime;

/** `1 / a` modulo the prime, by Euclid. */
function inverse(a: number): number {
  let [r, next, s, nextS] = [prime, a, 0, 1];
  while (next > 0) {
    const times = Math.floor(r / next);
    [r, next, s, nextS] = [next, r - times * next, nextS, remainder(s - times * nextS)];
  }
  return s;
}

/**
 * Whether every side is a combination of the columns, modulo a prime: where it says no there is no exact solution, but for the rarest accidents,
 * and where it says yes {@link solveExactly} has the last word.
 */
export function maySolve(columns: readonly (readonly number[])[], sides: readonly (readonly number[])[]): boolean {
  const basis: { readonly at: number; readonly vector: readonly number[] }[] = [];
  const reduce = (given: readonly number[]): number[] => {
    let vector = given.map(remainder);
    for (const { at, vector: pivot } of basis) {
      const factor = vector[at]!;
      if (factor !== 0) vector = vector.map((entry, i) => remainder(entry - factor * pivot[i]!));
    }
    return vector;
  };
  for (const column of columns) {
    const vector = reduce(column);
    const at = vector.findIndex((entry) => entry !== 0);
    if (at < 0) continue;
    const scale = inverse(vector[at]!);
    basis.push({ at, vector: vector.map((entry) => remainder(entry * scale)) });
  }
  return sides.every((side) => reduce(side).every((entry) => entry === 0));
}

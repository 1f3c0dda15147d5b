// Least squares with penalties on magnitudes and squares, by one weight at a time (Friedman, Hastie and Tibshirani, J. Stat. Softw. 33, 2010), and
// where that takes many sweeps by all that are not 0 at once.
import { stepOf } from "./active-set.ts";
import type { Rest } from "./rest.ts";
import { centred, type Rows } from "./rows.ts";

/** A descent: its weights move towards the least of `sum(share * residual^2) / 2 + magnitudes * sum|w| + squares / 2 * sum w^2`. */
export interface Descent {
  readonly weights: Float64Array;
  /** The largest magnitude of `sum(share * column * residual)` of a column, at the start. */
  readonly steepest: number;
  /**
   * Sweeps until no weight changes what is fitted by more than `tolerance` (root mean square), so many times at most.
   *
   * @returns whether it got there
   */
  settle(
    penalties: { readonly magnitudes: number; readonly squares: number },
    stop: { readonly tolerance: number; readonly sweeps: number },
    rest: Rest,
  ): Promise<boolean>;
}

/** What is left of the targets while weights move. */
interface Left {
  /** `sum(share * column * residual)`, of a column less its mean. */
  readonly slope: (column: number) => number;
  /** Takes a change of a column's weight from the residual. */
  readonly take: (column: number, change: number) => void;
  /** Writes `sum(share * column * other column)` of a column with the first of some others, as many as there is room for. */
  readonly products: (column: number, others: readonly number[], into: Float64Array) => void;
  /** About how many operations a sweep over some columns takes. */
  readonly operations: (columns: readonly number[]) => number;
}

/** Rows to descend on. Columns count less their means. */
interface Columns {
  readonly rows: Rows;
  /** The mean of each column, by shares. */
  readonly centre: Float64Array;
  /** How much each row counts; they sum to 1. */
  readonly shares: Float64Array;
  /** What is left of the targets at the start, by row; its mean is 0, by shares. */
  readonly residual: Float64Array;
}

/** @param start weights; they are not changed */
export function descentFrom(columns: Columns, start: Float64Array): Descent {
  const { width } = columns.rows;
  const weights = start.slice();
  const filled = nonZeros(columns.rows);
  const nonZeroCount = filled.reduce((sum, { rows }) => sum + rows.length, 0);
  const sizes = sizesOf(columns, filled);
  // A sweep goes over what is not 0 twice, or over a product of columns for each weight.
  const left = 2 * nonZeroCount < width ** 2 ? byResidual(columns, filled) : byProducts(columns);
  /** Moves one weight to where it is best. By how much that changes what is fitted. */
  const move = (j: number, magnitudes: number, squares: number): number => {
    const before = weights[j]!;
    const pull = left.slope(j) + sizes[j]! * before;
    const after = (Math.sign(pull) * Math.max(0, Math.abs(pull) - magnitudes)) / (sizes[j]! + squares);
    const change = after - before;
    if (change === 0) return 0;
    weights[j] = after;
    left.take(j, change);
    return Math.abs(change) * Math.sqrt(sizes[j]!);
  };
  /** Takes the weights that are not 0 to where they are best together; some become 0 on the way. */
  const solve = async (magnitudes: number, squares: number, rest: Rest): Promise<void> => {
    for (;;) {
      const pausing = rest();
      if (pausing !== undefined) await pausing;
      const active = movable.filter((j) => weights[j] !== 0);
      const products = new Float64Array(active.length ** 2);
      for (const [row, j] of active.entries()) {
        const at = row * active.length;
        left.products(j, active, products.subarray(at, at + row + 1));
        products[at + row]! += squares;
      }
      const after = stepOf({
        weights: Float64Array.from(active, (j) => weights[j]!),
        slopes: Float64Array.from(active, (j) => left.slope(j)),
        products,
        magnitudes,
        squares,
      });
      for (const [i, j] of active.entries()) {
        left.take(j, after[i]! - weights[j]!);
        weights[j] = after[i]!;
      }
      if (after.every((weight) => weight !== 0)) return;
    }
  };
  const movable = Array.from(sizes.keys()).filter((j) => sizes[j]! > 0);
  return {
    weights,
    steepest: movable.reduce((most, j) => Math.max(most, Math.abs(left.slope(j))), 0),
    async settle({ magnitudes, squares }, { tolerance, sweeps }, rest) {
      for (let sweep = 0; sweep < sweeps; ) {
        let most = 0;
        for (const j of movable) most = Math.max(most, move(j, magnitudes, squares));
        sweep++;
        if (most <= tolerance) return true;
        const active = movable.filter((j) => weights[j] !== 0);
        // As many sweeps as a solution costs: what needs few of them does not pay for one, and what needs thousands pays little.
        const patience = 4 + active.length / 4 + active.length ** 3 / (6 * left.operations(active));
        const enough = Math.min(sweeps, sweep + patience);
        for (most = Number.POSITIVE_INFINITY; most > tolerance && sweep < enough; sweep++) {
          const pausing = rest();
          if (pausing !== undefined) await pausing;
          most = 0;
          for (const j of active) most = Math.max(most, move(j, magnitudes, squares));
        }
        if (most > tolerance && sweep < sweeps) await solve(magnitudes, squares, rest);
      }
      return false;
    },
  };
}

/** The rows in which a column is not 0, and what it is there. */
interface NonZeros {
  readonly rows: Int32Array;
  readonly values: Float64Array;
}

function nonZeros({ count, width, data }: Rows): NonZeros[] {
  const counts = new Int32Array(width);
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) counts[at % width]!++;
  const filled = Array.from(counts, (length) => ({ rows: new Int32Array(length), values: new Float64Array(length) }));
  counts.fill(0);
  for (let i = 0, at = 0; i < count; i++) {
    for (let j = 0; j < width; j++, at++) {
      if (data[at] === 0) continue;
      const place = counts[j]!++;
      filled[j]!.rows[place] = i;
      filled[j]!.values[place] = data[at]!;
    }
  }
  return filled;
}

/** The variance of each column, by shares. */
function sizesOf({ centre, shares }: Columns, filled: readonly NonZeros[]): Float64Array {
  return Float64Array.from(filled, ({ rows, values }, j) => {
    let [size, share] = [0, 0];
    for (let k = 0; k < rows.length; k++) {
      size += shares[rows[k]!]! * (values[k]! - centre[j]!) ** 2;
      share += shares[rows[k]!]!;
    }
    return size + Math.max(0, 1 - share) * centre[j]! ** 2;
  });
}

/** Keeps the residual of each row: of columns that are mostly 0, such as those of a category each, few rows change. */
function byResidual({ centre, shares, residual: start }: Columns, filled: readonly NonZeros[]): Left {
  const residual = start.slice();
  // What the means of columns add to every row. Without it the mean of the residual is not 0.
  let shift = 0;
  const spread = new Float64Array(shares.length);
  return {
    slope: (j) => {
      const { rows, values } = filled[j]!;
      let sum = 0;
      for (let k = 0; k < rows.length; k++) sum += shares[rows[k]!]! * values[k]! * residual[rows[k]!]!;
      return sum + shift * centre[j]!;
    },
    take: (j, change) => {
      const { rows, values } = filled[j]!;
      for (let k = 0; k < rows.length; k++) residual[rows[k]!]! -= change * values[k]!;
      shift += change * centre[j]!;
    },
    products: (j, others, into) => {
      const own = filled[j]!;
      for (let k = 0; k < own.rows.length; k++) spread[own.rows[k]!] = shares[own.rows[k]!]! * own.values[k]!;
      for (let i = 0; i < into.length; i++) {
        const { rows, values } = filled[others[i]!]!;
        let sum = -centre[j]! * centre[others[i]!]!;
        for (let k = 0; k < rows.length; k++) sum += spread[rows[k]!]! * values[k]!;
        into[i] = sum;
      }
      spread.fill(0);
    },
    operations: (columns) => columns.reduce((sum, j) => sum + 2 * filled[j]!.rows.length, 0),
  };
}

/** Keeps the slopes: products of columns are computed for those columns alone whose weight ever moves, so that many inputs of few rows are no burden. */
function byProducts({ rows, centre, shares, residual }: Columns): Left {
  const { count, width, data } = centred(rows, centre);
  /** Sums over rows of each column times a factor of the row. */
  const sumsWith = (factor: (row: number) => number): Float64Array => {
    const sums = new Float64Array(width);
    for (let i = 0; i < count; i++) {
      const value = factor(i);
      if (value === 0) continue;
      for (let j = 0, at = i * width; j < width; j++, at++) sums[j]! += value * data[at]!;
    }
    return sums;
  };
  const slopes = sumsWith((i) => shares[i]! * residual[i]!);
  const products: (Float64Array | undefined)[] = [];
  const productsOf = (j: number): Float64Array => {
    products[j] ??= sumsWith((i) => shares[i]! * data[i * width + j]!);
    return products[j];
  };
  return {
    slope: (j) => slopes[j]!,
    take: (j, change) => {
      const own = productsOf(j);
      for (let k = 0; k < width; k++) slopes[k]! -= change * own[k]!;
    },
    products: (j, others, into) => {
      const own = productsOf(j);
      for (let i = 0; i < into.length; i++) into[i] = own[others[i]!]!;
    },
    operations: (columns) => columns.length * width,
  };
}

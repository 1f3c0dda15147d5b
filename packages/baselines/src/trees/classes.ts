// Statistics of classes: a leaf's values are the shares of the classes in it, and a split is worth what it lowers the Gini impurity by.
import type { BinnedColumn } from "./bins.ts";
import type { Growing, Statistics } from "./statistics.ts";

/** How much each row counts, and for how many rows, by row. Read when rows are gathered. */
export interface ClassCounts {
  readonly classes: Int32Array;
  readonly count: number;
  readonly weights: Float64Array;
  readonly rows: Float64Array;
}

/** What is below this part of a gain is rounding. */
const rounding = 1e-12;

/**
 * The sums of a bin are the weights of each class, then their sum, then the number of rows. Categories are put in the order of their
 * shares of one class, of each class in turn (for two classes the best of all sets is among them; Breiman et al. 1984, section 9.4).
 */
export function classStatistics(
  { classes, count, weights, rows: multiplicity }: ClassCounts,
  minimumRows: number,
): Statistics {
  const stride = count + 2;
  const n = classes.length;
  const [ownClass, ownWeight, ownRows] = [new Int32Array(n), new Float64Array(n), new Float64Array(n)];
  let [from, length] = [0, 0];
  const left = new Float64Array(stride);
  const order = new Int32Array(256);
  const share = new Float64Array(256);

  /** The sum of the squares of the classes' weights over that of all. */
  const purity = (sums: Float64Array): number => {
    let squares = 0;
    for (let k = 0; k < count; k++) squares += sums[k]! * sums[k]!;
    return sums[count]! > 0 ? squares / sums[count]! : 0;
  };
  /** Adds bins one after the other to the left side, and keeps the best split. @returns the place of the last bin added, -1 if none is better */
  const scan = (
    growing: Growing,
    histogram: Float64Array,
    at: number,
    bins: Int32Array,
    used: number,
    start: number,
  ): number => {
    const { split, sums } = growing;
    left.fill(0);
    if (start >= 0) for (let k = 0; k < stride; k++) left[k] = histogram[at + start * stride + k]!;
    let found = -1;
    for (let i = 0; i < used; i++) {
      const bin = at + bins[i]! * stride;
      if (histogram[bin + stride - 1] === 0) continue;
      for (let k = 0; k < stride; k++) left[k]! += histogram[bin + k]!;
      if (left[stride - 1]! < minimumRows) continue;
      if (sums[stride - 1]! - left[stride - 1]! < minimumRows) break;
      let [inLeft, inRight] = [0, 0];
      for (let k = 0; k < count; k++) {
        const right = sums[k]! - left[k]!;
        inLeft += left[k]! * left[k]!;
        inRight += right * right;
      }
      const [weightLeft, weightRight] = [left[count]!, sums[count]! - left[count]!];
      if (!(weightLeft > 0 && weightRight > 0)) continue;
      const gain = inLeft / weightLeft + inRight / weightRight;
      if (gain <= split.gain) continue;
      split.gain = gain;
      split.left.set(left);
      found = i;
    }
    return found;
  };
  const nextWithRows = (histogram: Float64Array, at: number, bins: Int32Array, used: number, after: number): number => {
    for (let i = after + 1; i < used; i++) if (histogram[at + bins[i]! * stride + stride - 1] !== 0) return bins[i]!;
    return -1;
  };

  return {
    stride,
    minimumRows,
    floor({ sums }) {
      const gain = purity(sums);
      return gain + rounding * gain;
    },
    gather(rows, start, end) {
      from = start;
      length = end - start;
      for (let i = 0; i < length; i++) {
        const row = rows[start + i]!;
        ownClass[i] = classes[row]!;
        ownWeight[i] = weights[row]!;
        ownRows[i] = multiplicity[row]!;
      }
    },
    add(histogram, at, bins, offset, rows, sign) {
      for (let i = 0; i < length; i++) {
        const bin = at + bins[offset + rows[from + i]!]! * stride;
        const weight = sign * ownWeight[i]!;
        histogram[bin + ownClass[i]!]! += weight;
        histogram[bin + count]! += weight;
        histogram[bin + count + 1]! += sign * ownRows[i]!;
      }
    },
    search(growing, column: BinnedColumn, index, histogram, at, bins, binCount) {
      const { split } = growing;
      const hasMissing = column.missing >= 0 && binCount > 0 && bins[binCount - 1] === column.missing;
      const sawMissing = hasMissing && histogram[at + column.missing * stride + stride - 1]! > 0;
      if (column.type === "category") {
        let used = 0;
        for (let i = 0; i < binCount; i++)
          if (histogram[at + bins[i]! * stride + stride - 1] !== 0) order[used++] = bins[i]!;
        // For two classes the order by the second is the reverse of that by the first.
        for (let k = 0; k < (count === 2 ? 1 : count); k++) {
          for (let i = 0; i < used; i++) {
            const bin = at + order[i]! * stride;
            share[order[i]!] = histogram[bin + k]! / histogram[bin + count]!;
          }
          order.subarray(0, used).sort((a, b) => share[a]! - share[b]! || a - b);
          const found = scan(growing, histogram, at, order, used, -1);
          if (found < 0) continue;
          const chosen = new Uint8Array(256);
          for (let i = 0; i <= found; i++) chosen[order[i]!] = 1;
          Object.assign(split, { column: index, lower: -1, upper: -1, sawMissing, chosen });
          split.missingLeft = sawMissing && chosen[column.missing] === 1;
        }
        return;
      }
      const values = hasMissing ? binCount - 1 : binCount;
      for (const missingLeft of sawMissing ? [false, true] : [false]) {
        const found = scan(growing, histogram, at, bins, values, missingLeft ? column.missing : -1);
        if (found < 0) continue;
        const upper = nextWithRows(histogram, at, bins, values, found);
        Object.assign(split, { column: index, lower: bins[found]!, upper, sawMissing, missingLeft, chosen: undefined });
      }
    },
    bound: () => undefined,
    leaf({ sums }, into) {
      for (let k = 0; k < count; k++) into[k] = sums[k]! / sums[count]!;
    },
  };
}

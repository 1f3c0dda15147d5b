// Statistics of gradients: a leaf's value is one Newton step, `-sum g / (sum h + l2)`, and a split is worth what it lowers the loss by.
import type { BinnedColumn } from "./bins.ts";
import type { Growing, Statistics } from "./statistics.ts";

export interface GradientOptions {
  readonly minimumRows: number;
  readonly minimumHessian: number;
  readonly minimumGain: number;
  readonly l2: number;
  readonly categorySmoothing: number;
  readonly categoryL2: number;
  /** By column: 1 where the output must not fall as the input rises, -1 where it must not rise, else 0. */
  readonly directions: Int32Array;
}

/** First and second derivatives of the loss by row, and how often each row counts. Without counts, hessians are whole numbers that count the rows. */
export interface Gradients {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly counts?: Float64Array;
}

/** Categories up to this number are tried one against the rest; beyond, in the order of their gradients, this many on one side. */
const oneAgainstRest = 4;
const mostCategories = 32;
/** What is below this part of a gain is rounding. */
const rounding = 1e-12;

/** What rows that miss a column sum up to, and the side that is tried for them. */
interface Missing {
  readonly there: boolean;
  readonly left: boolean;
  readonly g: number;
  readonly h: number;
  readonly n: number;
}

/** Statistics of gradients, which are read when rows are gathered and may change between trees. */
export function gradientStatistics(gradients: Gradients, options: GradientOptions): Statistics {
  const { gradient, hessian, counts } = gradients;
  const { minimumRows, minimumHessian, minimumGain, l2, directions, categorySmoothing, categoryL2 } = options;
  const isMonotone = directions.some((direction) => direction !== 0);
  const stride = counts === undefined ? 2 : 3;
  const n = gradient.length;
  const [g, h, c] = [new Float64Array(n), new Float64Array(n), new Float64Array(counts === undefined ? 0 : n)];
  let [from, length] = [0, 0];
  const order = new Int32Array(256);
  const ratio = new Float64Array(256);

  const gainOf = (sumG: number, sumH: number, extra: number, least: number, most: number): number => {
    const curvature = sumH + l2 + extra;
    if (!isMonotone) return curvature > 0 ? (sumG * sumG) / curvature : 0;
    const value = clamp(curvature > 0 ? -sumG / curvature : 0, least, most);
    return -(2 * sumG * value + curvature * value * value);
  };
  const stepOf = (sumG: number, sumH: number, least: number, most: number): number =>
    clamp(sumH + l2 > 0 ? -sumG / (sumH + l2) : 0, least, most);
  /** What a gain must exceed for a split to be made at all. */
  const floorOf = ({ sums, least, most }: Growing): number => {
    const gain = gainOf(sums[0]!, sums[1]!, 0, least, most);
    return gain + minimumGain + rounding * Math.abs(gain);
  };

  /** From the last bin down: what is on the right side of each; `missing` says on which side missing rows are. */
  const scan = (
    growing: Growing,
    index: number,
    histogram: Float64Array,
    at: number,
    bins: Int32Array,
    count: number,
    missing: Missing,
  ): void => {
    const { split, sums, least, most } = growing;
    const last = stride - 1;
    const allG = sums[0]!;
    const allH = sums[1]!;
    const allN = sums[last]!;
    const direction = directions[index]!;
    let rightG = missing.left ? 0 : missing.g;
    let rightH = missing.left ? 0 : missing.h;
    let rightN = missing.left ? 0 : missing.n;
    let best = split.gain;
    let found = -1;
    let foundG = 0;
    let foundH = 0;
    let foundN = 0;
    for (let place = count; ; place--) {
      if (rightN >= minimumRows && rightH >= minimumHessian) {
        const leftG = allG - rightG;
        const leftH = allH - rightH;
        const leftN = allN - rightN;
        if (leftN < minimumRows || leftH < minimumHessian) break;
        let gain: number;
        if (isMonotone) {
          const rise = stepOf(rightG, rightH, least, most) - stepOf(leftG, leftH, least, most);
          const isAgainst = rise * direction < 0;
          gain = isAgainst ? best : gainOf(leftG, leftH, 0, least, most) + gainOf(rightG, rightH, 0, least, most);
        } else {
          gain = (leftG * leftG) / (leftH + l2) + (rightG * rightG) / (rightH + l2);
        }
        if (gain > best) {
          best = gain;
          found = place;
          foundG = leftG;
          foundH = leftH;
          foundN = leftN;
        }
      }
      if (place === 0) break;
      const bin = at + bins[place - 1]! * stride;
      rightG += histogram[bin]!;
      rightH += histogram[bin + 1]!;
      rightN += histogram[bin + last]!;
    }
    if (found < 0) return;
    let lower = found - 1;
    let upper = found;
    while (lower >= 0 && histogram[at + bins[lower]! * stride + last] === 0) lower--;
    while (upper < count && histogram[at + bins[upper]! * stride + last] === 0) upper++;
    split.gain = best;
    split.column = index;
    split.lower = lower < 0 ? -1 : bins[lower]!;
    split.upper = upper < count ? bins[upper]! : -1;
    split.sawMissing = missing.there;
    split.missingLeft = missing.there && missing.left;
    split.chosen = undefined;
    split.left[0] = foundG;
    split.left[1] = foundH;
    split.left[last] = foundN;
  };

  const searchCategories = (
    growing: Growing,
    { count: categories, missing: missingBin }: BinnedColumn,
    index: number,
    histogram: Float64Array,
    at: number,
    bins: Int32Array,
    count: number,
  ): void => {
    const { split, sums, least, most } = growing;
    const [allG, allH, allN] = [sums[0]!, sums[1]!, sums[stride - 1]!];
    const last = stride - 1;
    const isOne = categories <= oneAgainstRest;
    const extra = isOne ? 0 : categoryL2;
    const sawMissing =
      missingBin >= 0 && histogram[at + missingBin * stride + last]! > 0 && bins[count - 1] === missingBin;
    let best = split.gain;
    let used = 0;
    for (let k = 0; k < count; k++) {
      const bin = at + bins[k]! * stride;
      const rows = histogram[bin + last]!;
      if (rows === 0 || (!isOne && rows < categorySmoothing)) continue;
      ratio[bins[k]!] = histogram[bin]! / (histogram[bin + 1]! + categorySmoothing);
      order[used++] = bins[k]!;
    }
    if (!isOne) order.subarray(0, used).sort((a, b) => ratio[a]! - ratio[b]! || a - b);
    const longest = isOne ? used : Math.min(mostCategories, (used + 1) >> 1);
    for (let pass = 0; pass < (isOne ? 1 : 2); pass++) {
      let [leftG, leftH, leftN] = [0, 0, 0];
      for (let k = 0; k < longest; k++) {
        const place = pass === 0 ? k : used - 1 - k;
        const bin = at + order[place]! * stride;
        if (isOne) [leftG, leftH, leftN] = [0, 0, 0];
        leftG += histogram[bin]!;
        leftH += histogram[bin + 1]!;
        leftN += histogram[bin + last]!;
        const [rightH, rightN] = [allH - leftH, allN - leftN];
        if (leftN < minimumRows || leftH < minimumHessian) continue;
        if (rightN < minimumRows || rightH < minimumHessian) {
          if (isOne) continue;
          break;
        }
        const gain = gainOf(leftG, leftH, extra, least, most) + gainOf(allG - leftG, rightH, extra, least, most);
        if (gain <= best) continue;
        best = gain;
        const chosen = new Uint8Array(256);
        if (isOne) chosen[order[place]!] = 1;
        else for (let j = 0; j <= k; j++) chosen[order[pass === 0 ? j : used - 1 - j]!] = 1;
        split.gain = best;
        split.column = index;
        split.lower = -1;
        split.upper = -1;
        split.sawMissing = sawMissing;
        split.missingLeft = sawMissing && chosen[missingBin] === 1;
        split.chosen = chosen;
        split.left[0] = leftG;
        split.left[1] = leftH;
        split.left[last] = leftN;
      }
    }
  };

  const least = Math.max(minimumRows, minimumHessian);
  return {
    stride,
    minimumRows,
    ...(counts === undefined && !isMonotone && { pairs: { gradient, hessian, least, l2 } }),
    floor: floorOf,
    gather(rows, start, end) {
      from = start;
      length = end - start;
      for (let i = 0; i < length; i++) {
        const row = rows[start + i]!;
        g[i] = gradient[row]!;
        h[i] = hessian[row]!;
      }
      if (counts !== undefined) for (let i = 0; i < length; i++) c[i] = counts[rows[start + i]!]!;
    },
    add(histogram, at, bins, offset, rows, sign) {
      if (sign < 0) {
        for (let i = 0; i < length; i++) {
          const bin = at + bins[offset + rows[from + i]!]! * stride;
          histogram[bin]! -= g[i]!;
          histogram[bin + 1]! -= h[i]!;
          if (stride === 3) histogram[bin + 2]! -= c[i]!;
        }
      } else if (stride === 2) {
        for (let i = 0; i < length; i++) {
          const bin = at + bins[offset + rows[from + i]!]! * 2;
          histogram[bin]! += g[i]!;
          histogram[bin + 1]! += h[i]!;
        }
      } else {
        for (let i = 0; i < length; i++) {
          const bin = at + bins[offset + rows[from + i]!]! * 3;
          histogram[bin]! += g[i]!;
          histogram[bin + 1]! += h[i]!;
          histogram[bin + 2]! += c[i]!;
        }
      }
    },
    search(growing, column: BinnedColumn, index, histogram, at, bins, count) {
      if (column.type === "category") {
        searchCategories(growing, column, index, histogram, at, bins, count);
        return;
      }
      const hasMissing = count > 0 && bins[count - 1] === column.missing;
      const values = hasMissing ? count - 1 : count;
      const bin = at + column.missing * stride;
      const rows = hasMissing ? histogram[bin + stride - 1]! : 0;
      scan(growing, index, histogram, at, bins, values, { there: rows > 0, left: true, g: 0, h: 0, n: 0 });
      if (rows === 0) return;
      const missing = { there: true, left: false, g: histogram[bin]!, h: histogram[bin + 1]!, n: rows };
      scan(growing, index, histogram, at, bins, values, missing);
    },
    bound(growing, left, right) {
      left.least = growing.least;
      left.most = growing.most;
      right.least = growing.least;
      right.most = growing.most;
      const direction = directions[growing.split.column]!;
      if (direction === 0) return;
      const { least, most } = growing;
      const middle =
        (stepOf(left.sums[0]!, left.sums[1]!, least, most) + stepOf(right.sums[0]!, right.sums[1]!, least, most)) / 2;
      const [low, high] = direction > 0 ? [left, right] : [right, left];
      low.most = middle;
      high.least = middle;
    },
    leaf({ sums, least, most }, into) {
      into[0] = stepOf(sums[0]!, sums[1]!, least, most);
    },
  };
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

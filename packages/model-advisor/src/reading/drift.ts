// Drift: errors that grow or shrink along the table, as where rows stand in the order in which they were measured and something changed.
import type { Warning } from "./reading.ts";

/** Rank correlation of what is left over with the order of rows from which on it is said. */
const leastCorrelation = 0.25;

/** What is left over of each row, in the order of the table; rows that no fold held back are NaN. */
export function driftWarnings(residuals: Float64Array): Warning[] {
  const rows = Array.from(residuals.keys()).filter((row) => !Number.isNaN(residuals[row]!));
  if (rows.length < 30) return [];
  const ranked = rows.toSorted((a, b) => residuals[a]! - residuals[b]! || a - b);
  const rank = new Map(ranked.map((row, place) => [row, place]));
  const middle = (rows.length - 1) / 2;
  let [xy, xx] = [0, 0];
  for (const [i, row] of rows.entries()) {
    xy += (i - middle) * (rank.get(row)! - middle);
    xx += (i - middle) ** 2;
  }
  const correlation = xy / xx;
  if (Math.abs(correlation) < Math.max(leastCorrelation, 4 / Math.sqrt(rows.length))) return [];
  return [
    {
      kind: "drift",
      columns: [],
      text:
        `What is left over ${correlation > 0 ? "rises" : "falls"} along the table (rank correlation ${correlation.toFixed(2)}): if rows are in the order ` +
        'in which they were measured, something drifted, and errors for later rows are larger: ask with purpose: "later".',
    },
  ];
}

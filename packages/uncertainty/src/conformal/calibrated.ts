// Calibrated scores: how far off predictions were on rows that the model was not trained on, group by group, and what the next row stays below.
import { conformalEnd } from "@hooke/baselines";
import type { RowNames } from "@hooke/data";
import { fail, quoted, suggestion } from "@hooke/runtime";
import { checkRowNames } from "../checks.ts";

/** Which rows of the calibration part speak for which new rows. */
export interface CalibrationGroups {
  /**
   * A name or number for each row, such as its material's: each group is calibrated by itself, and its rows get bounds of their own (Mondrian). Default: one
   * group.
   */
  readonly groups?: RowNames;
  /**
   * A name or number for each row, such as its specimen's, heat's or patient's, where rows of one are alike: bounds then hold for a row of a new
   * specimen. Each specimen counts as one, however many rows it has (Lee, Barber and Willett, "Distribution-free inference with hierarchical data",
   * 2023), so that there must be enough of them. Default: every row stands for itself.
   */
  readonly specimens?: RowNames;
}

/** Scores of a calibration part. */
export interface Calibrated {
  /** What the score of a new row of a group stays below with this probability, by place in the row. @throws where too few rows can tell */
  threshold(level: number, group: string | number | undefined): Float64Array;
  /** Whether it has groups. */
  readonly grouped: boolean;
}

/** @param scores `[rows, places]`; larger is worse */
export function calibrated(
  who: string,
  scores: Float64Array,
  rows: number,
  { groups, specimens }: CalibrationGroups,
): Calibrated {
  checkRowNames(who, "groups", groups, rows);
  checkRowNames(who, "specimens", specimens, rows);
  const places = scores.length / rows;
  const members = new Map<string | number | undefined, number[]>();
  for (let row = 0; row < rows; row++) {
    const own = members.get(groups?.[row]);
    if (own === undefined) members.set(groups?.[row], [row]);
    else own.push(row);
  }
  const known = new Map<string, Float64Array>();
  return {
    grouped: groups !== undefined,
    threshold(level, group) {
      const own = members.get(group);
      if (own === undefined) {
        const names = Array.from(members.keys(), String);
        return fail(
          who,
          `received a row of the group "${group}", of which the calibration part has none; it has ${quoted(names)}.${suggestion(String(group), names)}`,
          "mismatch",
        );
      }
      const key = `${level} ${typeof group} ${group}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const weights = weightsOf(own, specimens);
      const found = Float64Array.from({ length: places }, (_, place) =>
        conformalEnd(
          Float64Array.from(own, (row) => scores[row * places + place]!),
          weights,
          level,
        ),
      );
      if (found.includes(Number.POSITIVE_INFINITY)) tooFew(who, level, group, own, specimens);
      known.set(key, found);
      return found;
    },
  };
}

/** Each specimen counts 1, its rows alike. */
function weightsOf(rows: readonly number[], specimens: RowNames | undefined): Float64Array {
  if (specimens === undefined) return new Float64Array(0);
  const sizes = new Map<string | number, number>();
  for (const row of rows) sizes.set(specimens[row]!, (sizes.get(specimens[row]!) ?? 0) + 1);
  return Float64Array.from(rows, (row) => 1 / sizes.get(specimens[row]!)!);
}

function tooFew(
  who: string,
  level: number,
  group: string | number | undefined,
  rows: readonly number[],
  specimens: RowNames | undefined,
): never {
  const what = specimens === undefined ? "rows" : "specimens";
  const count = specimens === undefined ? rows.length : new Set(rows.map((row) => specimens[row]!)).size;
  const needed = Math.ceil((level / (1 - level)) * (1 - 4 * Number.EPSILON));
  const reached = Math.floor((count / (count + 1)) * 1000) / 1000;
  return fail(
    who,
    `level ${level} takes ${needed} ${what} to calibrate on at least, and there are ${count}${group === undefined ? "" : ` of the group "${group}"`}. ` +
      `Hold back more, or ask for a level of at most ${reached}; cvPlus calibrates on all rows of the training.`,
    "invalid-data",
  );
}

/** The group of each new row, or undefined. @throws where groups were calibrated and none are given, or the other way */
export function groupsFor(
  who: string,
  { grouped }: Calibrated,
  groups: RowNames | undefined,
  rows: number,
): (row: number) => string | number | undefined {
  checkRowNames(who, "groups", groups, rows);
  if (grouped && groups === undefined)
    fail(who, "was calibrated by groups and received none; say of which each new row is: { groups }.", "mismatch");
  if (!grouped && groups !== undefined)
    fail(who, "received groups and was calibrated without; give them to the calibration, too.", "mismatch");
  return (row) => groups?.[row];
}

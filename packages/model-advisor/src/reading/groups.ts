// Groups: rows that belong together, such as those of one specimen. Errors by row then promise what new specimens do not keep.
import { type Input, randomForest, type Samples } from "@hooke/baselines";
import type { RowNames } from "@hooke/data";
import { differenceOf } from "../comparison/comparison.ts";
import { type Measured, Measurement, type Setting } from "../comparison/measurement.ts";
import { sameInputs, splits } from "../splits/splits.ts";

/** Columns that may say what rows belong to. */
export interface GroupProposal {
  /** The columns whose cells together name a group: one, or all inputs but a few. */
  readonly columns: readonly string[];
  /** `"formula"`, or `"rows that differ in age_days alone"`. */
  readonly name: string;
  readonly groups: RowNames;
  readonly count: number;
  /** Error by group over error by row, of a quick forest. */
  readonly ratio: number;
}

/** A column that might name what rows belong to, and is taken for an input like others. */
export interface Factor {
  readonly name: string;
  /** Error for values held back without the column over that with it. */
  readonly helps: number;
  /** Error for values held back without it over that by row: what is missed if it names specimens. */
  readonly ratio: number;
}

/** What was found out. */
export interface FoundGroups {
  readonly proposal?: GroupProposal;
  readonly factors: readonly Factor[];
}

/** Ratios of errors from which on groups are proposed. */
const leastRatio = 1.1;
/** Ratio of errors for new groups without a column and with it from which on it is a factor. */
const factorRatio = 1.1;
const folds = [0, 1, 2, 3] as const;
/** What is tried: not every column. */
const most = 6;

/**
 * Looks for groups: names that repeat, and rows that differ in one input alone. Of those, the one is proposed whose groups, held back
 * whole, are predicted the worst, by a tenth at least and beyond what folds scatter. A column that helps for groups it has not seen is a factor, no name: of names and
 * running numbers it is told, as specimens may stand in an order.
 *
 * @param named inputs that may name groups, or that series differ in. Default: all
 * @param naming further columns that name groups, and are no inputs
 */
export async function findGroups(
  setting: Omit<Setting, "split">,
  named?: readonly string[],
  naming: Samples["columns"] = [],
): Promise<FoundGroups> {
  const { samples } = setting;
  const tried: GroupProposal[] = [];
  const factors: Factor[] = [];
  const candidates = candidatesIn(samples, named, naming);
  if (candidates.length === 0) return { factors };
  const numberings = new Set(samples.columns.filter(isNumbering).map(({ name }) => name));
  const rows = await measured({ ...setting, split: splits.random({ folds: folds.length }) });
  for (const candidate of candidates) {
    const split = splits.grouped({ folds: folds.length });
    const grouped: Samples = { ...samples, groups: candidate.groups };
    const groups = await measured({ ...setting, samples: grouped, split });
    const ratio = errorOf(groups) / errorOf(rows);
    const { mean, standardError } = differenceOf(groups, rows);
    const isWorse = ratio > leastRatio && mean > standardError;
    const mayNumber = numberings.has(candidate.name);
    if (!isWorse && !mayNumber) continue;
    // Without its column a factor, such as an age, is missed in new groups; a name is not.
    const others = samples.columns.filter(({ name }) => candidate.columns.length > 1 || name !== candidate.name);
    if (others.length === 0) continue;
    const without =
      others.length === samples.columns.length
        ? groups
        : await measured({ ...setting, samples: { ...grouped, columns: others }, split });
    const helps = errorOf(without) / errorOf(groups);
    if (helps >= factorRatio) {
      const missed = errorOf(without) / errorOf(rows);
      if (mayNumber && missed > leastRatio) factors.push({ name: candidate.name, helps, ratio: missed });
    } else if (isWorse) tried.push({ ...candidate, ratio });
  }
  const [proposal] = tried.sort((a, b) => b.ratio - a.ratio);
  return { ...(proposal && { proposal }), factors };
}

/** A quick forest on all folds. */
async function measured(setting: Setting): Promise<Measured[]> {
  const measurement = new Measurement(setting);
  for (const fold of folds) await measurement.run("forest", randomForest({ trees: 30, minimumRows: 2 }), 0, fold);
  return measurement.of("forest");
}

const errorOf = (all: readonly Measured[]): number => rootMeanSquare(all.map(({ error }) => error));

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

/** The groups of a proposal among other rows of its table. */
export const groupsIn = (samples: Samples, { columns }: GroupProposal): RowNames =>
  sameInputs({ columns: samples.columns.filter(({ name }) => columns.includes(name)), rowCount: samples.rowCount });

function candidatesIn(
  samples: Samples,
  named: readonly string[] | undefined,
  naming: Samples["columns"],
): Omit<GroupProposal, "ratio">[] {
  const { rowCount } = samples;
  const columns = samples.columns.filter(({ name }) => named === undefined || named.includes(name));
  const single = [...columns.filter(isName), ...naming].map(
    (column): Omit<GroupProposal, "ratio"> => ({
      columns: [column.name],
      name: column.name,
      groups: column.values as RowNames,
      count: new Set<number>(column.values).size,
    }),
  );
  const allBut = samples.columns.length < 2 ? [] : columns.map((column) => rowsBut(samples, column));
  return [...single, ...allBut]
    .filter(({ count }) => count >= 8 && count <= rowCount / 2)
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}

/** Whether a column may name something: text, or whole numbers. What was measured is a factor, whose values a model may interpolate. */
const isName = (column: Input): boolean =>
  column.type === "category" || column.values.every((value) => Number.isInteger(value) || Number.isNaN(value));

/** Whether a column is text, or whole numbers that leave hardly any out, as those of specimens do. */
function isNumbering(column: Input): boolean {
  if (column.type === "category") return true;
  if (!isName(column)) return false;
  const present = new Set(column.values.filter((value) => !Number.isNaN(value)));
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of present) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return most - least < 1.5 * present.size;
}

/** Rows that are the same in all inputs but one. */
function rowsBut({ columns, rowCount }: Samples, left: Input): Omit<GroupProposal, "ratio"> {
  const rest = columns.filter((column) => column !== left);
  const groups = sameInputs({ columns: rest, rowCount });
  return {
    columns: rest.map(({ name }) => name),
    name: `rows that differ in "${left.name}" alone`,
    groups,
    count: new Set(groups).size,
  };
}

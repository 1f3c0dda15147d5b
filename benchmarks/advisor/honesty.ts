// Whether the advisor notices: tables spoiled in five ways, targets that were shuffled, and errors forecast at twice the rows.
import { type Random, randomFrom } from "@hooke/baselines";
import { columnOf, type NumberColumn, type Table, takeTableRows } from "@hooke/data";
import { advise, compare, type LearningCurve } from "@hooke/model-advisor";
import { randomKey } from "@hooke/runtime";
import { type Effort, type HeldBack, kindsOf, optionsFor, secondsSince } from "./judge.ts";
import type { AdvisorSet } from "./set.ts";

/** What a spoiled table was answered with. */
export interface Noticed {
  readonly kind: "noticed";
  readonly set: string;
  readonly seed: number;
  readonly by: HeldBack;
  /** What was done to it, or `"clean"`. */
  readonly spoiled: string;
  /** The warning it deserves. */
  readonly deserved?: string;
  readonly warnings: readonly string[];
  /** Undefined where nothing was recommended. */
  readonly advised?: string;
  readonly cpuSeconds: number;
}

/** An error forecast from half of the rows, and that of all of them. */
export interface Forecast {
  readonly kind: "forecast";
  readonly set: string;
  readonly seed: number;
  readonly method: string;
  /** Rows that the advisor saw. */
  readonly rows: number;
  readonly now: number;
  readonly forecast: number;
  readonly band: readonly [number, number];
  /** By cross-validation on twice the rows, divided twice. */
  readonly measured: number;
  /** Errors by rows that the forecast was made of. */
  readonly points: LearningCurve["points"];
  readonly cpuSeconds: number;
}

type Spoil = (table: Table, target: NumberColumn, random: Random) => Table;

const withColumn = (table: Table, name: string, values: Float64Array): Table => ({
  ...table,
  columns: [{ name, type: "number", values } as const, ...table.columns],
});
const withTarget = (table: Table, target: NumberColumn, values: Float64Array): Table => ({
  ...table,
  columns: table.columns.map((column) => (column === target ? { name: target.name, type: "number", values } : column)),
});

/** Of the values that are not missing. */
function deviationOf(all: Float64Array): number {
  const values = all.filter((value) => !Number.isNaN(value));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** About normal, of variance 1. */
const noise = (random: Random): number =>
  Array.from({ length: 12 }, () => random.uniform()).reduce((sum, value) => sum + value, -6);

/** The ways to spoil a table, each with the warning that it deserves. */
export const spoils: Readonly<Record<string, { readonly deserved: string; readonly spoil: Spoil }>> = {
  "30 % of the rows twice": {
    deserved: "duplicates",
    spoil: (table, _, random) => {
      const again = random.choose(table.rowCount, Math.round(0.3 * table.rowCount));
      return takeTableRows(table, Int32Array.from([...Array(table.rowCount).keys(), ...again]));
    },
  },
  "15 % of the rows again, with noise of a thousandth": {
    deserved: "near-duplicates",
    spoil: (table, _, random) => {
      const again = random.choose(table.rowCount, Math.round(0.15 * table.rowCount));
      const all = takeTableRows(table, Int32Array.from([...Array(table.rowCount).keys(), ...again]));
      const noisy = (values: Float64Array): Float64Array => {
        const scale = 1e-3 * deviationOf(values);
        return values.map((value, row) => (row < table.rowCount ? value : value + scale * noise(random)));
      };
      const columns = all.columns.map((column) =>
        column.type === "number" ? { name: column.name, type: column.type, values: noisy(column.values) } : column,
      );
      return { ...all, columns };
    },
  },
  "target + 10 % noise as a column": {
    deserved: "leak",
    spoil: (table, { values }, random) => {
      const scale = 0.1 * deviationOf(values);
      return withColumn(
        table,
        "measured after",
        values.map((value) => value + scale * noise(random)),
      );
    },
  },
  "identifier that follows the target": {
    deserved: "identifier",
    spoil: (table, { values }, random) => {
      const scale = deviationOf(values);
      const drawn = values.map((value) => value + scale * noise(random));
      const order = Array.from(drawn.keys()).sort((a, b) => drawn[a]! - drawn[b]!);
      const numbers = new Float64Array(table.rowCount);
      for (const [place, row] of order.entries()) numbers[row] = 1001 + place;
      return withColumn(table, "number", numbers);
    },
  },
  "shuffled target": {
    deserved: "no-signal",
    spoil: (table, target, random) => {
      const order = random.choose(table.rowCount, table.rowCount);
      return withTarget(
        table,
        target,
        target.values.map((_, row) => target.values[order[row]!]!),
      );
    },
  },
  "drift of 1.5 deviations in time": {
    deserved: "drift",
    spoil: (table, target) => {
      const scale = (1.5 * deviationOf(target.values)) / table.rowCount;
      return withTarget(
        table,
        target,
        target.values.map((value, row) => value + scale * row),
      );
    },
  },
};

/**
 * Asks for advice on a table that was spoiled, or is `"clean"`; its rows come in a random order, as drift is the only thing that they follow.
 *
 * @param by how the advisor shall hold rows back; where not by group, groups are no column of the table
 */
export async function notice(
  set: AdvisorSet,
  spoiled: string,
  effort: Effort,
  by: Noticed["by"] = "row",
): Promise<Noticed> {
  const begun = process.cpuUsage();
  const random = randomFrom(randomKey(effort.seed), "spoil", spoiled);
  const mixed = takeTableRows(set.table, random.choose(set.table.rowCount, set.table.rowCount));
  const way = spoils[spoiled];
  const table = way?.spoil(mixed, columnOf(mixed, set.target) as NumberColumn, random) ?? mixed;
  const { inputs: _, backend: __, ...asked } = optionsFor({ ...set, table }, by, effort);
  const advice = await advise(by === "group" ? table : withoutGroups(table, set), asked);
  return {
    kind: "noticed",
    set: set.name,
    seed: effort.seed,
    by,
    spoiled,
    ...(way && { deserved: way.deserved }),
    warnings: kindsOf(advice),
    ...(advice.recommended && { advised: advice.recommended.method }),
    cpuSeconds: secondsSince(begun),
  };
}

const withoutGroups = (table: Table, { groups }: AdvisorSet): Table => ({
  ...table,
  columns: table.columns.filter(({ name }) => name !== groups),
});

/** Shows the advisor half of the rows; undefined where it forecasts nothing. */
export async function forecast(set: AdvisorSet, effort: Effort): Promise<Forecast | undefined> {
  const begun = process.cpuUsage();
  const { rowCount } = set.table;
  const random = randomFrom(randomKey(effort.seed), "half");
  const half = takeTableRows(set.table, random.choose(rowCount, Math.floor(rowCount / 2)).sort());
  const asked = optionsFor(set, "row", effort);
  const { recommended, moreData, candidates } = await advise(half, asked);
  if (recommended === undefined || moreData === undefined) return undefined;
  const { method } = recommended;
  const { purpose: _, budget: __, groups: ___, elsewhere: ____, ...shared } = asked;
  const { methods } = await compare(withoutGroups(set.table, set), {
    ...shared,
    methods: { [method]: candidates[method]! },
    repeats: 2,
  });
  return {
    kind: "forecast",
    set: set.name,
    seed: effort.seed,
    method,
    rows: half.rowCount,
    now: moreData.points.at(-1)!.error,
    forecast: moreData.atTwice.error,
    band: moreData.atTwice.band,
    measured: methods[0]!.error,
    points: moreData.points,
    cpuSeconds: secondsSince(begun),
  };
}

// What columns look like: names of rows, copies of the target, the same row again.
import type { Input, NumberInput, Samples } from "@hooke/baselines";
import { sameInputs } from "../splits/splits.ts";
import type { Warning } from "./reading.ts";

/** Share of the rows that repeat others above which it is said. */
const repeatedShare = 0.05;
/** Correlation with the target above which a column gives it away. */
const leakCorrelation = 0.98;
/** Rows below which a column goes with the target so closely by chance. */
const leastLeakRows = 6;

/** Columns that name rows: text or whole numbers, another one in every row. */
export function identifiersIn({ columns, rowCount }: Samples): string[] {
  return rowCount < 10 ? [] : columns.filter((column) => isIdentifier(column, rowCount)).map(({ name }) => name);
}

function isIdentifier(column: Input, rowCount: number): boolean {
  if (column.type === "category") return column.categories.length > 0.9 * rowCount;
  const present = column.values.filter((value) => !Number.isNaN(value));
  if (present.length < 0.9 * rowCount || !present.every(Number.isInteger)) return false;
  const distinct = new Set(present).size;
  // Measured whole numbers leave gaps and repeat; running numbers hardly do either.
  const span =
    present.reduce((most, value) => Math.max(most, value), -Infinity) -
    present.reduce((least, value) => Math.min(least, value), Infinity);
  return distinct === present.length && span < 2 * present.length;
}

/** What is wrong with columns and rows, a sentence each. */
export function columnWarnings(samples: Samples): Warning[] {
  return [
    ...emptyWarnings(samples),
    ...identifierWarnings(samples),
    ...leakWarnings(samples),
    ...duplicateWarnings(samples),
  ];
}

function emptyWarnings({ columns }: Samples): Warning[] {
  const names = columns.filter(isEmpty).map(({ name }) => name);
  if (names.length === 0) return [];
  const shown = names.slice(0, 5).map((name) => `"${name}"`);
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return [
    {
      kind: "empty",
      columns: names,
      text: `${shown.join(", ")}${more} ${names.length === 1 ? "holds" : "hold"} no value in any row, and ${names.length === 1 ? "says" : "say"} nothing.`,
    },
  ];
}

const isEmpty = (column: Input): boolean =>
  column.type === "number" ? column.values.every(Number.isNaN) : column.values.every((value) => value < 0);

function identifierWarnings(samples: Samples): Warning[] {
  return identifiersIn(samples).map((name) => ({
    kind: "identifier",
    columns: [name],
    text: `"${name}" is another one in every row: it names rows, and is left out. If it was measured, name it among the inputs.`,
  }));
}

function leakWarnings({ columns, target }: Samples): Warning[] {
  if (target.type !== "number") return [];
  const distinct = new Set(target.values).size;
  return columns.flatMap((column): Warning[] => {
    if (column.type !== "number") return [];
    if (column.values.filter((value) => !Number.isNaN(value)).length < leastLeakRows) return [];
    const r = correlation(column, target.values);
    if (!(Math.abs(r) > leakCorrelation) || new Set(column.values).size < distinct / 2) return [];
    return [
      {
        kind: "leak",
        columns: [column.name],
        text:
          `"${column.name}" alone gives the target (correlation ${r.toFixed(3)}). If it is known only after the target is, or computed from it, ` +
          "errors here say nothing: leave it out.",
      },
    ];
  });
}

/** Of a column with the target, over the rows where it is there. */
function correlation({ values }: NumberInput, target: Float64Array): number {
  let [count, sumX, sumY] = [0, 0, 0];
  const isThere = (row: number): boolean => !Number.isNaN(values[row]!);
  for (let row = 0; row < values.length; row++) {
    if (!isThere(row)) continue;
    count++;
    sumX += values[row]!;
    sumY += target[row]!;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (let row = 0; row < values.length; row++) {
    if (!isThere(row)) continue;
    const [x, y] = [values[row]! - sumX / count, target[row]! - sumY / count];
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  return xy / Math.sqrt(xx * yy);
}

function duplicateWarnings(samples: Samples): Warning[] {
  const { target, rowCount } = samples;
  // A few distinct targets make rows alike that are not the same specimen.
  if (target.type === "class") return [];
  const repeated = rowCount - new Set(sameInputs({ ...samples, columns: [...samples.columns, target] })).size;
  if (repeated <= repeatedShare * rowCount) return [];
  return [
    {
      kind: "duplicates",
      columns: [],
      text: `${repeated} of ${rowCount} rows repeat others, target and all. They are kept on one side of every split; if they are copies, take them out.`,
    },
  ];
}

/** The spread of targets of rows whose inputs are the same: no method can be better. Undefined with fewer than 20 degrees of freedom to tell it from. */
export function noiseFloor(samples: Samples): { readonly rmse: number; readonly rows: number } | undefined {
  const { target, rowCount } = samples;
  if (target.type !== "number") return undefined;
  const names = sameInputs(samples);
  const members = new Map<number, number[]>();
  for (let row = 0; row < rowCount; row++) {
    const rows = members.get(names[row]!);
    if (rows === undefined) members.set(names[row]!, [target.values[row]!]);
    else rows.push(target.values[row]!);
  }
  let [square, degrees, rows] = [0, 0, 0];
  for (const values of members.values()) {
    // Copies say nothing of noise.
    if (values.length < 2 || values.every((value) => value === values[0])) continue;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    square += values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    degrees += values.length - 1;
    rows += values.length;
  }
  return degrees < 20 ? undefined : { rmse: Math.sqrt(square / degrees), rows };
}

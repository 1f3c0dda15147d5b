// How a file is read: the options of its reader from the settings, a guess at first, and its columns in a few numbers.
import { type Column, type CsvOptions, looksNumeric, parseCsv, type Table } from "@hooke/data";
import { type DataSettings, unitsOf } from "./fields.ts";
import type { KeptFile } from "./files.ts";
import { rangeOf } from "./range.ts";

/** Settings that say how a file is written. */
export type Writing = Pick<DataSettings, "delimiter" | "decimal" | "units" | "missing" | "typed">;

/** A guess from the first lines. What is wrong of it shows in the columns, and can be changed. */
export function guessWriting(text: string): Writing {
  const [first = "", second = "", third = ""] = text.slice(0, 10_000).split(/\r?\n/);
  const bare = first.replace(/"[^"]*"/g, "");
  const counts = ([",", ";", "\t"] as const).map((mark) => ({ mark, count: bare.split(mark).length }));
  const most = counts.reduce((a, b) => (b.count > a.count ? b : a));
  const isBlank = most.count === 1 && /\S\s+\S/.test(bare.trim());
  const delimiter = isBlank ? "blanks" : most.mark === "\t" ? "tab" : most.mark;
  const hasDigits = (line: string): boolean => /\d/.test(line.replace(/[a-z³²]+[-/^]?\d*/gi, ""));
  return {
    delimiter,
    decimal: delimiter !== "," && /\d,\d/.test(second + third) && !/\d\.\d/.test(second + third) ? "," : ".",
    units: !hasDigits(second) && hasDigits(third) ? "units" : "values",
    missing: "",
    typed: "",
  };
}

const delimiters: Readonly<Record<Writing["delimiter"], string>> = {
  ...{ ",": ",", ";": ";", tab: "\t", blanks: "whitespace" },
};

/** @throws on what cannot be read, with the line and what to do */
export function tableOfFile({ name, text }: KeptFile, writing: Writing): Table {
  const options: CsvOptions = {
    source: name,
    delimiter: delimiters[writing.delimiter],
    decimal: writing.decimal,
    missing: writing.missing.split(/\s+/).filter((each) => each !== ""),
    ...(writing.units === "units" && { units: true }),
  };
  const table = parseCsv(text, options);
  const typed = unitsOf(writing.typed);
  return { ...table, columns: table.columns.map((column) => withUnitOf(column, typed.get(column.name))) };
}

/** A column in the unit that was typed; as it is where none was. */
function withUnitOf(column: Column, typed: string | undefined): Column {
  if (typed === undefined) return column;
  const { unit: _, ...rest } = column;
  return typed === "" ? rest : { ...rest, unit: typed };
}

/** A column, as the page lists it. */
export interface ColumnSummary {
  readonly name: string;
  readonly type: "number" | "text";
  readonly unit: string;
  readonly missing: number;
  readonly distinct: number;
  /** Least, median and largest number; or the most frequent texts. */
  readonly range: readonly [number, number, number] | undefined;
  readonly texts: readonly string[];
  /** Why numbers are taken for text, where they seem to be, and what to do. */
  readonly hint: string;
}

/** A file, as the page shows it. */
export interface TableSummary {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly ColumnSummary[];
}

export const summaryOf = (name: string, table: Table): TableSummary => ({
  name,
  rows: table.rowCount,
  columns: table.columns.map((column) => columnSummary(table, column)),
});

function columnSummary(table: Table, column: Column): ColumnSummary {
  const { name, type, unit = "" } = column;
  if (column.type === "number") {
    const there = column.values.filter((value) => !Number.isNaN(value));
    return {
      ...{ name, type, unit, hint: "", texts: [] },
      missing: table.rowCount - there.length,
      distinct: new Set(there).size,
      range: rangeOf(there),
    };
  }
  const there = column.values.filter((text) => text !== "");
  const seems = looksNumeric(column);
  return {
    ...{ name, type, unit, range: undefined },
    missing: table.rowCount - there.length,
    distinct: new Set(there).size,
    texts: frequent(there),
    hint:
      seems === undefined
        ? ""
        : seems === "number"
          ? "some cells are numbers"
          : `${seems.what}: change how decimals are written`,
  };
}

/** The three texts that occur most. */
function frequent(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([text]) => text);
}

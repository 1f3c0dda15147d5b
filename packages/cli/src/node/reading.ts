// How a table's file is written, as options of every command that reads one, and messages of the reader in these options' words.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type CsvOptions, parseCsv, type Table, takeTableRows } from "@hooke/data";
import { fileSystemError, readCsv } from "@hooke/data/node";
import { fail } from "@hooke/runtime";
import { names, type Option, oneOf, type Streams } from "./command.ts";
import { checkPresent } from "./paths.ts";

const character: NonNullable<Option["read"]> = (text) => ({ value: text === "tab" ? "\t" : text });

/** `share=%,load=kN` as a record. */
const cellUnits: NonNullable<Option["read"]> = (text) => {
  const pairs = text.split(",").map((part) => part.split("=").map((side) => side.trim()));
  return pairs.every((pair) => pair.length === 2 && pair.every((side) => side !== ""))
    ? { value: Object.fromEntries(pairs) }
    : "columns and their units, such as share=%,load=kN";
};

const encoding: NonNullable<Option["read"]> = (text) => {
  try {
    return { value: new TextDecoder(text).encoding };
  } catch {
    return "the name of an encoding, such as windows-1252 or utf-16le";
  }
};

/** What was typed, as the options below read it. */
interface Typed extends Pick<CsvOptions, "delimiter" | "decimal" | "thousands" | "missing" | "comment" | "booleans"> {
  readonly units?: boolean;
  readonly "cell-units"?: Readonly<Record<string, string>>;
  readonly text?: readonly string[];
  readonly numbers?: readonly string[];
  readonly "repair-names"?: boolean;
  readonly header?: "yes" | "no";
  readonly encoding?: string;
}

/** Options of commands that read a table. */
export const reading: Readonly<Record<keyof Typed, Option>> = {
  delimiter: {
    value: "CHARACTER",
    read: character,
    does: 'what stands between cells: ";", tab, whitespace; default ","',
  },
  decimal: { value: "CHARACTER", read: oneOf([".", ","]), does: 'what stands before the decimals; default "."' },
  thousands: { value: "CHARACTER", does: "what stands between groups of three digits; default nothing" },
  units: { does: "the second line of the file holds units" },
  "cell-units": { value: "A=UNIT,...", read: cellUnits, does: "units that stand behind the numbers of columns" },
  missing: { value: "A,B,...", read: names, does: 'texts that mean "no value" besides the empty cell, such as NA' },
  text: { value: "A,B,...", read: names, does: "columns that are text, whatever their cells look like" },
  numbers: { value: "A,B,...", read: names, does: "columns that are numbers; a cell that is none is named" },
  booleans: { does: "true and false are 1 and 0" },
  "repair-names": { does: "columns without a name are called by their place, repeated names get a number" },
  header: {
    value: "WORD",
    read: oneOf(["yes", "no"]),
    does: "whether the first line holds names, where they look like numbers",
  },
  comment: { value: "TEXT", does: "lines that begin with it are skipped" },
  encoding: { value: "NAME", read: encoding, does: "of the file, such as windows-1252; default utf-8" },
};

/** Every option of the reader but those that commands decide: what the table is called, and what a missing number does. */
type Given = { readonly [K in Exclude<keyof CsvOptions, "source" | "onMissing">]-?: CsvOptions[K] | undefined };

function csvOptions(options: Typed): CsvOptions {
  const { delimiter, decimal, thousands, missing, comment, booleans, header, units, text, numbers } = options;
  const { "cell-units": inCells, "repair-names": repairNames } = options;
  const typed = (list: readonly string[] | undefined, type: "text" | "number") =>
    (list ?? []).map((name) => [name, type] as const);
  const types = [...typed(text, "text"), ...typed(numbers, "number")];
  if (units && inCells) fail("hooke", "received --units and --cell-units; units stand on a line or in the cells.");
  const given: Given = {
    ...{ delimiter, decimal, thousands, missing, comment, booleans },
    header: header && header === "yes",
    types: types.length > 0 ? Object.fromEntries(types) : undefined,
    units: units ? true : inCells,
    repairNames,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** A table from a file. */
export async function tableIn(
  path: string,
  options: Readonly<Record<string, unknown>>,
  { signal }: Streams,
): Promise<Table> {
  const { encoding: name = "utf-8", ...typed } = options as Typed;
  if (/\.(xlsx?|xlsm|ods)$/i.test(path)) {
    const cure = 'save the sheet as "CSV UTF-8" in the program that wrote it';
    fail(basename(path), `is a workbook of a spreadsheet, and tables are read from CSV files; ${cure}.`, "unsupported");
  }
  if (/\.(gz|bz2|xz|zst|zip)$/i.test(path)) {
    fail(basename(path), "is compressed; unpack it, and give the file that was in it.", "unsupported");
  }
  await checkPresent(path);
  if (name === "utf-8") return readCsv(path, { ...csvOptions(typed), signal });
  const bytes = await readFile(path, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw fileSystemError("hooke", "read", path, error);
  });
  const source = basename(path);
  let text: string;
  try {
    text = new TextDecoder(name, { fatal: true }).decode(bytes);
  } catch {
    return fail(source, `is not written in ${name}; give --encoding another name.`, "invalid-data");
  }
  return parseCsv(text, { ...csvOptions(typed), source });
}

/** The rows whose target is known, from which a method can learn; how many others there are is said. */
export function withTarget(table: Table, target: string, { messages }: Streams): Table {
  const column = table.columns.find(({ name }) => name === target);
  if (column === undefined) return table;
  const isKnown = (row: number): boolean =>
    column.type === "number" ? !Number.isNaN(column.values[row]) : column.values[row] !== "";
  const rows = Int32Array.from({ length: table.rowCount }, (_, row) => row).filter(isKnown);
  const left = table.rowCount - rows.length;
  if (left === 0 || rows.length === 0) return table;
  messages.write(
    `Note: ${target} is missing in ${left === 1 ? "1 row, which is" : `${left} rows, which are`} left out.\n`,
  );
  return takeTableRows(table, rows);
}

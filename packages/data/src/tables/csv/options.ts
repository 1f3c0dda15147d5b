// What `parseCsv` can be told, and the checks of it.
import { type Check, checkOptions, checks, fail, quoted } from "@hooke/runtime";
import { type Notation, parseNumber } from "./numbers.ts";

/** How a table is written. */
export interface CsvOptions {
  /** Names the text in error messages. Default `"csv"`, or the file's name. */
  readonly source?: string;
  /** One character between cells, or `"whitespace"` for runs of spaces and tabs. Default `","`. */
  readonly delimiter?: string;
  /**
   * Whether the first line holds the names of the columns. `false`: there is no such line, and columns are called `column1`,
   * `column2`, ...; a list: there is no such line, and these are the names. Default: it does, and a first line of numbers is
   * refused; `true` takes numbers as names.
   */
  readonly header?: boolean | readonly string[];
  /** Calls unnamed columns by their place, `column3`, and numbers repeated names: `a`, `a_2`. Default `false`: both are refused. */
  readonly repairNames?: boolean;
  /**
   * `true`: the line below the names holds units, which are kept with the columns. A record: the unit that stands behind each
   * number of a column, such as `{ share: "%", load: "kN" }`, which is taken off. Default: no units.
   */
  readonly units?: true | Readonly<Record<string, string>>;
  /** Fixes the type of columns. Default: a column is numeric where every cell that is not missing is a number. */
  readonly types?: Readonly<Record<string, "number" | "text">>;
  /** What stands before the decimals. Default `"."`. */
  readonly decimal?: "." | ",";
  /** What stands between groups of three digits, such as `","`, `"."`, `"'"` or `" "` (any kind of space). Default: nothing. */
  readonly thousands?: string;
  /** Reads `true` and `false`, in any case, as 1 and 0. Default `false`. */
  readonly booleans?: boolean;
  /** Lines that begin with this are skipped, such as `"#"`. Default: none are. */
  readonly comment?: string;
  /**
   * Texts that mean "no value" besides the empty cell and NaN, e.g. `["NA", "n/a", "-"]`. A text that is a finite number
   * stands for its value, however it is written, so that `"-999"` covers `-999.0`; in columns that `types` says are text, only for
   * itself. Default none.
   */
  readonly missing?: readonly string[];
  /**
   * What a missing number does: `"keep"` stores `NaN` (which `tableDataset` refuses where the column is used),
   * `"dropRows"` leaves the row out, `"error"` throws. Default `"keep"`.
   */
  readonly onMissing?: "keep" | "dropRows" | "error";
}

/** Options with their defaults, as the reader uses them: every option has a setting. */
export interface CsvSettings extends Readonly<Record<keyof CsvOptions, unknown>> {
  readonly source: string;
  /** Code of the delimiter; a space stands for runs of blanks where `whitespace` is true. */
  readonly delimiter: number;
  readonly whitespace: boolean;
  readonly header: boolean | "likely" | readonly string[];
  readonly repairNames: boolean;
  readonly unitsRow: boolean;
  readonly units: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, "number" | "text">;
  readonly decimal: "." | ",";
  readonly thousands: string | undefined;
  readonly booleans: boolean;
  /** Its bytes; empty where there are no comments. */
  readonly comment: Uint8Array;
  readonly missing: ReadonlySet<string>;
  /** The numbers among these texts; undefined where there are none. */
  readonly missingNumbers: ReadonlySet<number> | undefined;
  readonly onMissing: "keep" | "dropRows" | "error";
}

/** Whether a cell means "no value". @param value of its text as a number; undefined where it is none or says nothing */
export function isMissing(text: string, value: number | undefined, settings: CsvSettings): boolean {
  if (text === "" || settings.missing.has(text)) return true;
  // What overflows has no value of its own to be known by.
  return Number.isFinite(value) && settings.missingNumbers?.has(value!) === true;
}

const text: Check = (value) => (typeof value === "string" ? undefined : "text");
const texts: Check = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === "string")
    ? undefined
    : 'a list of texts, such as ["NA"]';
const delimiter: Check = (value) =>
  value === "whitespace" || (typeof value === "string" && /^[^"\r\n\w.]$/.test(value) && value <= "\x7f")
    ? undefined
    : 'one character, such as ",", ";" or "\\t", or "whitespace"';
const header: Check = (value) =>
  typeof value === "boolean" || (Array.isArray(value) && value.length > 0 && texts(value) === undefined)
    ? undefined
    : "true, false, or the names of the columns in a list";
const record = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const units: Check = (value) =>
  value === true ||
  (record(value) && Object.values(value).every((unit) => typeof unit === "string" && unit.trim() !== ""))
    ? undefined
    : 'true for a line of units, or a record of the units in the cells, such as { load: "kN" }';
const types: Check = (value) =>
  record(value) && Object.values(value).every((type) => type === "number" || type === "text")
    ? undefined
    : 'a record of types, such as { id: "text" }, each "number" or "text"';
const thousands: Check = (value) =>
  typeof value === "string" && /^[^\d\r\n+-]$/.test(value) ? undefined : 'one character, such as "," or " "';
const comment: Check = (value) =>
  typeof value === "string" && /^[^\s"]+$/.test(value) ? undefined : 'the beginning of such lines, such as "#"';

/** Checks options and fills in defaults. */
export function csvSettings(who: string, options: CsvOptions): CsvSettings {
  checkOptions<CsvOptions>(who, options, {
    optional: {
      source: text,
      delimiter,
      header,
      repairNames: checks.flag,
      units,
      types,
      thousands,
      comment,
      booleans: checks.flag,
      missing: texts,
      decimal: (value) => checks.oneOf(value, [".", ","]),
      onMissing: (value) => checks.oneOf(value, ["keep", "dropRows", "error"]),
    },
  });
  const { delimiter: between = ",", decimal = ".", thousands: group } = options;
  const clash = [
    ["decimal", decimal, "delimiter", between],
    ["thousands", group, "decimal", decimal],
    ["comment", options.comment, "delimiter", between],
  ].find(([, a, , b]) => a === b);
  if (clash !== undefined) fail(who, `received ${quoted([clash[1]!])} as ${clash[0]} and as ${clash[2]}.`);
  const missing = new Set((options.missing ?? []).map((mark) => mark.trim()));
  const notation: Notation = { decimal, thousands: group, booleans: false };
  const numbers = [...missing].map((mark) => parseNumber(mark, notation)).filter((value) => value !== undefined);
  return {
    source: options.source ?? "csv",
    delimiter: between === "whitespace" ? 32 : between.charCodeAt(0),
    whitespace: between === "whitespace",
    header: options.header ?? "likely",
    repairNames: options.repairNames ?? false,
    unitsRow: options.units === true,
    units: new Map(options.units === true ? [] : Object.entries(options.units ?? {})),
    types: new Map(Object.entries(options.types ?? {})),
    decimal,
    thousands: group,
    booleans: options.booleans ?? false,
    comment: new TextEncoder().encode(options.comment ?? ""),
    missing,
    missingNumbers: numbers.length > 0 ? new Set(numbers) : undefined,
    onMissing: options.onMissing ?? "keep",
  };
}

// The columns of a Parquet file: which of them a table can hold, and how their values become numbers or text.
// Source: https://parquet.apache.org/docs/file-format/types/
import type { Column } from "@hooke/data";
import { fail } from "@hooke/runtime";
import type { SchemaElement, SchemaTree } from "hyparquet";

/** A column that can be read. */
export interface ColumnPlan {
  readonly name: string;
  readonly type: "number" | "text";
  readonly unit?: string;
}

/** The whole digits that a number of 64 bits always keeps. */
const safeDigits = 15;
const units = { MILLIS: "ms", MICROS: "us", NANOS: "ns" } as const;

/**
 * How a column is read.
 *
 * @throws on columns that a table does not hold, naming what they are (`"unsupported"`)
 */
export function planColumn({ element, children }: SchemaTree, who: string): ColumnPlan {
  const { name, type, repetition_type: repetition } = element;
  const refuse = (what: string, cure = "Leave it out with columns, or write it as numbers or text"): never =>
    fail(who, `column ${JSON.stringify(name)} holds ${what}, which a table does not. ${cure}.`, "unsupported");
  if (children.length > 0 || repetition === "REPEATED") {
    return refuse("nested values", "Leave it out with columns, or write its parts as columns of their own");
  }
  const number = (unit?: string): ColumnPlan => ({ name, type: "number", ...(unit !== undefined && { unit }) });
  const text: ColumnPlan = { name, type: "text" };
  const logical = logicalType(element);
  switch (logical) {
    case "STRING":
    case "ENUM":
    case "JSON":
    case "UUID":
    case "DATE":
    case "TIMESTAMP":
      return text;
    case "TIME":
      return number(timeUnit(element));
    case "DECIMAL": {
      // The library scales those that carry the older name of the type too, as all writers write it.
      if (element.converted_type !== "DECIMAL") return refuse("decimals without their converted type");
      const precision = element.precision ?? Number.POSITIVE_INFINITY;
      return precision <= safeDigits
        ? number()
        : refuse(`decimals of ${precision} digits, where numbers keep ${safeDigits}`);
    }
    case "FLOAT16":
    case "INTEGER":
      return number();
    case undefined:
      if (type === "INT96") return text;
      if (type === undefined || type.endsWith("BYTE_ARRAY")) return refuse("bytes of no stated meaning");
      return number();
    default:
      return refuse(`values of the type ${logical}`);
  }
}

/** The name of the logical type; older files state it otherwise. */
function logicalType({ logical_type: logical, converted_type: converted }: SchemaElement): string | undefined {
  if (logical !== undefined) return logical.type;
  if (converted === undefined) return undefined;
  if (converted === "UTF8") return "STRING";
  return converted.replace(/_(MILLIS|MICROS)$/, "").replace(/^U?INT_\d+$/, "INTEGER");
}

function timeUnit({ logical_type: logical, converted_type: converted }: SchemaElement): string {
  return logical?.type === "TIME" ? units[logical.unit] : converted === "TIME_MILLIS" ? "ms" : "us";
}

const utf8 = /* @__PURE__ */ new TextDecoder();

function textOf(value: unknown): string | undefined {
  if (value === null) return "";
  if (value instanceof Uint8Array) return utf8.decode(value);
  return typeof value === "string" ? value : undefined;
}

/** Values of a column, `rows` of them, in the order of the file. */
export interface ColumnReader {
  /** Appends values as the library decodes them. */
  append(values: ArrayLike<unknown>): void;
  /** The column. */
  end(): Column;
}

/** Collects `rows` values of a column. */
export function createColumnReader({ name, type, unit }: ColumnPlan, rows: number, who: string): ColumnReader {
  const base = { name, ...(unit !== undefined && { unit }) };
  let row = 0;
  const misfit = (value: unknown): never =>
    fail(
      who,
      `column ${JSON.stringify(name)} holds ${String(value)} in row ${row + 1}: the file is damaged.`,
      "corrupt-file",
    );
  const room = (count: number): void => {
    if (row + count > rows)
      fail(who, `column ${JSON.stringify(name)} has more rows than the file states.`, "corrupt-file");
  };
  const whole = (): void => {
    if (row !== rows) {
      fail(who, `column ${JSON.stringify(name)} has ${row} rows, the file ${rows}: it is damaged.`, "corrupt-file");
    }
  };
  if (type === "text") {
    const values: string[] = [];
    return {
      append(given) {
        room(given.length);
        for (let i = 0; i < given.length; i++, row++) {
          const value = given[i];
          values.push(textOf(value) ?? misfit(value));
        }
      },
      end() {
        whole();
        // As in a column of text from elsewhere: whatever its cells look like, the file says that it is text.
        return { ...base, type, values, declared: true };
      },
    };
  }
  const values = new Float64Array(rows);
  return {
    append(given) {
      room(given.length);
      for (let i = 0; i < given.length; i++, row++) values[row] = numberOf(given[i]) ?? misfit(given[i]);
    },
    end() {
      whole();
      return { ...base, type, values };
    },
  };

  function numberOf(value: unknown): number | undefined {
    if (typeof value === "number") return value;
    if (value === null) return Number.NaN;
    if (typeof value === "boolean") return value ? 1 : 0;
    if (typeof value !== "bigint") return undefined;
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    return fail(
      who,
      `column ${JSON.stringify(name)} holds ${value} in row ${row + 1}; numbers hold whole numbers exactly to 2^53. Write it as text.`,
      "unsupported",
    );
  }
}

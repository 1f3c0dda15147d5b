// Rows of values from bytes straight into columns: the loop in which reading a file spends its time.
import { fail } from "@hooke/runtime";
import { kind } from "./columns.ts";
import { exactPowers, nearestDouble } from "./decimal.ts";
import { decodeCell } from "./dictionary.ts";
import { listed } from "./head.ts";
import type { CsvSettings } from "./options.ts";
import { failAfterQuote, isComment } from "./split-row.ts";
import { type TableState, takeCell } from "./take-cell.ts";

const [newline, carriage, quote, space, tab, plus, minus, zero, point, comma] = [
  10, 13, 34, 32, 9, 43, 45, 48, 46, 44,
] as const;

/** What rows are read into. */
export interface RowsState extends TableState {
  /** Line of the next row, from 1. */
  line: number;
  rowCount: number;
  /** Line on which each row begins. */
  lines: Int32Array;
  /** Line of the quote that was open when the bytes ended; 0 where none was. */
  openQuote: number;
}

/**
 * Reads the complete rows of `bytes[from, limit)`. A row that is not complete leaves no trace.
 *
 * @param bytes with a 0 at `limit`
 * @returns where the first row begins that is not complete
 */
export function readRows(state: RowsState, bytes: Uint8Array, from: number, limit: number): number {
  const { settings, columns, head } = state;
  const { delimiter, whitespace, comment, source, missingNumbers } = settings;
  const { kinds, numbers } = columns;
  const width = columns.count;
  const decimal = settings.decimal === "," ? comma : point;
  const plain = head.suffixes.map((suffix) => (suffix === undefined ? 1 : 0));
  // A blank that is no delimiter may stand around a cell.
  const tabDivides = delimiter === tab;
  let { line, rowCount: row } = state;
  let rowStart = from;
  let at = from;
  state.openQuote = 0;

  while (at < limit) {
    rowStart = at;
    let byte = bytes[at]!;
    while (byte === space || (byte === tab && !tabDivides)) byte = bytes[++at]!;
    if (at >= limit) break;
    if (byte === newline || byte === carriage) {
      const next = behindLine(bytes, at, limit);
      if (next < 0) break;
      at = next;
      line++;
      state.line = line;
      rowStart = at;
      continue;
    }
    if (comment.length > 0 && isComment(bytes, at, comment)) {
      while (at < limit && bytes[at] !== newline && bytes[at] !== carriage) at++;
      if (at >= limit) break;
      continue;
    }
    if (row === columns.capacity) {
      columns.grow();
      const larger = new Int32Array(columns.capacity);
      larger.set(state.lines);
      state.lines = larger;
    }

    const start = line;
    let column = 0;
    let surplus = false;
    let complete = false;
    for (;;) {
      // Here `at` is at the cell, behind blanks, and `byte` its first.
      const first = at;
      let last = at;
      const slot = column < width ? kinds[column]! : kind.text;
      let done = false;
      if (slot !== kind.text && byte !== quote && plain[column] === 1) {
        let negative = false;
        let canonical = true;
        if (byte === minus) {
          negative = true;
          byte = bytes[++at]!;
        } else if (byte === plus) {
          canonical = false;
          byte = bytes[++at]!;
        }
        const whole = at;
        while (byte === zero) byte = bytes[++at]!;
        let zeros = at - whole;
        let [a, b, c, digits] = [0, 0, 0, 0];
        // The loop over digits stands twice, here and for the decimals: as one, which asks in between, it reads a table 15 % slower.
        let digit = byte - zero;
        while (digit >>> 0 < 10) {
          if (digits < 9) a = Math.imul(a, 10) + digit;
          else if (digits < 18) b = Math.imul(b, 10) + digit;
          else c = c * 10 + digit;
          digits++;
          byte = bytes[++at]!;
          digit = byte - zero;
        }
        if (zeros > 1 || (zeros === 1 && digits > 0)) canonical = false;
        let exponent = 0;
        if (byte === decimal) {
          if (zeros + digits === 0) canonical = false;
          byte = bytes[++at]!;
          const fraction = at;
          if (digits === 0) {
            while (byte === zero) byte = bytes[++at]!;
            zeros += at - fraction;
            if (at - fraction > 5) canonical = false;
          }
          digit = byte - zero;
          while (digit >>> 0 < 10) {
            if (digits < 9) a = Math.imul(a, 10) + digit;
            else if (digits < 18) b = Math.imul(b, 10) + digit;
            else c = c * 10 + digit;
            digits++;
            byte = bytes[++at]!;
            digit = byte - zero;
          }
          exponent = fraction - at;
          if (exponent === 0 || bytes[at - 1] === zero) canonical = false;
        }
        if (zeros + digits > 0) {
          let exponentDigits = 1;
          if (byte === 101 || byte === 69) {
            canonical = false;
            let power = 0;
            byte = bytes[++at]!;
            const below = byte === minus;
            if (below || byte === plus) byte = bytes[++at]!;
            const begin = at;
            for (digit = byte - zero; digit >>> 0 < 10; digit = byte - zero) {
              if (power < 10000) power = power * 10 + digit;
              byte = bytes[++at]!;
            }
            exponentDigits = at - begin;
            exponent += below ? -power : power;
          }
          last = at;
          while (byte === space || (byte === tab && !tabDivides)) {
            if (whitespace) break;
            byte = bytes[++at]!;
          }
          if (
            exponentDigits > 0 &&
            (byte === delimiter || byte === newline || byte === carriage || (whitespace && byte === tab))
          ) {
            let value = Number.NaN;
            if (digits <= 15 && exponent >= -22 && exponent <= 22) {
              const whole = digits <= 9 ? a : a * exactPowers[digits - 9]! + b;
              value = exponent < 0 ? whole / exactPowers[-exponent]! : whole * exactPowers[exponent]!;
            } else if (digits > 15 && digits <= 27) {
              value = nearestDouble(a, b, c, digits, exponent);
            }
            if (Number.isNaN(value)) value = numberAt(bytes, first, last, settings);
            else if (negative) value = -value;
            if (missingNumbers?.has(value)) {
              takeCell(state, bytes, first, last, column, row, start);
            } else {
              numbers[column]![row] = value;
              if (slot !== kind.respelled) {
                if (slot === kind.number && (!canonical || digits > 15 || (negative && digits === 0))) {
                  columns.spell(column, row);
                }
                if (kinds[column] === kind.spelled) columns.keep(column, row, bytes, first, last, where);
              }
            }
            done = true;
          }
        }
        if (!done) {
          at = first;
          byte = bytes[at]!;
        }
      }
      if (!done) {
        // Any other cell: its end, then what it says.
        let [begin, end] = [first, first];
        let escaped = false;
        if (byte === quote) {
          const opened = line;
          begin = ++at;
          for (;;) {
            if (at >= limit) {
              state.openQuote = opened;
              return rowStart;
            }
            byte = bytes[at]!;
            if (byte === quote) {
              if (bytes[at + 1] !== quote) break;
              escaped = true;
              at++;
            } else if (byte === newline || (byte === carriage && bytes[at + 1] !== newline)) {
              line++;
            }
            at++;
          }
          end = at;
          byte = bytes[++at]!;
          while (!whitespace && (byte === space || (byte === tab && !tabDivides))) byte = bytes[++at]!;
          if (at >= limit) break;
          if (byte !== delimiter && byte !== newline && byte !== carriage && !(whitespace && byte === tab)) {
            failAfterQuote(source, line, opened);
          }
          if (escaped) {
            const text = decodeCell(bytes, begin, end, where).replaceAll('""', '"');
            if (column < width) takeCell(state, encoder.encode(text), 0, -1, column, row, start);
          }
        } else {
          while (byte !== delimiter && byte !== newline && byte !== carriage && !(whitespace && byte === tab)) {
            if (at >= limit) break;
            byte = bytes[++at]!;
          }
          end = at;
        }
        if (at >= limit) break;
        if (column >= width) {
          if (end > begin || byte === delimiter) surplus = true;
        } else if (!escaped) {
          takeCell(state, bytes, begin, end, column, row, start);
        }
      }
      if (at >= limit) break;
      column++;
      if (whitespace) while (byte === space || byte === tab) byte = bytes[++at]!;
      else if (byte === delimiter) {
        byte = bytes[++at]!;
        while (byte === space || (byte === tab && !tabDivides)) byte = bytes[++at]!;
        if (at >= limit) break;
        continue;
      }
      if (at >= limit) break;
      if (byte === newline || byte === carriage) {
        const next = behindLine(bytes, at, limit);
        if (next < 0) break;
        at = next;
        line++;
        complete = true;
        break;
      }
    }
    if (!complete) return rowStart;
    // A delimiter at the end of a line makes no cell.
    if (column !== width && (column !== width + 1 || surplus)) failCount(state, column, start);
    state.lines[row] = start;
    row++;
    state.rowCount = row;
    state.line = line;
    rowStart = at;
  }
  return rowStart;

  function where(): string {
    return `${source}: line ${line}`;
  }
}

const encoder = /* @__PURE__ */ new TextEncoder();

/** Where the next line begins behind the line end at `at`; -1 where what follows it is still to come. */
function behindLine(bytes: Uint8Array, at: number, limit: number): number {
  if (bytes[at] === newline) return at + 1;
  if (at + 1 >= limit) return -1;
  return bytes[at + 1] === newline ? at + 2 : at + 1;
}

/** The number in `bytes[start, end)`, known to be one, by the language's own parser. */
function numberAt(bytes: Uint8Array, start: number, end: number, settings: CsvSettings): number {
  const text = decodeCell(bytes, start, end, () => settings.source);
  return Number(settings.decimal === "," ? text.replace(",", ".") : text);
}

function failCount({ settings, head, rowCount }: RowsState, count: number, line: number): never {
  const { names } = head;
  const between = settings.whitespace ? "blanks" : `"${String.fromCharCode(settings.delimiter)}"`;
  const above = rowCount === 0 ? " If the names of the columns stand further down, take out the lines above them." : "";
  const hint = count > names.length ? ` Quote a cell that contains ${between}.${above}` : "";
  return fail(
    settings.source,
    `line ${line} has ${count} cells; there are ${names.length} columns (${listed(names)}).${hint}`,
    "invalid-data",
  );
}

// A table from bytes that arrive in pieces of any size.
import { fail } from "@hooke/runtime";
import type { Column, Table } from "../table.ts";
import { Columns } from "./columns.ts";
import { failOpenQuote, type Head, listed, readHead } from "./head.ts";
import type { CsvSettings } from "./options.ts";
import { type RowsState, readRows } from "./rows.ts";

/** Where a row that never ends is given up: some quote was not closed. */
const longestRow = 2 ** 26;

/** Takes bytes of a file in order, then makes the table. */
export interface TableReader {
  write(bytes: Uint8Array): void;
  /** Rows read so far. */
  readonly rowCount: number;
  end(): Table;
}

export function createTableReader(settings: CsvSettings): TableReader {
  // Behind `filled` there is always room for the 0 that ends every loop over digits.
  let held = new Uint8Array(2 ** 16);
  let filled = 0;
  // A row that was not complete is tried again when twice as many bytes are there: long rows cost no more than short ones.
  let wanted = 0;
  let state: RowsState | undefined;

  const take = (ended: boolean): void => {
    held[filled] = 0;
    let from = 0;
    if (state === undefined) {
      const head = readHead(held, filled, ended, settings);
      if (head !== undefined) {
        state = stateOf(head, settings);
        from = head.next;
      }
    }
    if (state !== undefined) from = readRows(state, held, from, filled);
    held.copyWithin(0, from, filled);
    filled -= from;
    wanted = from > 0 ? 0 : 2 * filled;
    if (filled > longestRow) {
      if (state !== undefined && state.openQuote > 0) failOpenQuote(settings.source, state.openQuote);
      fail(settings.source, `line ${state?.line ?? 1} is longer than ${longestRow} bytes.`, "invalid-data");
    }
  };

  const append = (bytes: Uint8Array): void => {
    if (filled + bytes.length + 1 > held.length) {
      const larger = new Uint8Array(2 * (filled + bytes.length + 1));
      larger.set(held.subarray(0, filled));
      held = larger;
    }
    held.set(bytes, filled);
    filled += bytes.length;
  };

  return {
    write(bytes) {
      append(bytes);
      if (filled >= wanted) take(false);
    },
    get rowCount() {
      return state?.rowCount ?? 0;
    },
    end() {
      // The last line may lack its end; an empty line more is none.
      append(Uint8Array.of(10));
      take(true);
      if (state!.openQuote > 0) failOpenQuote(settings.source, state!.openQuote);
      return tableFrom(state!);
    },
  };
}

function stateOf(head: Head, settings: CsvSettings): RowsState {
  const columns = new Columns(head, settings);
  return {
    settings,
    head,
    columns,
    line: head.line,
    rowCount: 0,
    openQuote: 0,
    lines: new Int32Array(columns.capacity),
  };
}

function tableFrom({ settings, head, columns, lines, rowCount }: RowsState): Table {
  const { source } = settings;
  const { names, units } = head;
  if (rowCount === 0) {
    const what = settings.header === true || settings.header === "likely" ? `a header (${listed(names)})` : "names";
    fail(source, `the file has ${what} and no rows; add rows of values.`, "invalid-data");
  }
  const rows = completeRows(settings, head, columns, lines, rowCount);
  const finished = names.map((name, i): Column => columns.finish(i, name, units[i], rowCount, rows));
  const kept = rows === undefined ? lines.slice(0, rowCount) : Int32Array.from(rows, (row) => lines[row]!);
  return { source, columns: finished, rowCount: kept.length, lines: kept };
}

/** The rows that stay, where some do not. */
function completeRows(
  { onMissing, source }: CsvSettings,
  { names }: Head,
  columns: Columns,
  lines: Int32Array,
  rowCount: number,
): Int32Array | undefined {
  if (onMissing === "keep") return undefined;
  const lacking = new Uint8Array(rowCount);
  let [count, first] = [rowCount, -1];
  for (let column = 0; column < columns.count; column++) {
    for (let row = 0; row < rowCount; row++) {
      if (!columns.lacksNumber(column, row) || lacking[row] === 1) continue;
      if (onMissing === "error" && (first < 0 || row < first)) first = row;
      lacking[row] = 1;
      count--;
    }
  }
  if (count === rowCount) return undefined;
  const without = (row: number): string => names[names.findIndex((_, column) => columns.lacksNumber(column, row))]!;
  if (first >= 0) {
    fail(
      source,
      `line ${lines[first]} has no value in column "${without(first)}"; fill it in or pass onMissing: "dropRows".`,
      "invalid-data",
    );
  }
  if (count === 0) {
    const empty = names.find((_, column) => lacking.every((__, row) => columns.lacksNumber(column, row)));
    const why = empty === undefined ? "" : ` Column "${empty}" has no number at all.`;
    fail(
      source,
      `every one of the ${rowCount} rows lacks a number, so onMissing: "dropRows" leaves none.${why}`,
      "invalid-data",
    );
  }
  const kept = new Int32Array(count);
  for (let row = 0, to = 0; row < rowCount; row++) if (lacking[row] === 0) kept[to++] = row;
  return kept;
}

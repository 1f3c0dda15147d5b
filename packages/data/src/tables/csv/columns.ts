// Columns while they are read: doubles as long as every cell is a number, and the distinct texts of cells that are not, or that
// numbers would not tell apart.
import type { Column } from "../table.ts";
import { Dictionary } from "./dictionary.ts";
import type { Head } from "./head.ts";
import { parseNumber } from "./numbers.ts";
import { type CsvSettings, isMissing } from "./options.ts";

/** What the cells of a column have been so far. */
export const kind = {
  /** Numbers that print as they are written. */
  number: 0,
  /** Numbers that are written in other ways too, "007", with the texts of all cells. */
  spelled: 1,
  /** Numbers, too many of them written in other ways to keep the texts. */
  respelled: 2,
  text: 3,
} as const;

/** Distinct texts that are kept of a column of numbers. */
const mostSpellings = 1024;
/** Stands for a missing cell among codes. */
const missing = -1;

/** All columns of a table, one growing capacity. */
export class Columns {
  readonly count: number;
  readonly kinds: Uint8Array;
  /** The numbers of each column; of no use where it is text. */
  readonly numbers: Float64Array<ArrayBuffer>[];
  capacity = 16;
  readonly #head: Head;
  readonly #settings: CsvSettings;
  readonly #codes: (Int32Array<ArrayBuffer> | undefined)[];
  readonly #dictionaries: (Dictionary | undefined)[];
  /** Text columns whose first cells were numbers of which the texts are not known. */
  readonly #respelled: Uint8Array;

  constructor(head: Head, settings: CsvSettings) {
    const { types } = head;
    this.count = types.length;
    this.#head = head;
    this.#settings = settings;
    this.kinds = new Uint8Array(types.length);
    this.numbers = types.map((type) => new Float64Array(type === "text" ? 0 : this.capacity));
    this.#codes = new Array<Int32Array<ArrayBuffer> | undefined>(types.length).fill(undefined);
    this.#dictionaries = new Array<Dictionary | undefined>(types.length).fill(undefined);
    this.#respelled = new Uint8Array(types.length);
    for (const [column, type] of types.entries()) if (type === "text") this.becomeText(column, 0);
  }

  /** Makes room for as many rows again. */
  grow(): void {
    this.capacity *= 2;
    for (let column = 0; column < this.count; column++) {
      if (this.kinds[column] !== kind.text) this.numbers[column] = resized(this.numbers[column]!, this.capacity);
      const codes = this.#codes[column];
      if (codes !== undefined) {
        this.#codes[column] = new Int32Array(codes.buffer.transfer(4 * this.capacity));
      }
    }
  }

  /** Keeps the text of a cell: `bytes[start, end)`, empty where it is missing. */
  keep(column: number, row: number, bytes: Uint8Array, start: number, end: number, where: () => string): void {
    this.#codes[column]![row] = start === end ? missing : this.#dictionaries[column]!.code(bytes, start, end, where);
    if (this.kinds[column] === kind.spelled && this.#dictionaries[column]!.texts.length > mostSpellings) {
      this.kinds[column] = kind.respelled;
      this.#codes[column] = this.#dictionaries[column] = undefined;
    }
  }

  /** From row `row` on, the texts of a column of numbers are kept, since they say more than the numbers. */
  spell(column: number, row: number): void {
    this.kinds[column] = kind.spelled;
    this.#fill(column, row, mostSpellings);
    if (this.#dictionaries[column]!.texts.length <= mostSpellings) return;
    this.kinds[column] = kind.respelled;
    this.#codes[column] = this.#dictionaries[column] = undefined;
  }

  /** From row `row` on, a column is text, and so is what it held before. */
  becomeText(column: number, row: number): void {
    if (this.kinds[column] !== kind.spelled) {
      this.#respelled[column] = this.kinds[column] === kind.respelled ? 1 : 0;
      this.#fill(column, row, Number.POSITIVE_INFINITY);
    }
    this.kinds[column] = kind.text;
    this.numbers[column] = new Float64Array(0);
  }

  #fill(column: number, rows: number, most: number): void {
    const codes = new Int32Array(this.capacity);
    const dictionary = new Dictionary();
    const numbers = this.numbers[column]!;
    for (let row = 0; row < rows && dictionary.texts.length <= most; row++) {
      const value = numbers[row]!;
      codes[row] = Number.isNaN(value) ? missing : dictionary.codeOfText(String(value));
    }
    this.#codes[column] = codes;
    this.#dictionaries[column] = dictionary;
  }

  /** Whether a cell has no value, which in a column of text is said by its text alone. */
  lacksNumber(column: number, row: number): boolean {
    return this.kinds[column] !== kind.text && Number.isNaN(this.numbers[column]![row]);
  }

  /** The finished column. @param rows its rows, in order; undefined for the first `count` */
  finish(column: number, name: string, unit: string | undefined, count: number, rows: Int32Array | undefined): Column {
    const length = rows?.length ?? count;
    const rowAt = (i: number): number => (rows === undefined ? i : rows[i]!);
    const dictionary = this.#dictionaries[column];
    const codes = this.#codes[column];
    const common = { name, ...(unit !== undefined && unit !== "" && { unit }) };
    if (this.kinds[column] === kind.text) {
      const { types, suffixes } = this.#head;
      const declared = types[column] === "text";
      const numberIn = (text: string): number | undefined =>
        declared || this.#settings.missingNumbers === undefined
          ? undefined
          : parseNumber(text, this.#settings, suffixes[column]);
      const texts = dictionary!.texts.map((text) => (isMissing(text, numberIn(text), this.#settings) ? "" : text));
      const values = new Array<string>(length);
      for (let i = 0; i < length; i++) {
        const code = codes![rowAt(i)]!;
        values[i] = code < 0 ? "" : texts[code]!;
      }
      this.#codes[column] = undefined;
      return {
        ...common,
        type: "text",
        values,
        ...(declared && { declared: true }),
        ...(this.#respelled[column] === 1 && { respelled: true }),
      };
    }
    const numbers = this.numbers[column]!;
    if (rows !== undefined) for (let i = 0; i < length; i++) numbers[i] = numbers[rows[i]!]!;
    const values = resized(numbers, length);
    this.numbers[column] = new Float64Array(0);
    if (this.kinds[column] === kind.respelled) return { ...common, type: "number", values, respelled: true };
    if (codes === undefined) return { ...common, type: "number", values };
    const kept = Int32Array.from({ length }, (_, i) => codes[rowAt(i)]!);
    this.#codes[column] = undefined;
    return { ...common, type: "number", values, spelling: { codes: kept, texts: dictionary!.texts } };
  }
}

/** The first values in a buffer of another size. The old one is gone: two of a long column would not be held at once. */
function resized(values: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  return new Float64Array(values.buffer.transfer(8 * length));
}

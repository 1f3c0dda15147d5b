// The heart of all products: a thread's tile of sums, held in registers, to which terms are added in short chains.
import { chain, chains, iterationsFor, levelsFor } from "./chains.ts";
import type { Ending } from "./ending.ts";
import { type Text, threads } from "./text.ts";

/** Rows and columns of a tile. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** One side of a product: what rows of the tile are made of, or columns. */
export interface Side {
  /** Where the first term of each line is. */
  readonly at: readonly string[];
  /** How many words further the next term of a line is. */
  readonly step: number;
  /** Where four numbers lie side by side as a vector: terms of a line, or one term of four lines. Absent where they are read one by one. */
  readonly along?: "terms" | "lines" | undefined;
  /** Whether there is a term in a line; those that are missing count as zero. Absent where all are there. */
  readonly isThere?: readonly string[] | undefined;
}

/** Terms that lie in rows of memory. */
export interface Run {
  readonly left: Side;
  readonly right: Side;
  /** How many terms: a multiple of four where a side has vectors of terms. */
  readonly count: number;
  /** How many there are of those, where that depends on the thread. */
  readonly actual?: string | undefined;
  /** Whether that is a multiple of four where `count` is. Default true. */
  readonly isWhole?: boolean;
}

/** What is multiplied, for the threads of a kernel. */
export interface Terms {
  /** Adds the code of one run of terms of every tile, in loops of its own; `run` adds what is to be done with it. */
  readonly each: (run: (run: Run) => void) => void;
  /** How many runs a tile has at most, and how many terms each of them. */
  readonly runs: number;
  readonly count: number;
}

const four = [0, 1, 2, 3];

/**
 * Adds code that reads some terms of a side; the number of each line in each term, `[term][line]`.
 *
 * @param names of addresses, of each line or of each four
 */
function readSide(text: Text, { step, along, isThere }: Side, names: readonly string[], terms: number): string[][] {
  const each = Array.from({ length: terms }, (_, t) => t);
  const moved = (name: string, words: number): string => (words === 0 ? name : `${name} + ${words >>> 0}u`);
  if (along === "lines") {
    return each.map((t) =>
      names.flatMap((name) => {
        const vector = text.define(`bitcast<vec4<f32>>(${text.vector(moved(name, t * step))})`, "v");
        return four.map((i) => `${vector}[${i}]`);
      }),
    );
  }
  const lines = names.map((name, i) => {
    const there = isThere?.[i];
    const zero = (type: string, value: string): string =>
      there === undefined ? value : `select(${type}(), ${value}, ${there})`;
    if (along === "terms") {
      const vector = text.define(zero("vec4<f32>", `bitcast<vec4<f32>>(${text.vector(name)})`), "v");
      return four.map((t) => `${vector}[${t}]`);
    }
    return each.map((t) => text.define(zero("f32", `bitcast<f32>(${text.word(moved(name, t * step))})`), "x"));
  });
  return each.map((t) => lines.map((line) => line[t]!));
}

/** Adds code that sums up a tile; the names of its sums: of each row, those of columns, four at a time where the tile is wide enough. */
export function sumTile(text: Text, { height, width }: Size, { each, runs, count }: Terms): string[][] {
  text.takes(runs * (iterationsFor(count) + 2));
  const isWide = width % 4 === 0;
  const type = isWide ? "vec4<f32>" : "f32";
  const levels = levelsFor(runs * Math.ceil(count / chain) * chain);
  const rows = Array.from({ length: height }, (_, i) => i);
  const groups = Array.from({ length: isWide ? width / 4 : width }, (_, j) => j);
  const sums = rows.map((i) => groups.map((j) => chains(`sum${i}_${j}`, `${type}()`, levels)));
  for (const row of sums) text.add(...row.map(({ declare }) => declare));
  const n = text.name("n");
  if (levels > 1) text.add(`var ${n} = 0;`);
  const fold = (): void => {
    if (levels === 1) return;
    text.add(`${n} += ${chain};`);
    for (const row of sums) text.add(...row.map((sum) => sum.fold(n)));
  };
  each(({ left, right, count, actual = `${count}u`, isWhole = true }) => {
    const names = [left, right].map(({ at, along }) =>
      at.flatMap((address, i) => (along === "lines" && i % 4 !== 0 ? [] : [{ name: text.name("at"), address }])),
    ) as [{ name: string; address: string }[], { name: string; address: string }[]];
    for (const { name, address } of names.flat()) text.add(`var ${name} = ${address};`);
    const together = count % 4 === 0 && isWhole ? 4 : 1;
    const add = (): void => {
      const [lefts, rights] = [left, right].map((side, i) =>
        readSide(
          text,
          side,
          names[i]!.map(({ name }) => name),
          together,
        ),
      ) as [string[][], string[][]];
      const columns = rights.map((own) =>
        groups.map((j) => {
          if (!isWide) return own[j]!;
          // A vector that was read as such is not taken apart.
          if (right.along === "lines") return own[4 * j]!.replace("[0]", "");
          return text.define(`vec4<f32>(${own.slice(4 * j, 4 * j + 4).join(", ")})`, "b");
        }),
      );
      // Variables are memory to some compilers: each is read and written once.
      for (const i of rows) {
        for (const j of groups) {
          const { first } = sums[i]![j]!;
          const sum = lefts.reduce((sum, values, t) => {
            return `fma(${isWide ? `vec4<f32>(${values[i]!})` : values[i]!}, ${columns[t]![j]!}, ${sum})`;
          }, first);
          text.add(`${first} = ${sum};`);
        }
      }
      for (const [side, list] of [left, right].map((side, i) => [side, names[i]!] as const)) {
        for (const { name } of list) text.add(`${name} += ${(together * side.step) >>> 0}u;`);
      }
    };
    const t = text.name("t");
    if (count <= chain) {
      if (actual === `${together}u`) add();
      else text.add(`for (var ${t} = 0u; ${t} < ${actual}; ${t} += ${together}u) {\n${text.apart(add)}\n}`);
      fold();
      return;
    }
    const end = text.name("end");
    text.add(
      `for (var ${t} = 0u; ${t} < ${actual};) {`,
      `for (let ${end} = min(${t} + ${chain}u, ${actual}); ${t} < ${end}; ${t} += ${together}u) {\n${text.apart(add)}\n}`,
      text.apart(fold),
      "}",
    );
  });
  return sums.map((row) => row.map(({ total }) => text.define(total, "sum")));
}

/** Where the tile of a thread goes. */
export interface Goal {
  /** The number of its first among the elements of the result, and how many further the next row is. */
  readonly start: string;
  readonly rowStep: number;
  /** Its first row and column, and how many there are. */
  readonly top: string;
  readonly left: string;
  readonly rows: number;
  readonly columns: number;
  /** Of the tiles of a workgroup together, where it makes one: those of its threads may all lie beyond the last row or column. */
  readonly together?: Size | undefined;
}

/** Adds code that ends the sums of a tile, as far as there are rows and columns. */
export function endTile(
  text: Text,
  sums: readonly (readonly string[])[],
  { height, width }: Size,
  { start, rowStep, top, left, rows, columns, together = { height, width } }: Goal,
  ending: Ending,
): void {
  const isVector = width % 4 === 0;
  const across = isVector ? width / 4 : width;
  const rowsEnd = rows % together.height !== 0;
  const columnsEnd = columns % together.width !== 0;
  /** Adds code that ends one of the sums: in which row and column of the tile, and whether these are surely there. */
  const end = (value: string, row: string, column: string, isRow: boolean, isColumn: boolean): void => {
    const isIn = (column: string, isThere: boolean): string[] => [
      ...(isRow || !rowsEnd ? [] : [`${top} + ${row} < ${rows}u`]),
      ...(isThere || !columnsEnd ? [] : [`${left} + ${column} < ${columns}u`]),
    ];
    const where = (conditions: readonly string[], add: () => void): void => {
      if (conditions.length > 0) text.add(`if (${conditions.join(" && ")}) {`);
      add();
      if (conditions.length > 0) text.add("}");
    };
    const line = text.define(`${start} + ${row} * ${rowStep}u + ${column}`, "at");
    if (text.isWide) where(isIn(column, isColumn), () => ending.four(text, line, value));
    else if (!isVector) where(isIn(column, isColumn), () => ending.one(text, line, value));
    else if (ending.isLong) {
      const c = text.name("c");
      text.add(`for (var ${c} = 0u; ${c} < 4u; ${c}++) {`);
      where(isIn(`${column} + ${c}`, false), () => ending.one(text, `(${line} + ${c})`, `${value}[${c}]`));
      text.add("}");
    } else {
      for (const c of four) {
        where(isIn(`${column} + ${c}u`, isColumn && c === 0), () => {
          ending.one(text, `${line} + ${c}u`, `${value}[${c}]`);
        });
      }
    }
  };
  if (!ending.isLong || sums.length * across === 1) {
    for (const [i, row] of sums.entries()) {
      for (const [j, value] of row.entries()) {
        const column = isVector ? 4 * j : j;
        end(value, `${i}u`, `${column}u`, i === 0 && height === together.height, j === 0 && width === together.width);
      }
    }
    return;
  }
  // What is long is there once, for all of them.
  const [tile, i] = [text.name("tile"), text.name("i")];
  const count = sums.length * across;
  text.add(
    `var ${tile} = array<${isVector ? "vec4<f32>" : "f32"}, ${count}>(${sums.flat().join(", ")});`,
    `for (var ${i} = 0u; ${i} < ${count}u; ${i}++) {`,
  );
  const row = text.define(`${i} / ${across}u`, "row");
  const column = text.define(`${i} % ${across}u${isVector ? " * 4u" : ""}`, "column");
  end(text.define(`${tile}[${i}]`, "sum"), row, column, false, false);
  text.add("}");
}

/** Adds the rows or columns of a tile, from its first on: those beyond the last are computed as the last is, and not written. */
export function linesOf(text: Text, tile: string, size: number, length: number): readonly [first: string, ...string[]] {
  const first = text.define(size === 1 ? tile : `${tile} * ${size}u`, "first");
  const others = Array.from({ length: size - 1 }, (_, i) => {
    const line = `${first} + ${i + 1}u`;
    return text.define(length % size === 0 ? line : `min(${line}, ${length - 1}u)`, "line");
  });
  return [first, ...others];
}

/** Terms of a part of a sum at least, and threads a device likes to have. */
const shortestPart = 256;
const manyThreads = { gpu: 2 ** 14, processor: 2 ** 8 };
/** Multiplications of a product that larger tiles are not worth compiling for. */
const smallProduct = 2 ** 15;

/** The size of tiles, and in how many parts sums are made, for `batch` results of some rows and columns. */
export function divide(
  onProcessor: boolean,
  batch: number,
  rows: number,
  columns: number,
  depth: number,
): Size & { readonly parts: number } {
  // What a processor spends most on is reading: larger tiles read less, and take longer to compile.
  const isSmall = batch * rows * columns * depth < smallProduct;
  const [most, largest] = onProcessor && !isSmall ? [rows >= 128 ? 16 : 8, 8] : [4, 4];
  const side = (length: number, most: number): number => (length >= most ? most : length >= 4 ? 4 : 1);
  const [height, width] = [side(rows, most), side(columns, largest)];
  const tiles = batch * Math.ceil(rows / height) * Math.ceil(columns / width);
  const many = onProcessor ? manyThreads.processor : manyThreads.gpu;
  const wanted = Math.max(1, Math.min(Math.ceil(depth / shortestPart), Math.ceil(many / tiles)));
  // A core of a processor computes a workgroup: parts within one take another launch, and save nothing.
  const parts = onProcessor && tiles * wanted <= threads ? 1 : wanted;
  return { height, width, parts };
}

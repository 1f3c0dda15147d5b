// The heart of all products: a thread's tile of sums, held in registers, to which terms are added in short chains.
import { chain, chains, levelsFor } from "../kernels/chains.ts";
import type { Text } from "./text.ts";

/** Rows and columns of a tile. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** Terms that lie in a row of memory: addresses of the first, and how many words further the next are. */
export interface Run {
  /** Of each row of the tile. */
  readonly left: readonly string[];
  /** Whether there is a term in a row; those that are missing count as zero. Absent where all are there. */
  readonly isThere?: readonly (string | undefined)[];
  /** Of each column of the tile. */
  readonly right: readonly string[];
  readonly leftStep: number;
  readonly rightStep: number;
  /** How many terms. */
  readonly count: number;
  /** How many there are of those, where that depends on the thread. */
  readonly actual?: string;
}

/** What is multiplied, for the threads of a kernel. */
export interface Terms {
  /** Adds the code of one run of terms of every tile, in loops of its own; `run` adds what is to be done with it. */
  readonly each: (run: (run: Run) => void) => void;
  /** How many runs a tile has at most, and how many terms each of them. */
  readonly runs: number;
  readonly count: number;
}

/** Adds code that sums up a tile; the names of its sums, `[row][column]`. */
export function sumTile(text: Text, { height, width }: Size, { each, runs, count }: Terms): string[][] {
  const isWide = width % 4 === 0;
  const type = isWide ? "vec4<f32>" : "f32";
  const across = isWide ? width / 4 : width;
  const levels = levelsFor(runs * Math.ceil(count / chain) * chain);
  const lines = Array.from({ length: height }, (_, i) => i);
  const groups = Array.from({ length: across }, (_, j) => j);
  const sums = lines.map((i) => groups.map((j) => chains(`sum${i}_${j}_`, `${type}()`, levels)));
  for (const row of sums) text.add(...row.map(({ declare }) => declare));
  const n = text.name("n");
  if (levels > 1) text.add(`var ${n} = 0;`);
  const fold = (): void => {
    if (levels === 1) return;
    text.add(`${n} += ${chain};`);
    for (const row of sums) text.add(...row.map((sum) => sum.fold(n)));
  };
  each(({ left, isThere = [], right, leftStep, rightStep, count, actual = `${count}u` }) => {
    const rows = left.map((address) => ({ name: text.name("l"), address }));
    const columns = right.map((address) => ({ name: text.name("r"), address }));
    text.add(...[...rows, ...columns].map(({ name, address }) => `var ${name} = ${address};`));
    const term = (): void => {
      const values = groups.map((j) => {
        const loads = columns
          .slice(isWide ? 4 * j : j, isWide ? 4 * j + 4 : j + 1)
          .map(({ name }) => `bitcast<f32>(memory[${name}])`);
        return text.define(isWide ? `vec4<f32>(${loads.join(", ")})` : loads[0]!, "b");
      });
      for (const i of lines) {
        const { name } = rows[i]!;
        const there = isThere[i];
        const load = `bitcast<f32>(memory[${name}])`;
        const value = text.define(there === undefined ? load : `select(0.0f, ${load}, ${there})`, "a");
        for (const j of groups) {
          const { first } = sums[i]![j]!;
          text.add(`${first} = fma(${isWide ? `vec4<f32>(${value})` : value}, ${values[j]!}, ${first});`);
        }
      }
      for (const { name } of rows) text.add(`${name} += ${leftStep >>> 0}u;`);
      for (const { name } of columns) text.add(`${name} += ${rightStep >>> 0}u;`);
    };
    const t = text.name("t");
    if (count <= chain) {
      if (actual === "1u") term();
      else text.add(`for (var ${t} = 0u; ${t} < ${actual}; ${t}++) {\n${text.apart(term)}\n}`);
      fold();
      return;
    }
    const end = text.name("end");
    text.add(
      `for (var ${t} = 0u; ${t} < ${actual};) {`,
      `for (let ${end} = min(${t} + ${chain}u, ${actual}); ${t} < ${end}; ${t}++) {\n${text.apart(term)}\n}`,
      text.apart(fold),
      "}",
    );
  });
  return sums.map((row) =>
    row.flatMap(({ total }) => {
      const name = text.define(total, "sum");
      return isWide ? [0, 1, 2, 3].map((c) => `${name}[${c}]`) : [name];
    }),
  );
}

/** Where the tile of a thread goes. */
export interface Goal {
  /** Where the first number of its own is, and how many words further the next row is. */
  readonly start: string;
  readonly rowStep: number;
  /** Its first row and column, and how many there are. */
  readonly top: string;
  readonly left: string;
  readonly rows: number;
  readonly columns: number;
}

/** Adds code that writes the sums of a tile, as far as there are rows and columns. */
export function writeTile(
  text: Text,
  sums: readonly (readonly string[])[],
  { height, width }: Size,
  { start, rowStep, top, left, rows, columns }: Goal,
): void {
  for (const [i, row] of sums.entries()) {
    const line = i === 0 ? start : text.define(`${start} + ${i * rowStep}u`, "at");
    for (const [j, value] of row.entries()) {
      const inside = [
        ...(rows % height === 0 || i === 0 ? [] : [`${top} + ${i}u < ${rows}u`]),
        ...(columns % width === 0 || j === 0 ? [] : [`${left} + ${j}u < ${columns}u`]),
      ];
      const write = `memory[${line} + ${j}u] = bitcast<u32>(${value});`;
      text.add(inside.length === 0 ? write : `if (${inside.join(" && ")}) { ${write} }`);
    }
  }
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

/** The size of tiles, and in how many parts sums are made, for `batch` results of some rows and columns. */
export function divide(
  onProcessor: boolean,
  batch: number,
  rows: number,
  columns: number,
  depth: number,
): Size & { readonly parts: number } {
  const largest = onProcessor ? 8 : 4;
  const side = (length: number): number => (length >= largest ? largest : length >= 4 ? 4 : 1);
  const [height, width] = [side(rows), side(columns)];
  const tiles = batch * Math.ceil(rows / height) * Math.ceil(columns / width);
  const many = onProcessor ? manyThreads.processor : manyThreads.gpu;
  const parts = Math.max(1, Math.min(Math.ceil(depth / shortestPart), Math.ceil(many / tiles)));
  return { height, width, parts };
}

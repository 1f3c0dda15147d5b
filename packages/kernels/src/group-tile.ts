// Products that a workgroup makes together: slabs of both sides, sixteen terms thick, are read once into the memory of the group, from where
// each thread adds them up in registers. What a GPU reads least for a multiplication; a processor would wait more than it saves.
import { chain, chains, iterationsFor, levelsFor } from "./chains.ts";
import type { Text } from "./text.ts";
import type { Size } from "./tile.ts";

/** A workgroup: its threads, down and across, and the tile of each; and in how many parts sums are made. */
export interface GroupTile extends Size {
  readonly down: number;
  readonly across: number;
  readonly parts: number;
}

/** Tiles of 128 x 64, 64 x 64 and 32 x 32: with slabs of 12, 8 and 4 KiB. */
const shapes = [
  { down: 16, across: 16, height: 8, width: 4 },
  { down: 16, across: 16, height: 4, width: 4 },
  { down: 8, across: 8, height: 4, width: 4 },
] as const;

/** Workgroups that keep a GPU busy, and the most of a larger tile that may lie beyond the last row and column. */
const [manyGroups, mostBeyond] = [128, 0.25];
/** Terms of a part of a sum at least, and at most: three chains hold as many. */
const [shortestPart, longestPart] = [256, chain ** 3];
/** Rows and columns from which on threads share what they read. */
const fewLines = 32;

/** The largest tile that suits `batch` results of some rows and columns; undefined where threads better read for themselves. */
export function groupTileFor(batch: number, rows: number, columns: number, depth: number): GroupTile | undefined {
  if (rows < fewLines || columns < fewLines || depth < chain) return undefined;
  for (const shape of shapes) {
    const [high, wide] = [shape.down * shape.height, shape.across * shape.width];
    const tiles = batch * Math.ceil(rows / high) * Math.ceil(columns / wide);
    const most = Math.max(1, Math.floor(depth / shortestPart));
    const isLast = shape === shapes.at(-1);
    const beyond = 1 - (batch * rows * columns) / (tiles * high * wide);
    if (!isLast && (tiles * most < manyGroups || beyond > mostBeyond)) continue;
    const wanted = Math.min(most, Math.ceil(manyGroups / tiles));
    return { ...shape, parts: Math.max(wanted, Math.ceil(depth / longestPart)) };
  }
  return undefined;
}

/** One side of a product: lines of terms, somewhere in memory. Code is added for a line, for a term, and for where the two meet. */
export interface Source {
  /** Where four numbers lie side by side as a vector: terms of a line from a multiple of four on, or one term of four such lines. */
  readonly along?: "terms" | "lines" | undefined;
  /** How many lines there are. */
  readonly lines: number;
  /** Adds what the terms of a line share; its names. */
  line(line: string): readonly string[];
  /** Adds what a term is in all lines; its names. */
  term(term: string): readonly string[];
  /** Where the term of a line is, and whether it is there, if it may be missing: it counts as zero. */
  at(line: readonly string[], term: readonly string[]): { readonly address: string; readonly isThere?: string };
}

/** What a workgroup adds up. */
export interface GroupTerms {
  readonly left: Source;
  readonly right: Source;
  /** The first line of either side in the tile. */
  readonly top: string;
  readonly leftmost: string;
  /** The first term and the end, which are the same for all threads of the group. */
  readonly first: string;
  readonly end: string;
  /** How many terms these are at most, and whether all slabs are whole. */
  readonly count: number;
  readonly isWhole: boolean;
}

const four = [0, 1, 2, 3];

/** A side as threads bring it into memory of the group: what they know of their lines before the first slab, and the code for a slab. */
function slabOf(text: Text, source: Source, first: string, lines: number, threads: number) {
  const quads = lines / 4;
  const { along } = source;
  // Four lines by four terms, turned around on the way; or one term of four lines.
  const pieces = along === "terms" ? quads * (chain / 4) : quads * chain;
  const shared = text.share(quads * chain);
  const last = source.lines - (along === "lines" ? 4 : 1);
  const within = source.lines % lines === 0;
  const own = Array.from({ length: Math.ceil(pieces / threads) }, (_, i) => {
    const piece = i === 0 ? "local" : text.define(`local + ${i * threads}u`, "piece");
    const perRow = along === "terms" ? chain / 4 : quads;
    const [row, column] = [text.define(`${piece} / ${perRow}u`), text.define(`${piece} % ${perRow}u`)];
    const [quad, term] = along === "terms" ? [row, text.define(`${column} * 4u`)] : [column, row];
    const names = (along === "lines" ? [0] : four).map((k) => {
      const line = `${first} + ${quad} * 4u${k === 0 ? "" : ` + ${k}u`}`;
      return source.line(text.define(within ? line : `min(${line}, ${last}u)`, "line"));
    });
    return { piece, quad, term, names };
  });
  /** Adds code that brings the terms from `slab` on. */
  const bring = (slab: string, end: string, isWhole: boolean): void => {
    for (const { piece, quad, term, names } of own) {
      if (pieces < threads) text.add(`if (${piece} < ${pieces}u) {`);
      const number = text.define(`${slab} + ${term}`, "term");
      const isTerm = isWhole ? undefined : text.define(`${number} < ${end}`, "there");
      // Beyond the last term the first of the part is read, which is there.
      const known = source.term(isTerm === undefined ? number : text.define(`select(${slab}, ${number}, ${isTerm})`));
      const values = names.map((name) => {
        const { address, isThere } = source.at(name, known);
        const conditions = [isTerm, isThere].filter((condition) => condition !== undefined);
        const [type, value] =
          along === undefined
            ? ["f32", `bitcast<f32>(${text.word(address)})`]
            : ["vec4<f32>", `bitcast<vec4<f32>>(${text.vector(address)})`];
        return text.define(
          conditions.length === 0 ? value : `select(${type}(), ${value}, ${conditions.join(" && ")})`,
          "x",
        );
      });
      const store = (t: number, value: string): void => {
        text.add(`${shared}[(${term}${t === 0 ? "" : ` + ${t}u`}) * ${quads}u + ${quad}] = ${value};`);
      };
      if (along === "lines") store(0, values[0]!);
      else if (along === undefined) store(0, `vec4<f32>(${values.join(", ")})`);
      else for (const t of four) store(t, `vec4<f32>(${values.map((value) => `${value}[${t}]`).join(", ")})`);
      if (pieces < threads) text.add("}");
    }
  };
  return { shared, quads, bring };
}

/** Adds code that sums up the tile of each thread of a workgroup; the names of its sums: of each row, vectors of columns. */
export function sumGroupTile(
  text: Text,
  { down, across, height, width }: GroupTile,
  { left, right, top, leftmost, first, end, count, isWhole }: GroupTerms,
): string[][] {
  const threads = down * across;
  text.takes(iterationsFor(count + chain));
  const rows = Array.from({ length: height }, (_, i) => i);
  const groups = Array.from({ length: width / 4 }, (_, j) => j);
  const a = slabOf(text, left, top, down * height, threads);
  const b = slabOf(text, right, leftmost, across * width, threads);
  const levels = levelsFor(count);
  const sums = rows.map((i) => groups.map((j) => chains(`sum${i}_${j}`, "vec4<f32>()", levels)));
  for (const row of sums) text.add(...row.map(({ declare }) => declare));
  const [slab, k, n] = [text.name("slab"), text.name("k"), text.name("n")];
  if (levels > 1) text.add(`var ${n} = 0;`);
  const quad = (tile: string, vectors: number): string => (vectors === 1 ? tile : `${tile} * ${vectors}u`);
  const startA = text.define(quad(`(local / ${across}u)`, height / 4), "own");
  const startB = text.define(quad(`(local % ${across}u)`, width / 4), "own");
  text.add(`for (var ${slab} = ${first}; ${slab} < ${end}; ${slab} += ${chain}u) {`);
  a.bring(slab, end, isWhole);
  b.bring(slab, end, isWhole);
  text.add("workgroupBarrier();", `for (var ${k} = 0u; ${k} < ${chain}u; ${k}++) {`);
  const lefts = Array.from({ length: height / 4 }, (_, q) =>
    text.define(`${a.shared}[${k} * ${a.quads}u + ${startA} + ${q}u]`, "a"),
  );
  const rights = groups.map((j) => text.define(`${b.shared}[${k} * ${b.quads}u + ${startB} + ${j}u]`, "b"));
  for (const i of rows) {
    for (const j of groups) {
      const sum = sums[i]![j]!.first;
      text.add(`${sum} = fma(vec4<f32>(${lefts[i >> 2]}[${i % 4}]), ${rights[j]}, ${sum});`);
    }
  }
  text.add("}");
  if (levels > 1) {
    text.add(`${n} += ${chain};`);
    for (const row of sums) text.add(...row.map((sum) => sum.fold(n)));
  }
  text.add("workgroupBarrier();", "}");
  return sums.map((row) => row.map(({ total }) => text.define(total, "sum")));
}

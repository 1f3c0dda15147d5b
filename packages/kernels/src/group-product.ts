// A product that workgroups make, whatever its sides are read from: matrices, or images and what slides over them.
import { chain } from "./chains.ts";
import type { Ending } from "./ending.ts";
import { type GroupTile, type Source, sumGroupTile } from "./group-tile.ts";
import { indices } from "./nest.ts";
import type { Printer } from "./printer.ts";
import { productInParts } from "./product-parts.ts";
import type { Launch, Text } from "./text.ts";
import { endTile } from "./tile.ts";

/** A batch of products, of which elements lie where the result has them. */
export interface GroupProduct {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Of the whole result, and from one row of a product to the next. */
  readonly results: number;
  readonly rowStep: number;
  /** From one product to the next. */
  readonly step: number;
  /** The sides of a product. `text.isWide` says whether memory is read as vectors. */
  readonly left: (text: Text, product: string) => Source;
  readonly right: (text: Text, product: string) => Source;
}

export function printGroupProduct(
  printer: Printer,
  tile: GroupTile,
  { batch, rows, columns, depth, results, rowStep, step, left, right }: GroupProduct,
  ending: Ending,
  label: string,
): Launch[] {
  const together = { height: tile.down * tile.height, width: tile.across * tile.width };
  const [down, across] = [Math.ceil(rows / together.height), Math.ceil(columns / together.width)];
  const span = tile.parts === 1 ? depth : Math.ceil(depth / tile.parts / chain) * chain;
  const parts = Math.ceil(depth / span);
  const { ending: own, launches } = productInParts(printer, [1, parts, results], ending, label);
  const text = printer.text();
  text.isWide = columns % 4 === 0 && own.isInFours && [results, rowStep, step].every((words) => words % 4 === 0);
  const [z, part, y, x] = indices(text, "index", [batch, parts, down, across]) as [string, string, string, string];
  const [top, leftmost, first] = [
    text.define(`${y} * ${together.height}u`, "first"),
    text.define(`${x} * ${together.width}u`, "first"),
    text.define(`${part} * ${span}u`, "from"),
  ];
  const end = parts * span === depth ? `${first} + ${span}u` : `min(${first} + ${span}u, ${depth}u)`;
  const sums = sumGroupTile(text, tile, {
    left: left(text, z),
    right: right(text, z),
    top,
    leftmost,
    first,
    end: text.define(end, "end"),
    count: span,
    isWhole: depth % chain === 0,
  });
  const row = text.define(`${top} + local / ${tile.across}u * ${tile.height}u`);
  const column = text.define(`${leftmost} + local % ${tile.across}u * ${tile.width}u`);
  const start = text.define(`${part} * ${results}u + ${z} * ${step}u + ${row} * ${rowStep}u + ${column}`);
  endTile(text, sums, tile, { start, rowStep, top: row, left: column, rows, columns, together }, own);
  return launches(text.launchGroups(label, batch * parts * down * across, tile.down * tile.across));
}

/** A side that is a matrix: `start`, and how many words further the next line and the next term are. */
export function matrix(
  text: Text,
  lines: number,
  start: string,
  lineStep: number,
  termStep: number,
  isAligned: boolean,
): Source {
  const along = lineStep === 1 ? "lines" : termStep === 1 ? "terms" : undefined;
  const vectors = text.isWide && isAligned && (lineStep === 1 ? termStep : lineStep) % 4 === 0;
  return {
    lines,
    along: vectors && (along === "terms" || lines % 4 === 0) ? along : undefined,
    line: (line) => [text.define(`${start} + ${line} * ${lineStep}u`, "at")],
    term: (term) => [`${term} * ${termStep}u`],
    at: ([line], [term]) => ({ address: `${line} + ${term}` }),
  };
}

// Products of matrices: each thread makes a tile of the result, by itself or with those of its workgroup; long sums are made in parts, which are
// then added up.
import { sizeOf } from "@hooke/runtime";
import { chain } from "./chains.ts";
import { written } from "./ending.ts";
import { groupTileFor, sumGroupTile } from "./group-tile.ts";
import { indices } from "./nest.ts";
import { isAligned, type Pointer } from "./pointer.ts";
import { reduceMiddle } from "./reduction.ts";
import type { Product } from "./routine.ts";
import type { Launch } from "./text.ts";
import { divide, endTile, linesOf, type Side, sumTile } from "./tile.ts";

export function printDot(product: Product<"dot">): Launch[] {
  const { printer, node, operands, label } = product;
  const { transposeA, transposeB } = node.params;
  const [a, b] = operands as [Pointer, Pointer];
  const shape = node.outputs[0]!.shape;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const depth = node.inputs[0]!.shape.at(transposeA ? -2 : -1)!;
  const batch = sizeOf(shape.slice(0, -2));
  if (batch * rows * columns === 0) return [];
  const { onProcessor } = printer.traits;
  const group = onProcessor ? undefined : groupTileFor(batch, rows, columns, depth);
  const { parts: wanted, ...size } = group ?? divide(onProcessor, batch, rows, columns, depth);
  const [high, wide] = group ? [group.down * group.height, group.across * group.width] : [size.height, size.width];
  const [down, across] = [Math.ceil(rows / high), Math.ceil(columns / wide)];
  const span = wanted === 1 ? depth : Math.ceil(depth / wanted / chain) * chain;
  const parts = wanted === 1 ? 1 : Math.ceil(depth / span);
  const partial = printer.scratch(parts === 1 ? 0 : batch * parts * rows * columns);
  const ending = parts === 1 ? product.ending : written(partial);
  const text = printer.text();
  const place = indices(text, "index", [batch, parts, down, across]) as [string, string, string, string];
  const [z, part, y, x] = place;
  const [rowStep, leftStep] = transposeA ? [1, rows] : [depth, 1];
  const [columnStep, rightStep] = transposeB ? [depth, 1] : [1, columns];
  const from = text.define(`${part} * ${span}u`, "from");
  text.isWide = columns % 4 === 0 && size.width % 4 === 0 && ending.isInFours;
  const vectors = (pointer: Pointer, alongTerms: boolean, lines: number, side: number): Side["along"] => {
    if (!text.isWide || !isAligned(pointer, alongTerms ? depth : lines)) return undefined;
    return alongTerms ? "terms" : side % 4 === 0 ? "lines" : undefined;
  };
  const [alongA, alongB] = [vectors(a, !transposeA, rows, size.height), vectors(b, transposeB, columns, size.width)];
  const tile = group === undefined ? alone() : together(group);
  const start = text.define(
    `(${z} * ${parts}u + ${part}) * ${rows * columns}u + ${tile.top} * ${columns}u + ${tile.left}`,
  );
  const goal = { start, rowStep: columns, rows, columns, together: { height: high, width: wide } };
  endTile(text, tile.sums, size, { ...goal, top: tile.top, left: tile.left }, ending);
  const tiles = batch * parts * down * across;
  const launch =
    group === undefined ? text.launch(label, tiles) : text.launchGroups(label, tiles, group.down * group.across);
  if (parts === 1) return [launch];
  const sizes = [batch, parts, rows * columns] as const;
  return [launch, ...reduceMiddle(printer, "sum", "f32", sizes, partial, product.ending, `${label}, parts`)];

  /** The tile of a thread that reads for itself. */
  function alone() {
    const own = linesOf(text, y, size.height, rows);
    const others = linesOf(text, x, size.width, columns);
    const startA = text.define(`${text.pointer(a)} + ${z} * ${rows * depth}u + ${from} * ${leftStep}u`);
    const startB = text.define(`${text.pointer(b)} + ${z} * ${columns * depth}u + ${from} * ${rightStep}u`);
    const sums = sumTile(text, size, {
      runs: 1,
      count: span,
      each: (run) =>
        run({
          left: { at: own.map((row) => `${startA} + ${row} * ${rowStep}u`), step: leftStep, along: alongA },
          right: {
            at: others.map((column) => `${startB} + ${column} * ${columnStep}u`),
            step: rightStep,
            along: alongB,
          },
          count: span,
          // The last part may be shorter.
          ...(parts * span === depth
            ? {}
            : { actual: text.define(`min(${span}u, ${depth}u - ${from})`), isWhole: depth % 4 === 0 }),
        }),
    });
    return { sums, top: own[0], left: others[0] };
  }

  /** The tile of a thread among those of its workgroup. */
  function together(group: NonNullable<ReturnType<typeof groupTileFor>>) {
    const [first, leftmost] = [text.define(`${y} * ${high}u`, "first"), text.define(`${x} * ${wide}u`, "first")];
    const side = (pointer: Pointer, lines: number, lineStep: number, termStep: number, along: Side["along"]) => {
      const start = text.define(`${text.pointer(pointer)} + ${z} * ${lines * depth}u`);
      return {
        lines,
        along,
        line: (line: string) => [text.define(`${start} + ${line} * ${lineStep}u`, "at")],
        term: (term: string) => [`${term} * ${termStep}u`],
        at: ([line]: readonly string[], [term]: readonly string[]) => ({ address: `${line} + ${term}` }),
      };
    };
    const sums = sumGroupTile(text, group, {
      left: side(a, rows, rowStep, leftStep, alongA),
      right: side(b, columns, columnStep, rightStep, alongB),
      top: first,
      leftmost,
      first: from,
      end:
        parts * span === depth
          ? text.define(`${from} + ${span}u`, "end")
          : text.define(`min(${from} + ${span}u, ${depth}u)`, "end"),
      count: span,
      isWhole: depth % chain === 0,
    });
    const top = text.define(`${first} + local / ${group.across}u * ${group.height}u`);
    return { sums, top, left: text.define(`${leftmost} + local % ${group.across}u * ${group.width}u`) };
  }
}

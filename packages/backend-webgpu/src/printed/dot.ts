// Products of matrices: each thread makes a tile of the result; long sums are made in parts, which are then added up.
import { sizeOf } from "@hooke/runtime";
import { chain } from "./chains.ts";
import { indices } from "./nest.ts";
import { isAligned, type Pointer } from "./pointer.ts";
import { reduceMiddle } from "./reduction.ts";
import type { Routine } from "./routine.ts";
import type { Launch } from "./text.ts";
import { divide, linesOf, type Side, sumTile, writeTile } from "./tile.ts";

export function printDot({ printer, node, operands, output, label }: Routine<"dot">): Launch[] {
  const { transposeA, transposeB } = node.params;
  const [a, b] = operands as [Pointer, Pointer];
  const shape = node.outputs[0]!.shape;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const depth = node.inputs[0]!.shape.at(transposeA ? -2 : -1)!;
  const batch = sizeOf(shape.slice(0, -2));
  if (batch * rows * columns === 0) return [];
  const { parts: wanted, ...size } = divide(printer.traits.onProcessor, batch, rows, columns, depth);
  const [down, across] = [Math.ceil(rows / size.height), Math.ceil(columns / size.width)];
  const span = wanted === 1 ? depth : Math.ceil(depth / wanted / chain) * chain;
  const parts = wanted === 1 ? 1 : Math.ceil(depth / span);
  const target = parts === 1 ? output : printer.scratch(batch * parts * rows * columns);
  const text = printer.text();
  const place = indices(text, "index", [batch, parts, down, across]) as [string, string, string, string];
  const [z, part, y, x] = place;
  const [rowStep, leftStep] = transposeA ? [1, rows] : [depth, 1];
  const [columnStep, rightStep] = transposeB ? [depth, 1] : [1, columns];
  const own = linesOf(text, y, size.height, rows);
  const others = linesOf(text, x, size.width, columns);
  const from = text.define(`${part} * ${span}u`, "from");
  const startA = text.define(`${text.pointer(a)} + ${z} * ${rows * depth}u + ${from} * ${leftStep}u`);
  const startB = text.define(`${text.pointer(b)} + ${z} * ${columns * depth}u + ${from} * ${rightStep}u`);
  text.isWide = columns % 4 === 0 && size.width % 4 === 0 && isAligned(target);
  const vectors = (pointer: Pointer, alongTerms: boolean, lines: number, side: number): Side["along"] => {
    if (!text.isWide || !isAligned(pointer, alongTerms ? depth : lines)) return undefined;
    return alongTerms ? "terms" : side % 4 === 0 ? "lines" : undefined;
  };
  const sums = sumTile(text, size, {
    runs: 1,
    count: span,
    each: (run) =>
      run({
        left: {
          at: own.map((row) => `${startA} + ${row} * ${rowStep}u`),
          step: leftStep,
          along: vectors(a, !transposeA, rows, size.height),
        },
        right: {
          at: others.map((column) => `${startB} + ${column} * ${columnStep}u`),
          step: rightStep,
          along: vectors(b, transposeB, columns, size.width),
        },
        count: span,
        // The last part may be shorter.
        ...(parts * span === depth
          ? {}
          : { actual: text.define(`min(${span}u, ${depth}u - ${from})`), isWhole: depth % 4 === 0 }),
      }),
  });
  const [top, left] = [own[0], others[0]];
  const start = text.define(
    `${text.pointer(target)} + (${z} * ${parts}u + ${part}) * ${rows * columns}u + ${top} * ${columns}u + ${left}`,
  );
  writeTile(text, sums, size, { start, rowStep: columns, top, left, rows, columns });
  const launch = text.launch(label, batch * parts * down * across);
  if (parts === 1) return [launch];
  const sizes = [batch, parts, rows * columns] as const;
  return [launch, ...reduceMiddle(printer, "sum", "f32", sizes, target, output, `${label}, parts`)];
}

// Products of matrices: each thread makes a tile of the result; long sums are made in parts, which are then added up.
import { sizeOf } from "@hooke/runtime";
import { indices } from "./nest.ts";
import type { Pointer } from "./pointer.ts";
import { reduceMiddle } from "./reduction.ts";
import type { Routine } from "./routine.ts";
import type { Launch } from "./text.ts";
import { divide, linesOf, sumTile, writeTile } from "./tile.ts";

export function printDot({ printer, node, operands, output, label }: Routine<"dot">): Launch[] {
  const { transposeA, transposeB } = node.params;
  const [a, b] = operands as [Pointer, Pointer];
  const shape = node.outputs[0]!.shape;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const depth = node.inputs[0]!.shape.at(transposeA ? -2 : -1)!;
  const batch = sizeOf(shape.slice(0, -2));
  if (batch * rows * columns === 0) return [];
  const { parts, ...size } = divide(printer.traits.onProcessor, batch, rows, columns, depth);
  const [down, across] = [Math.ceil(rows / size.height), Math.ceil(columns / size.width)];
  const span = Math.ceil(depth / parts);
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
  const sums = sumTile(text, size, {
    runs: 1,
    count: span,
    each: (run) =>
      run({
        left: own.map((row) => `${startA} + ${row} * ${rowStep}u`),
        right: others.map((column) => `${startB} + ${column} * ${columnStep}u`),
        leftStep,
        rightStep,
        count: span,
        // Parts are rounded up: the last may be shorter, or have nothing.
        ...(parts * span === depth ? {} : { actual: text.define(`min(${span}u, max(${depth}u, ${from}) - ${from})`) }),
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

// Products of matrices: each thread makes a tile of the result, by itself or with those of its workgroup; long sums are made in parts, which are
// then added up.
import { sizeOf } from "@hooke/runtime";
import { chain } from "./chains.ts";
import { matrix, printGroupProduct } from "./group-product.ts";
import { groupTileFor } from "./group-tile.ts";
import { indices } from "./nest.ts";
import { isAligned, type Pointer } from "./pointer.ts";
import { productInParts } from "./product-parts.ts";
import type { Product } from "./routine.ts";
import type { Launch, Text } from "./text.ts";
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
  const [rowStep, leftStep] = transposeA ? [1, rows] : [depth, 1];
  const [columnStep, rightStep] = transposeB ? [depth, 1] : [1, columns];
  const { onProcessor } = printer.traits;
  const tile = onProcessor ? undefined : groupTileFor(batch, rows, columns, depth);
  if (tile !== undefined) {
    const side = (pointer: Pointer, lines: number, lineStep: number, termStep: number) => (text: Text, z: string) => {
      const start = text.define(`${text.pointer(pointer)} + ${z} * ${lines * depth}u`);
      return matrix(text, lines, start, lineStep, termStep, isAligned(pointer, lines * depth));
    };
    const results = batch * rows * columns;
    const sides = { left: side(a, rows, rowStep, leftStep), right: side(b, columns, columnStep, rightStep) };
    const whole = { batch, rows, columns, depth, results, rowStep: columns, step: rows * columns, ...sides };
    return printGroupProduct(printer, tile, whole, product.ending, label);
  }
  const { parts: wanted, ...size } = divide(onProcessor, batch, rows, columns, depth);
  const [down, across] = [Math.ceil(rows / size.height), Math.ceil(columns / size.width)];
  const span = wanted === 1 ? depth : Math.ceil(depth / wanted / chain) * chain;
  const parts = wanted === 1 ? 1 : Math.ceil(depth / span);
  const { ending, launches } = productInParts(printer, [batch, parts, rows * columns], product.ending, label);
  const text = printer.text();
  const place = indices(text, "index", [batch, parts, down, across]) as [string, string, string, string];
  const [z, part, y, x] = place;
  const own = linesOf(text, y, size.height, rows);
  const others = linesOf(text, x, size.width, columns);
  const from = text.define(`${part} * ${span}u`, "from");
  const startA = text.define(`${text.pointer(a)} + ${z} * ${rows * depth}u + ${from} * ${leftStep}u`);
  const startB = text.define(`${text.pointer(b)} + ${z} * ${columns * depth}u + ${from} * ${rightStep}u`);
  text.isWide = columns % 4 === 0 && size.width % 4 === 0 && ending.isInFours;
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
  const start = text.define(`(${z} * ${parts}u + ${part}) * ${rows * columns}u + ${top} * ${columns}u + ${left}`);
  endTile(text, sums, size, { start, rowStep: columns, top, left, rows, columns }, ending);
  return launches(text.launch(label, batch * parts * down * across));
}

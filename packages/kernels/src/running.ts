// Running sums: each entry sums those up to itself in its block of sixteen, and before it as the running sum of the blocks' totals says.
import { type DType, sizeOf } from "@hooke/runtime";
import { chain } from "./chains.ts";
import { indices } from "./nest.ts";
import type { Pointer } from "./pointer.ts";
import type { Printer } from "./printer.ts";
import type { Routine } from "./routine.ts";
import { fromWord, type Launch, literal, type Text, toWord } from "./text.ts";

interface Lines {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  readonly from: Pointer;
  /** Whether sums begin at the end. */
  readonly reverse: boolean;
}

export function printCumsum({ printer, node, operands, output, label }: Routine<"cumsum">): Launch[] {
  const { shape, dtype } = node.inputs[0]!;
  const { axis, reverse } = node.params;
  const [outer, length, inner] = [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
  if (outer * length * inner === 0) return [];
  return cumulate(printer, dtype, { outer, length, inner, from: operands[0]!, reverse }, output, label);
}

function cumulate(printer: Printer, dtype: DType, lines: Lines, to: Pointer, label: string): Launch[] {
  const { outer, length, inner, from, reverse } = lines;
  const blocks = Math.ceil(length / chain);
  /** The place of an entry, counted from where sums begin. */
  const at = (text: Text, pointer: Pointer, o: string, k: string, i: string): string => {
    const place = reverse ? `(${length - 1}u - ${k})` : k;
    return `${text.pointer(pointer)} + (${o} * ${length}u + ${place}) * ${inner}u + ${i}`;
  };
  /** Adds the sum from one entry to before another; its name. */
  const sum = (text: Text, o: string, i: string, first: string, end: string): string => {
    const total = text.name("total");
    text.add(
      `var ${total} = ${literal(dtype, 0)};`,
      `for (var k = ${first}; k < ${end}; k++) { ${total} += ${fromWord(dtype, `memory[${at(text, from, o, "k", i)}]`)}; }`,
    );
    return total;
  };
  const launches: Launch[] = [];
  let before: Pointer | undefined;
  if (blocks > 1) {
    const totals = printer.scratch(outer * blocks * inner);
    before = printer.scratch(outer * blocks * inner);
    const text = printer.text();
    const [o, block, i] = indices(text, "index", [outer, blocks, inner]) as [string, string, string];
    const first = text.define(`${block} * ${chain}u`);
    const total = sum(text, o, i, first, `min(${first} + ${chain}u, ${length}u)`);
    text.add(`memory[${text.pointer(totals)} + index] = ${toWord(dtype, total)};`);
    launches.push(text.launch(`${label}, totals of blocks`, outer * blocks * inner));
    const rest = { outer, length: blocks, inner, from: totals, reverse: false };
    launches.push(...cumulate(printer, dtype, rest, before, label));
  }
  const text = printer.text();
  const [o, k, i] = indices(text, "index", [outer, length, inner]) as [string, string, string];
  const block = text.define(`${k} / ${chain}u`);
  const total = sum(text, o, i, `${block} * ${chain}u`, `${k} + 1u`);
  if (before !== undefined) {
    const word = `memory[${text.pointer(before)} + (${o} * ${blocks}u + ${block} - 1u) * ${inner}u + ${i}]`;
    text.add(`if (${block} > 0u) { ${total} += ${fromWord(dtype, word)}; }`);
  }
  text.add(`memory[${at(text, to, o, k, i)}] = ${toWord(dtype, total)};`);
  return [...launches, text.launch(label, outer * length * inner)];
}

// Orders of rows: lists of 256 are ordered by counting, for each entry, those before it; then lists are merged in pairs.
import { type DType, sizeOf } from "@hooke/runtime";
import { indices } from "./nest.ts";
import type { Pointer } from "./pointer.ts";
import type { Printer } from "./printer.ts";
import type { Routine } from "./routine.ts";
import { fromWord, type Launch, type Text } from "./text.ts";

/** Entries of a list that is ordered at once. */
const short = 256;

/** Adds code of the key of an entry, which is ordered as `i32` is; its name. */
export type KeyOf = (text: Text, row: string, place: string) => string;

/** Launches that find the places of the entries of each row in ascending order, equal ones in theirs; where these are. */
export function printOrder(
  printer: Printer,
  rows: number,
  length: number,
  keyOf: KeyOf,
  label: string,
): { readonly launches: Launch[]; readonly order: Pointer } {
  const [first, second] = [printer.scratch(rows * length), length > short ? printer.scratch(rows * length) : undefined];
  const text = printer.text();
  const [row, place] = indices(text, "index", [rows, length]) as [string, string];
  const own = keyOf(text, row, place);
  const start = text.define(`${place} / ${short}u * ${short}u`);
  text.add(
    `var rank = ${start};`,
    `for (var i = ${start}; i < min(${start} + ${short}u, ${length}u); i++) {`,
    text.apart(() => {
      const other = keyOf(text, row, "i");
      text.add(`rank += u32(${other} < ${own} || (${other} == ${own} && i < ${place}));`);
    }),
    "}",
    `memory[${text.pointer(first)} + ${row} * ${length}u + rank] = ${place};`,
  );
  const launches = [text.launch(label, rows * length)];
  let [from, to] = [first, second];
  for (let span = short; span < length; span *= 2) {
    launches.push(printMerge(printer, rows, length, span, keyOf, from, to!, label));
    [from, to] = [to!, from];
  }
  return { launches, order: from };
}

/** Merges lists of some length in pairs: an entry moves by as many of the other list as come before it. */
function printMerge(
  printer: Printer,
  rows: number,
  length: number,
  span: number,
  keyOf: KeyOf,
  from: Pointer,
  to: Pointer,
  label: string,
): Launch {
  const text = printer.text();
  const [row, place] = indices(text, "index", [rows, length]) as [string, string];
  const list = text.define(`${text.pointer(from)} + ${row} * ${length}u`);
  const entry = text.define(`memory[${list} + ${place}]`);
  const own = keyOf(text, row, entry);
  const start = text.define(`${place} / ${2 * span}u * ${2 * span}u`);
  text.add(
    `let middle = min(${start} + ${span}u, ${length}u);`,
    `let isLeft = ${place} < middle;`,
    `var low = select(${start}, middle, isLeft);`,
    `var high = select(middle, min(${start} + ${2 * span}u, ${length}u), isLeft);`,
    "while (low < high) {",
    "let half = (low + high) / 2u;",
    text.apart(() => {
      const other = keyOf(text, row, text.define(`memory[${list} + half]`));
      text.add(`if (${other} < ${own} || (!isLeft && ${other} == ${own})) { low = half + 1u; } else { high = half; }`);
    }),
    "}",
    `memory[${text.pointer(to)} + ${row} * ${length}u + ${place} + low - middle] = ${entry};`,
  );
  return text.launch(label, rows * length);
}

/** An element as a whole number of the same order, NaN last. */
function key(text: Text, dtype: DType, word: string): string {
  const value = text.define(fromWord(dtype, word));
  if (dtype === "f32") return text.define(`select(order(${value}), 0x7fffffff, isnan(${value}))`);
  if (dtype === "u32") return text.define(`bitcast<i32>(${value} ^ 0x80000000u)`);
  return text.define(dtype === "bool" ? `i32(${value})` : value);
}

/** How an axis lies in an array: row `[outer, inner]`, place along the axis. */
function lineOf(shape: readonly number[], axis: number) {
  const [outer, length, inner] = [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
  const at = (row: string, place: string): string =>
    inner === 1
      ? `${row} * ${length}u + ${place}`
      : `${row} / ${inner}u * ${length * inner}u + ${place} * ${inner}u + ${row} % ${inner}u`;
  return { rows: outer * inner, length, at };
}

export function printSort({ printer, node, operands, output, label }: Routine<"sort"> | Routine<"argSort">): Launch[] {
  const { shape, dtype } = node.inputs[0]!;
  const { rows, length, at } = lineOf(shape, node.params.axis);
  if (rows * length === 0) return [];
  const from = operands[0]!;
  const { launches, order } = printOrder(
    printer,
    rows,
    length,
    (text, row, place) => key(text, dtype, `memory[${text.pointer(from)} + ${at(row, place)}]`),
    label,
  );
  const text = printer.text();
  const [row, place] = indices(text, "index", [rows, length]) as [string, string];
  const entry = text.define(`memory[${text.pointer(order)} + index]`);
  const word = node.primitive === "sort" ? `memory[${text.pointer(from)} + ${at(row, entry)}]` : entry;
  text.add(`memory[${text.pointer(output)} + ${at(row, place)}] = ${word};`);
  return [...launches, text.launch(label, rows * length)];
}

/** The first index of each row's maximum. */
export function printArgMax({ printer, node, operands, output, label }: Routine<"argMax">): Launch[] {
  const { shape, dtype } = node.inputs[0]!;
  const { rows, length, at } = lineOf(shape, node.params.axis);
  if (rows === 0) return [];
  const text = printer.text();
  const word = (place: string): string => `memory[${text.pointer(operands[0]!)} + ${at("index", place)}]`;
  text.takes(length);
  text.add("var best = 0u;", `var most = ${key(text, dtype, word("0u"))};`);
  text.add(
    `for (var i = 1u; i < ${length}u; i++) {`,
    text.apart(() => {
      const other = key(text, dtype, word("i"));
      text.add(`if (${other} > most) { most = ${other}; best = i; }`);
    }),
    "}",
    `memory[${text.pointer(output)} + index] = best;`,
  );
  return [text.launch(label, rows)];
}

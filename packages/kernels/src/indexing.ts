// Rows read at indices, and updates added up at indices: these are sorted by index first, then the run of each row is summed in short
// chains, so that sums have the same bits every time.
import { type DType, sizeOf } from "@hooke/runtime";
import { reduceInto } from "./accumulate.ts";
import { indices as indicesOf, moved } from "./nest.ts";
import type { Pointer } from "./pointer.ts";
import { partsOf, reduceMiddle } from "./reduction.ts";
import type { Routine } from "./routine.ts";
import { printOrder } from "./sorting.ts";
import { fromWord, type Launch, toWord } from "./text.ts";

export function printGather({ printer, node, operands, output, label }: Routine<"gather">): Launch[] {
  const [x, indices] = node.inputs;
  const { axis } = node.params;
  const [length, count] = [x!.shape[axis]!, sizeOf(indices!.shape)];
  const inner = sizeOf(x!.shape.slice(axis + 1));
  const outer = sizeOf(x!.shape.slice(0, axis));
  const results = outer * count * inner;
  if (results === 0) return [];
  const text = printer.text();
  const [o, c, i] = indicesOf(text, "index", [outer, count, inner]) as [string, string, string];
  const at = text.define(`memory[${moved(text.pointer(operands[1]!), [c], [1])}]`, "at");
  const from = moved(
    text.pointer(operands[0]!),
    [o, `min(${at}, ${Math.max(0, length - 1)}u)`, i],
    [length * inner, inner, 1],
  );
  const word = length === 0 ? "0u" : `select(0u, memory[${from}], ${at} < ${length}u)`;
  text.add(`memory[${text.pointer(output)} + index] = ${word};`);
  return [text.launch(label, results)];
}

/** Up to so many updates, every element of the result looks through them all. */
const few = 64;
/** Up to so many rows, looking through all updates is quicker than sorting them. */
const fewRows = 16;

export function printScatterAdd(routine: Routine<"scatterAdd">): Launch[] {
  const { printer, node, operands, label } = routine;
  const [indices, updates] = node.inputs;
  const { axis, size } = node.params;
  const { dtype } = updates!;
  const count = sizeOf(indices!.shape);
  const shape = node.outputs[0]!.shape;
  const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const results = outer * size * inner;
  if (results === 0) return [];
  const [at, from] = operands as [Pointer, Pointer];
  if (count <= few || size <= fewRows) {
    const parts = partsOf(printer.traits, results, count);
    return inParts(routine, [outer, size, inner], parts, (text, o, row, i, part) => {
      const start = text.define(moved(text.pointer(from), [o, i], [count * inner, 1]));
      const list = text.pointer(at);
      const range = { first: part, step: parts, end: `${count}u`, count: Math.ceil(count / parts) };
      return reduceInto(text, "sum", dtype, range, (index) => {
        const value = fromWord(dtype, `memory[${moved(start, [index], [inner])}]`);
        return text.define(`select(${zero(dtype)}, ${value}, memory[${list} + ${index}] == ${row})`);
      });
    });
  }
  const { launches, order } = printOrder(
    printer,
    1,
    count,
    (text, _, place) => {
      return text.define(`bitcast<i32>(memory[${text.pointer(at)} + ${place}])`);
    },
    `${label}, order`,
  );
  const starts = printer.scratch(size + 1);
  const text = printer.text();
  text.add(
    "var low = 0u;",
    `var high = ${count}u;`,
    "while (low < high) {",
    "let middle = (low + high) / 2u;",
    `let other = bitcast<i32>(memory[${text.pointer(at)} + memory[${text.pointer(order)} + middle]]);`,
    "if (other < i32(index)) { low = middle + 1u; } else { high = middle; }",
    "}",
    `memory[${text.pointer(starts)} + index] = low;`,
  );
  const parts = partsOf(printer.traits, results, Math.ceil(count / size));
  const sums = inParts(routine, [outer, size, inner], parts, (text, o, row, i, part) => {
    const start = text.define(moved(text.pointer(from), [o, i], [count * inner, 1]));
    const begin = text.define(`memory[${text.pointer(starts)} + ${row}]`);
    const end = text.define(`memory[${text.pointer(starts)} + ${row} + 1u]`);
    // Of all, one row may have every update.
    const range = { first: `${begin} + ${part}`, step: parts, end, count: Math.ceil(count / parts) };
    return reduceInto(text, "sum", dtype, range, (index) => {
      const place = text.define(`memory[${text.pointer(order)} + ${index}]`);
      return text.define(fromWord(dtype, `memory[${moved(start, [place], [inner])}]`));
    });
  });
  return [...launches, text.launch(`${label}, starts`, size + 1), ...sums];

  function inParts(
    { printer, output, label }: Routine<"scatterAdd">,
    sizes: readonly [number, number, number],
    parts: number,
    sum: (text: ReturnType<typeof printer.text>, o: string, row: string, i: string, part: string) => string,
  ): Launch[] {
    const to = parts === 1 ? output : printer.scratch(results * parts);
    const text = printer.text();
    const [o, row, i, part] = indicesOf(text, "index", [...sizes, parts]) as [string, string, string, string];
    text.add(`memory[${text.pointer(to)} + index] = ${toWord(dtype, sum(text, o, row, i, part))};`);
    const launch = text.launch(label, results * parts);
    if (parts === 1) return [launch];
    return [launch, ...reduceMiddle(printer, "sum", dtype, [results, parts, 1], to, output, `${label}, parts`)];
  }
}

const zero = (dtype: DType): string => (dtype === "f32" ? "0.0f" : dtype === "i32" ? "i32(0)" : "0u");

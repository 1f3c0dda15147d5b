// Random bits: Threefry 2x32 with 20 rounds, the same bits as everywhere.
import { sizeOf } from "@hooke/runtime";
import type { Routine } from "./routine.ts";
import type { Launch } from "./text.ts";

/** Words `2i` and `2i + 1` are block `(i, 0)` of the key. */
export function printRandomBits({ printer, node, operands: [key], output, label }: Routine<"randomBits">): Launch[] {
  const count = sizeOf(node.params.shape);
  if (count === 0) return [];
  const text = printer.text();
  const [from, to] = [text.pointer(key!), text.pointer(output)];
  text.add(
    `let bits = threefry(vec2<u32>(memory[${from}], memory[${from} + 1u]), vec2<u32>(index, 0u));`,
    `let place = ${to} + 2u * index;`,
    "memory[place] = bits.x;",
    count % 2 === 0
      ? "memory[place + 1u] = bits.y;"
      : `if (2u * index + 1u < ${count}u) { memory[place + 1u] = bits.y; }`,
  );
  return [text.launch(label, Math.ceil(count / 2))];
}

/** Block `(data, 1)` of the key. */
export function printFoldKey({ printer, operands: [key, data], output, label }: Routine<"foldKey">): Launch[] {
  const text = printer.text();
  const [from, to] = [text.pointer(key!), text.pointer(output)];
  text.add(
    `let bits = threefry(vec2<u32>(memory[${from}], memory[${from} + 1u]), vec2<u32>(memory[${text.pointer(data!)}], 1u));`,
    `memory[${to}] = bits.x;`,
    `memory[${to} + 1u] = bits.y;`,
  );
  return [text.launch(label, 1)];
}

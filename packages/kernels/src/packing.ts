// Packing: two floats to a word as bfloat16, 32 booleans to a word. A thread makes whole words, or four of them where they are vectors.
import { sizeOf } from "@hooke/runtime";
import { isAligned } from "./pointer.ts";
import type { Routine } from "./routine.ts";
import type { Launch } from "./text.ts";

/** Floats of two vectors, which become one. */
const eight = 8;

export function printPack({ printer, node, operands: [x], output, label }: Routine<"pack">): Launch[] {
  const [value] = node.inputs;
  const count = sizeOf(value!.shape);
  const words = sizeOf(node.outputs[0]!.shape);
  if (count === 0) return [];
  const text = printer.text();
  const [from, to] = [text.pointer(x!), text.pointer(output)];
  if (value!.dtype === "bool") {
    text.add(
      "var word = 0u;",
      `for (var i = 0u; i < min(32u, ${count}u - 32u * index); i++) { word |= memory[${from} + 32u * index + i] << i; }`,
      `memory[${to} + index] = word;`,
    );
    return [text.launch(label, words)];
  }
  if (count % eight === 0 && isAligned(x!) && isAligned(output)) {
    text.isWide = true;
    const [a, b] = [0, 4].map((more) => text.define(text.vector(`${from} + ${eight}u * index + ${more}u`)));
    const pairs = [a, b].flatMap((name) => [
      `packedPair(${name}[0], ${name}[1])`,
      `packedPair(${name}[2], ${name}[3])`,
    ]);
    text.add(`${text.vector(`${to} + 4u * index`)} = vec4<u32>(${pairs.join(", ")});`);
    return [text.launch(label, count / eight)];
  }
  const first = text.define(`${from} + 2u * index`);
  const second = `memory[${first} + 1u]`;
  text.add(
    "var second = 0u;",
    count % 2 === 0 ? `second = ${second};` : `if (2u * index + 1u < ${count}u) { second = ${second}; }`,
    `memory[${to} + index] = packedPair(memory[${first}], second);`,
  );
  return [text.launch(label, words)];
}

/** Of booleans: kernels read floats where they are packed. */
export function printUnpack({ printer, node, operands: [words], output, label }: Routine<"unpack">): Launch[] {
  const count = sizeOf(node.params.shape);
  if (count === 0) return [];
  const text = printer.text();
  const [from, to] = [text.pointer(words!), text.pointer(output)];
  text.add(`memory[${to} + index] = (memory[${from} + (index >> 5u)] >> (index & 31u)) & 1u;`);
  return [text.launch(label, count)];
}

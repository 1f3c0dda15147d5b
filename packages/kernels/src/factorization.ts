// Triangular factors and systems. A workgroup factors a matrix, column after column; a thread solves for one column of right-hand sides.
import { sizeOf } from "@hooke/runtime";
import { chain, chains, iterationsFor, levelsFor } from "./chains.ts";
import { indices } from "./nest.ts";
import type { Routine } from "./routine.ts";
import { type Launch, type Text, threads } from "./text.ts";

/** Adds a sum in chains of `term(k)` for `k` from `first` to before `end`; its name. */
function sumOf(text: Text, first: string, end: string, most: number, term: (k: string) => string): string {
  const { declare, first: sum, fold, total } = chains(text.name("sum"), "0.0f", levelsFor(most));
  text.add(
    declare,
    `for (var k = ${first}; k < ${end};) {`,
    `for (let last = min(k + ${chain}u, ${end}); k < last; k++) { ${sum} += ${term("k")}; }`,
    fold(`(k - ${first})`),
    "}",
  );
  return text.define(total);
}

/** Of the symmetric part; from the first row whose pivot is not positive and finite on, NaN. */
export function printCholesky({ printer, node, operands, output, label }: Routine<"cholesky">): Launch[] {
  const { shape } = node.outputs[0]!;
  const n = shape.at(-1)!;
  const matrices = sizeOf(shape.slice(0, -2));
  if (matrices * n === 0) return [];
  const text = printer.text();
  const number = text.define(`index / ${threads}u`);
  const own = text.define(`min(${number}, ${matrices - 1}u)`);
  const isOne = text.define(`${number} < ${matrices}u`);
  const from = text.define(`${text.pointer(operands[0]!)} + ${own} * ${n * n}u`);
  const to = text.define(`${text.pointer(output)} + ${own} * ${n * n}u`);
  const at = (start: string, i: string, j: string): string => `memory[${start} + ${i} * ${n}u + ${j}]`;
  const numberIn = (word: string): string => `bitcast<f32>(${word})`;
  text.takes(n * Math.ceil(n / threads) * (iterationsFor(n) + 3));
  text.add(`var failed = ${n}u;`, `for (var j = 0u; j < ${n}u; j++) {`);
  text.add(`for (var i = local; i < ${n}u && ${isOne}; i += ${threads}u) {`);
  text.add(`if (i < j) { ${at(to, "i", "j")} = 0u; continue; }`);
  const sum = sumOf(text, "0u", "j", n, (k) => `${numberIn(at(to, "i", k))} * ${numberIn(at(to, "j", k))}`);
  text.add(
    `let lower = ${numberIn(at(from, "i", "j"))};`,
    `let upper = ${numberIn(at(from, "j", "i"))};`,
    `${at(to, "i", "j")} = bitcast<u32>(lower + (upper - lower) * 0.5f - ${sum});`,
    "}",
    "storageBarrier();",
    `let pivot = ${numberIn(at(to, "j", "j"))};`,
    "let isGood = !isnan(pivot) && order(pivot) > 0 && pivot != uniforms.INFINITY;",
    "let root = select(uniforms.NAN, squareRoot(pivot), isGood);",
    "if (!isGood) { failed = min(failed, j); }",
    "storageBarrier();",
    `for (var i = j + local; i < ${n}u && ${isOne}; i += ${threads}u) {`,
    `let rest = ${numberIn(at(to, "i", "j"))};`,
    `${at(to, "i", "j")} = bitcast<u32>(select(divide(rest, root), root, i == j));`,
    "}",
    "storageBarrier();",
    "}",
    `for (var i = failed + local; i < ${n}u && ${isOne}; i += ${threads}u) {`,
    `for (var j = 0u; j <= i; j++) { ${at(to, "i", "j")} = bitcast<u32>(uniforms.NAN); }`,
    "}",
  );
  return [text.launch(label, matrices * threads, true)];
}

export function printTriangularSolve(routine: Routine<"triangularSolve">): Launch[] {
  const { printer, node, operands, output, label } = routine;
  const { lower, transposeA } = node.params;
  const { shape } = node.outputs[0]!;
  const [n, columns] = shape.slice(-2) as [number, number];
  const matrices = sizeOf(shape.slice(0, -2));
  if (matrices * n * columns === 0) return [];
  const text = printer.text();
  const [z, column] = indices(text, "index", [matrices, columns]) as [string, string];
  const a = text.define(`${text.pointer(operands[0]!)} + ${z} * ${n * n}u`);
  const b = text.define(`${text.pointer(operands[1]!)} + ${z} * ${n * columns}u + ${column}`);
  const x = text.define(`${text.pointer(output)} + ${z} * ${n * columns}u + ${column}`);
  const entry = (i: string, j: string): string =>
    `bitcast<f32>(memory[${a} + ${transposeA ? `${j} * ${n}u + ${i}` : `${i} * ${n}u + ${j}`}])`;
  const right = (start: string, i: string): string => `memory[${start} + ${i} * ${columns}u]`;
  // From the first row down, or from the last up.
  const isDown = lower !== transposeA;
  text.takes(n * (iterationsFor(n / 2) + 1));
  text.add(`for (var step = 0u; step < ${n}u; step++) {`, `let i = ${isDown ? "step" : `${n - 1}u - step`};`);
  const [first, end] = isDown ? ["0u", "i"] : ["(i + 1u)", `${n}u`];
  const sum = sumOf(text, first, end, n, (k) => `${entry("i", k)} * bitcast<f32>(${right(x, k)})`);
  text.add(
    `${right(x, "i")} = bitcast<u32>(divide(bitcast<f32>(${right(b, "i")}) - ${sum}, ${entry("i", "i")}));`,
    "}",
  );
  return [text.launch(label, matrices * columns)];
}

// Reductions, with the elementwise nodes that only they need computed on the way. A thread makes one result, or a part of one, whose
// parts are then reduced in their turn: where each part ends follows from the shapes alone.

import { collapse, type Plan, type ReductionKernel, type View } from "@hooke/plan";
import { type DType, sizeOf } from "@hooke/runtime";
import { evaluate, readViews } from "./body.ts";
import { chain, chains, iterationsFor, levelsFor } from "./chains.ts";
import type { Ending } from "./ending.ts";
import { startOf, wordAt } from "./halves.ts";
import { indices, moved } from "./nest.ts";
import type { Pointer } from "./pointer.ts";
import type { Printer, Traits } from "./printer.ts";
import { checkCount, fromWord, type Launch, literal, type Text, toWord } from "./text.ts";

/** Threads a GPU likes to have: where results are fewer, they are made in parts, each by a thread of its own. */
const manyThreads = 2 ** 14;
/** Numbers that a thread reduces in such a part, at least: what a launch takes, a processor has read more in. */
const shortestPart = { gpu: 256, processor: 2048 };

type Name = ReductionKernel["node"]["primitive"];

/** In how many parts each of some results is made of so many numbers. */
export function partsOf({ onProcessor }: Traits, results: number, length: number): number {
  const most = Math.ceil(length / (onProcessor ? shortestPart.processor : shortestPart.gpu));
  return Math.max(1, Math.min(most, Math.ceil(manyThreads / results)));
}

/** The better of two, by their order. */
function better(name: Name, dtype: DType, a: string, b: string): string {
  if (dtype === "bool") return name === "min" ? `(${a} && ${b})` : `(${a} || ${b})`;
  if (dtype === "f32") return `${name === "max" ? "maximumOf" : "minimumOf"}(${a}, ${b})`;
  return `${name}(${a}, ${b})`;
}

/** What nothing is reduced to. */
function identity(name: Name, dtype: DType): number {
  if (name === "sum") return 0;
  if (dtype === "f32") return name === "max" ? -Infinity : Infinity;
  if (dtype === "i32") return name === "max" ? -(2 ** 31) : 2 ** 31 - 1;
  return name === "max" ? 0 : 2 ** 32 - 1;
}

/**
 * Adds code that reduces numbers `first`, `first + step` and so on, before `end`; the name of the result.
 *
 * @param range with `count`, how many these are at most
 * @param next adds code that finds the number of an index; its name
 */
export function reduceInto(
  text: Text,
  name: Name,
  dtype: DType,
  range: { readonly first: string; readonly step: number; readonly end: string; readonly count: number },
  next: (index: string) => string,
): string {
  const { first, step, end: last, count } = range;
  const index = text.name("k");
  const all = text.name("all");
  text.takes(iterationsFor(count));
  text.add(`var ${index} = ${first};`);
  if (name === "sum" && dtype === "f32") {
    const levels = levelsFor(count);
    const total = chains(all, "0.0f", levels);
    const term = text.apart(() => text.add(`${total.first} += ${next(index)};`));
    const loop = (end: string): string => `for (; ${index} < ${end}; ${index} += ${step}u) {\n${term}\n}`;
    text.add(total.declare);
    if (levels === 1) text.add(loop(last));
    else {
      const [n, end] = [text.name("n"), text.name("end")];
      text.add(
        `for (var ${n} = ${chain}; ${index} < ${last}; ${n} += ${chain}) {`,
        `let ${end} = min(${index} + ${chain * step}u, ${last});`,
        loop(end),
        total.fold(n),
        "}",
      );
    }
    return text.define(total.total);
  }
  const term = text.apart(() => {
    const value = next(index);
    text.add(`${all} = ${name === "sum" ? `${all} + ${value}` : better(name, dtype, all, value)};`);
  });
  text.add(
    `var ${all} = ${literal(dtype, identity(name, dtype))};`,
    `for (; ${index} < ${last}; ${index} += ${step}u) {\n${term}\n}`,
  );
  return all;
}

/** Launches that reduce the middle axis of `from[outer, length, inner]` to `to[outer, inner]`, or to what becomes of it there. */
export function reduceMiddle(
  printer: Printer,
  name: Name,
  dtype: DType,
  sizes: readonly [outer: number, length: number, inner: number],
  from: Pointer,
  to: Pointer | Ending,
  label: string,
): Launch[] {
  const [outer, length, inner] = sizes;
  return inParts(printer, name, dtype, { results: outer * inner, length, to }, label, (text, result) => {
    const [o, i] = indices(text, result, [outer, inner]) as [string, string];
    const start = text.define(moved(text.pointer(from), [o, i], [length * inner, 1]));
    return (index) => text.define(fromWord(dtype, `memory[${moved(start, [index], [inner])}]`));
  });
}

/**
 * Launches that reduce `length` numbers for each result, in parts where that pays off.
 *
 * @param reader adds what is the same for all numbers of a result; adds code that finds one of them
 */
function inParts(
  printer: Printer,
  name: Name,
  dtype: DType,
  { results, length, to }: { readonly results: number; readonly length: number; readonly to: Pointer | Ending },
  label: string,
  reader: (text: Text, result: string) => (index: string) => string,
): Launch[] {
  checkCount(printer.traits.dialect, label, length);
  const parts = partsOf(printer.traits, results, length);
  const partial = parts === 1 ? to : printer.scratch(results * parts);
  const text = printer.text();
  // Part p takes the numbers p, p + parts, p + 2 parts ...: neighbouring threads read neighbouring numbers.
  const [result, part] = parts === 1 ? ["index", "0u"] : (indices(text, "index", [results, parts]) as [string, string]);
  const range = { first: part, step: parts, end: `${length}u`, count: Math.ceil(length / parts) };
  const value = reduceInto(text, name, dtype, range, reader(text, result));
  if ("one" in partial) partial.one(text, "index", value);
  else text.add(`memory[${text.pointer(partial)} + index] = ${toWord(dtype, value)};`);
  const first = text.launch(label, results * parts);
  if (parts === 1) return [first];
  return [first, ...reduceMiddle(printer, name, dtype, [results, parts, 1], partial as Pointer, to, `${label}, parts`)];
}

export function printReduction(printer: Printer, plan: Plan, kernel: ReductionKernel, label: string): Launch[] {
  const { node, nodes } = kernel;
  const [input, output] = [node.inputs[0]!, node.outputs[0]!];
  const results = sizeOf(output.shape);
  if (results === 0) return [];
  const { shape, dtype } = input;
  const to = printer.root(output);
  const length = sizeOf(shape) / results;
  if (length === 0) {
    const text = printer.text();
    const empty = toWord(dtype, literal(dtype, identity(node.primitive, dtype)));
    text.add(`memory[${text.pointer(to)} + index] = ${empty};`);
    return [text.launch(label, results)];
  }
  const reduced = shape.map((_, axis) => (node.params.axes.includes(axis) ? 1 : 0));
  const reads = readViews(plan, nodes, [input]);
  const { sizes, strides, groups } = collapse(
    shape,
    reads.map((view) => view.strides),
    reduced,
  );
  const at = (group: number): number[] => [...groups.keys()].filter((i) => groups[i] === group);
  const [kept, gone] = [at(0), at(1)];
  return inParts(printer, node.primitive, dtype, { results, length, to }, label, (text, result) => {
    const names = indices(
      text,
      result,
      kept.map((i) => sizes[i]!),
    );
    const starts = new Map(
      reads.map((view, i) => {
        const own = kept.map((dimension) => strides[i]![dimension]!);
        return [view, text.define(moved(startOf(text, printer, view), names, own))];
      }),
    );
    return (index) => {
      const inner = indices(
        text,
        index,
        gone.map((i) => sizes[i]!),
      );
      const address = (view: View): string => {
        const own = strides[reads.indexOf(view)]!;
        return moved(
          starts.get(view)!,
          inner,
          gone.map((dimension) => own[dimension]!),
        );
      };
      return evaluate(text, plan, nodes, [input], (view) => wordAt(text, printer, view, address(view)))[0]!;
    };
  });
}

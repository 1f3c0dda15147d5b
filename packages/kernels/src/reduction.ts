// Reductions, with the elementwise nodes that only they need computed on the way. A thread makes one result, or a part of one, on GPUs a workgroup;
// parts are then reduced in their turn: where each part ends follows from the shapes alone.

import { collapse, type Plan, type ReductionKernel, type View } from "@hooke/plan";
import { type DType, sizeOf } from "@hooke/runtime";
import { identity, type Name, reduceInto } from "./accumulate.ts";
import { evaluate, readViews } from "./body.ts";
import type { Ending } from "./ending.ts";
import { groupsFor, reduceInGroup } from "./group-reduction.ts";
import { startOf, wordAt } from "./halves.ts";
import { indices, moved } from "./nest.ts";
import type { Pointer } from "./pointer.ts";
import type { Printer, Traits } from "./printer.ts";
import { checkCount, fromWord, type Launch, literal, type Text, toWord } from "./text.ts";

/** Threads a GPU likes to have: where results are fewer, they are made in parts, each by a thread of its own. */
const manyThreads = 2 ** 14;
/** Numbers that a thread reduces in such a part, at least: what a launch takes, a processor has read more in. */
const shortestPart = { gpu: 256, processor: 2048 };

/** In how many parts each of some results is made of so many numbers. */
export function partsOf({ onProcessor }: Traits, results: number, length: number): number {
  const most = Math.ceil(length / (onProcessor ? shortestPart.processor : shortestPart.gpu));
  return Math.max(1, Math.min(most, Math.ceil(manyThreads / results)));
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
  return inParts(
    printer,
    name,
    dtype,
    { results: outer * inner, length, isInRows: inner === 1, to },
    label,
    (text, result) => {
      const [o, i] = indices(text, result, [outer, inner]) as [string, string];
      const start = text.define(moved(text.pointer(from), [o, i], [length * inner, 1]));
      return (index) => text.define(fromWord(dtype, `memory[${moved(start, [index], [inner])}]`));
    },
  );
}

/** What is reduced to what. */
interface Reduced {
  readonly results: number;
  /** Numbers for each, and whether they lie side by side rather than those of neighbouring results. */
  readonly length: number;
  readonly isInRows: boolean;
  readonly to: Pointer | Ending;
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
  { results, length, isInRows, to }: Reduced,
  label: string,
  reader: (text: Text, result: string) => (index: string) => string,
): Launch[] {
  checkCount(printer.traits.dialect, label, length);
  const groups = printer.traits.onProcessor || dtype !== "f32" ? undefined : groupsFor(results, length, isInRows);
  const parts = groups?.parts ?? partsOf(printer.traits, results, length);
  const partial = parts === 1 ? to : printer.scratch(results * parts);
  const text = printer.text();
  const end = (index: string, value: string): void => {
    if ("one" in partial) partial.one(text, index, value);
    else text.add(`memory[${text.pointer(partial)} + ${index}] = ${toWord(dtype, value)};`);
  };
  // Part p takes the numbers p, p + parts, p + 2 parts ...: neighbouring threads read neighbouring numbers.
  const make = (result: string, first: string, step: number): string => {
    const range = { first, step, end: `${length}u`, count: Math.ceil(length / step) };
    return reduceInto(text, name, dtype, range, reader(text, result));
  };
  const launch = (): Launch => {
    if (groups === undefined) {
      const [result, part] =
        parts === 1 ? ["index", "0u"] : (indices(text, "index", [results, parts]) as [string, string]);
      end("index", make(result, part, parts));
      return text.launch(label, results * parts);
    }
    const { across, lanes } = groups;
    const blocks = Math.ceil(results / across);
    const [block, part] = indices(text, "index", [blocks, parts]) as [string, string];
    const [lane, column] = indices(text, "local", [lanes, across]) as [string, string];
    const result = across === 1 ? block : text.define(`${block} * ${across}u + ${column}`, "result");
    const isWhole = results % across === 0;
    const there = isWhole ? result : text.define(`min(${result}, ${results - 1}u)`, "result");
    const first = parts === 1 ? lane : text.define(`${part} * ${lanes}u + ${lane}`, "first");
    const value = reduceInGroup(text, name, groups, make(there, first, lanes * parts));
    text.add(`if (local < ${across}u${isWhole ? "" : ` && ${result} < ${results}u`}) {`);
    end(parts === 1 ? result : text.define(`${result} * ${parts}u + ${part}`, "at"), text.define(value));
    text.add("}");
    return text.launchGroups(label, blocks * parts, across * lanes);
  };
  const first = launch();
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
  const isInRows = groups.at(-1) === 1;
  return inParts(printer, node.primitive, dtype, { results, length, isInRows, to }, label, (text, result) => {
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

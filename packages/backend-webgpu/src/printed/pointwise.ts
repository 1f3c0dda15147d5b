// Elementwise loops: a thread for each element, or for four that lie side by side; what others need written.
import { collapse, type Nest, type Plan, type PointwiseKernel, type View } from "@hooke/plan";
import { sizeOf } from "@hooke/runtime";
import { evaluate, readViews } from "./body.ts";
import { indices, moved } from "./nest.ts";
import { isAligned } from "./pointer.ts";
import type { Printer } from "./printer.ts";
import { type Launch, type Text, toWord } from "./text.ts";

/** Elements from which on, and operations up to which, a thread computes four: text four times as long takes its time to compile. */
const [manyElements, fewNodes] = [4096, 12];

const four = [0, 1, 2, 3];

export function printPointwise(printer: Printer, plan: Plan, kernel: PointwiseKernel, label: string): Launch[] {
  const { shape, nodes, stores } = kernel;
  const count = sizeOf(shape);
  if (count === 0 || stores.length === 0) return [];
  const reads = readViews(
    plan,
    nodes,
    stores.map(({ value }) => value),
  );
  const views: View[] = [...reads, ...stores.map(({ target }) => target)];
  const nest = collapse(
    shape,
    views.map(({ strides }) => strides),
  );
  const text = printer.text();
  const loop = { printer, plan, kernel, text, reads, nest };
  if (count >= manyElements && nodes.length <= fewNodes && isInFours(printer, views, reads.length, nest)) {
    computeFour(loop);
    return [text.launch(label, count / 4)];
  }
  computeOne(loop);
  return [text.launch(label, count)];
}

interface Loop {
  readonly printer: Printer;
  readonly plan: Plan;
  readonly kernel: PointwiseKernel;
  readonly text: Text;
  readonly reads: readonly View[];
  /** Of what is read, then of what is written. */
  readonly nest: Nest;
}

/** Whether four neighbours of every array are a vector, or of what is read one number. */
const isInFours = (printer: Printer, views: readonly View[], reads: number, { sizes, strides }: Nest): boolean =>
  (sizes.at(-1) ?? 1) % 4 === 0 &&
  views.every((view, i) => {
    const own = strides[i]!;
    const last = own.at(-1);
    return (last === 0 && i < reads) || (last === 1 && isAligned(printer.view(view), ...own.slice(0, -1)));
  });

function computeOne({ printer, plan, kernel: { nodes, stores }, text, reads, nest }: Loop): void {
  const names = indices(text, "index", nest.sizes);
  const address = (view: View, i: number): string => moved(text.pointer(printer.view(view)), names, nest.strides[i]!);
  const results = stores.map(({ value }) => value);
  const values = evaluate(text, plan, nodes, results, (view) => text.word(address(view, reads.indexOf(view))));
  for (const [i, { value, target }] of stores.entries()) {
    text.add(`memory[${address(target, reads.length + i)}] = ${toWord(value.dtype, values[i]!)};`);
  }
}

function computeFour({ printer, plan, kernel: { nodes, stores }, text, reads, nest: { sizes, strides } }: Loop): void {
  text.isWide = true;
  const vectors = indices(text, "index", [...sizes.slice(0, -1), sizes.at(-1)! / 4]);
  const names = [...vectors.slice(0, -1), text.define(`${vectors.at(-1)} * 4u`, "i")];
  const address = (view: View, i: number): string => moved(text.pointer(printer.view(view)), names, strides[i]!);
  const words = new Map(
    reads.map((view, i) => {
      const isVector = strides[i]!.at(-1) === 1;
      const word = isVector ? text.vector(address(view, i)) : text.word(address(view, i));
      return [view, { isVector, name: text.define(word, "w") }];
    }),
  );
  const results = stores.map(({ value }) => value);
  const values = four.map((c) =>
    evaluate(text, plan, nodes, results, (view) => {
      const { isVector, name } = words.get(view)!;
      return isVector ? `${name}[${c}]` : name;
    }),
  );
  for (const [i, { value, target }] of stores.entries()) {
    const own = values.map((each) => toWord(value.dtype, each[i]!));
    text.add(`${text.vector(address(target, reads.length + i))} = vec4<u32>(${own.join(", ")});`);
  }
}

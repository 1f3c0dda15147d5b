// Elementwise loops: a thread for each element, what others need written.

import { collapse, type Plan, type PointwiseKernel, type View } from "@hooke/plan";
import { sizeOf } from "@hooke/runtime";
import { evaluate, readViews } from "./body.ts";
import { indices, moved } from "./nest.ts";
import type { Printer } from "./printer.ts";
import { type Launch, toWord } from "./text.ts";

export function printPointwise(printer: Printer, plan: Plan, kernel: PointwiseKernel, label: string): Launch[] {
  const { shape, nodes, stores } = kernel;
  const count = sizeOf(shape);
  if (count === 0 || stores.length === 0) return [];
  const results = stores.map(({ value }) => value);
  const reads = readViews(plan, nodes, results);
  const views: View[] = [...reads, ...stores.map(({ target }) => target)];
  const nest = collapse(
    shape,
    views.map(({ strides }) => strides),
  );
  const text = printer.text();
  const names = indices(text, "index", nest.sizes);
  const address = (view: View, i: number): string => moved(text.pointer(printer.view(view)), names, nest.strides[i]!);
  const values = evaluate(text, plan, nodes, results, (view) => address(view, reads.indexOf(view)));
  for (const [i, { value, target }] of stores.entries()) {
    text.add(`memory[${address(target, reads.length + i)}] = ${toWord(value.dtype, values[i]!)};`);
  }
  return [text.launch(label, count)];
}

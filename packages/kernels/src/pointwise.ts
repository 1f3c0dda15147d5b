// Elementwise loops: a thread for each element, or for four that lie side by side; what others need written.
import type { Plan, PointwiseKernel } from "@hooke/plan";
import { sizeOf } from "@hooke/runtime";
import { Elements } from "./elements.ts";
import { indices } from "./nest.ts";
import type { Printer } from "./printer.ts";
import type { Launch } from "./text.ts";

/** Elements from which on, and operations up to which, a thread computes four: text four times as long takes its time to compile. */
const [manyElements, fewNodes] = [4096, 12];

export function printPointwise(printer: Printer, plan: Plan, kernel: PointwiseKernel, label: string): Launch[] {
  const { shape, nodes, stores } = kernel;
  const count = sizeOf(shape);
  if (count === 0 || stores.length === 0) return [];
  const elements = new Elements(printer, plan, kernel);
  const { sizes } = elements;
  const text = printer.text();
  if (count >= manyElements && nodes.length <= fewNodes && elements.isInFours) {
    text.isWide = true;
    const vectors = indices(text, "index", [...sizes.slice(0, -1), sizes.at(-1)! / 4]);
    elements.four(text, [...vectors.slice(0, -1), text.define(`${vectors.at(-1)} * 4u`, "i")]);
    return [text.launch(label, count / 4)];
  }
  elements.one(text, indices(text, "index", sizes));
  return [text.launch(label, count)];
}

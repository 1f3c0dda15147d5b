// The notation of einsum: which axis of which operand has which name, and how long it is.
import { describe } from "../array.ts";
import { fail } from "../error.ts";
import type { Tensor } from "../tensor.ts";

/** The name of an axis: its letter, or `...` and its place counted from the end of the axes that stand there. */
export type Label = string;

/** Names of the axes of each operand and of the result, and the size of each. */
export interface Subscripts {
  readonly inputs: readonly (readonly Label[])[];
  readonly output: readonly Label[];
  readonly sizes: ReadonlyMap<Label, number>;
}

const wrong = (notation: string, what: string): never => fail("einsum", `"${notation}": ${what}`, "mismatch");

const isLetter = (label: Label): boolean => !label.startsWith(".");

/** The names in a term whose `...` stands for `extra` axes. */
function labelsOf(term: string, extra: number): Label[] {
  const dots = Array.from({ length: extra }, (_, i): Label => `...${extra - 1 - i}`);
  const [before, after] = term.split("...");
  return after === undefined ? [...before!] : [...before!, ...dots, ...after];
}

/** @throws on what cannot be read, or does not fit the operands */
export function parse(notation: string, operands: readonly Tensor[]): Subscripts {
  const text = String(notation).replaceAll(" ", "");
  const [left, right, more] = text.split("->");
  const terms = left!.split(",");
  for (const term of right === undefined ? terms : [...terms, right]) {
    if (more !== undefined || !/^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/.test(term))
      wrong(notation, `"${term}" cannot be read; write letters and ..., as in "ij,jk->ik".`);
  }
  if (operands.length === 0 || terms.length !== operands.length)
    wrong(notation, `it names ${terms.length} operands, but received ${operands.length}.`);
  const sizes = new Map<Label, number>();
  const inputs = operands.map((operand, i) => {
    const term = terms[i]!;
    const named = term.replace("...", "").length;
    const extra = operand.rank - named;
    if (extra < 0 || (extra > 0 && !term.includes("...")))
      wrong(notation, `"${term}" names ${named} axes, but operand ${i} is ${describe(operand)}.`);
    const labels = labelsOf(term, extra);
    for (const [axis, label] of labels.entries()) {
      const length = operand.shape[axis]!;
      const known = sizes.get(label) ?? length;
      const broadcasts = !isLetter(label) && (length === 1 || known === 1);
      if (known !== length && !broadcasts)
        wrong(
          notation,
          `axis ${isLetter(label) ? label : "..."} is ${known} long, and ${length} in operand ${i}, ${describe(operand)}.`,
        );
      sizes.set(label, known === 1 ? length : known);
    }
    return labels;
  });
  return { inputs, output: outputOf(notation, right, inputs), sizes };
}

function outputOf(notation: string, term: string | undefined, inputs: readonly (readonly Label[])[]): readonly Label[] {
  const all = inputs.flat();
  const extra = new Set(all.filter((label) => !isLetter(label))).size;
  if (term === undefined) {
    const once = all.filter((label) => isLetter(label) && all.indexOf(label) === all.lastIndexOf(label));
    return [...labelsOf("...", extra), ...once.sort()];
  }
  const output = labelsOf(term, extra);
  if (extra > 0 && !term.includes("...")) wrong(notation, `the result lacks "...", which stands for axes of operands.`);
  for (const [i, label] of output.entries()) {
    if (!all.includes(label)) wrong(notation, `no operand has the axis ${label} of the result.`);
    if (output.indexOf(label) !== i) wrong(notation, `the result has the axis ${label} twice.`);
  }
  return output;
}

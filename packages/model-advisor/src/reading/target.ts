// What the target looks like: the same in every row, classes written as numbers, magnitudes over powers of ten.
import type { Samples } from "@hooke/baselines";
import { fail } from "@hooke/runtime";
import type { Warning } from "./reading.ts";

/** Powers of ten between the least twentieth of targets and the largest from which on it is said. */
const decades = 3;

/** @throws on a target that is the same in every row, or names one class a row */
export function refuseUnlearnable({ target, source, rowCount }: Samples): void {
  const [first] = target.values;
  if (target.type === "class" && rowCount > 1 && new Set(target.values).size === rowCount) {
    const shown = `"${target.classes[first!]}"`;
    fail(
      source,
      `the target "${target.name}" is another class in every row, ${shown} first: no class has a second row to learn from; name another one.`,
      "invalid-data",
    );
  }
  if (!target.values.every((value) => value === first)) return;
  const shown = target.type === "class" ? `"${target.classes[first!]}"` : first;
  fail(
    source,
    `the target "${target.name}" is ${shown} in every row: there is nothing to predict; name another one.`,
    "invalid-data",
  );
}

/** What deserves a look, a sentence each. */
export function targetWarnings({ target, rowCount }: Samples): Warning[] {
  if (target.type === "class" || rowCount < 10) return [];
  const sorted = target.values.toSorted();
  const distinct = new Set(sorted);
  if (distinct.size === 2) {
    const [low, high] = distinct;
    return [
      {
        kind: "classes",
        columns: [target.name],
        text: `"${target.name}" is ${low} or ${high} in every row, and was taken for numbers. If these are classes, say classes: true.`,
      },
    ];
  }
  const end = Math.floor(rowCount / 20);
  const [low, high] = [sorted[end]!, sorted[rowCount - 1 - end]!];
  if (!(sorted[0]! > 0 && Math.log10(high / low) >= decades)) return [];
  return [
    {
      kind: "spread",
      columns: [target.name],
      text:
        `"${target.name}" spreads over ${Math.floor(Math.log10(high / low))} powers of ten: its errors are those of the largest values. If a factor matters, ` +
        "whatever the value, make a column of its logarithm the target.",
    },
  ];
}

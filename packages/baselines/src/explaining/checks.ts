// What explanations of any method check alike: the method, the table, weights, groups.
import { columnOf, type Table, tableCheck } from "@hooke/data";
import { checkArgument, fail, type HostArray, quoted } from "@hooke/runtime";
import { membersOf } from "../folds/folds.ts";
import { isMethod } from "../method/define-method.ts";
import type { Fitted } from "../method/method.ts";
import { randomFrom } from "../method/random.ts";
import { groupsIn, inputsOf, type Samples, samplesOf, type Target } from "../method/samples.ts";
import { checkedWeights } from "../method/weights.ts";

/** @throws on what was not fitted, and tables without rows */
export function checkFitted(who: string, fitted: Fitted, table: Table): void {
  checkArgument(who, "the fitted method", fitted, (value) =>
    isMethod((value as Partial<Fitted> | null)?.method)
      ? undefined
      : "a fitted method, such as await ridge().fit(table, target) gives",
  );
  checkArgument(who, "the table", table, tableCheck);
  const text = fitted.inputs.find(({ type }) => type === "text");
  if (text !== undefined) {
    fail(
      who,
      `explains methods by numbers and categories; "${fitted.method.method}" reads "${text.name}".`,
      "unsupported",
    );
  }
  if (table.rowCount === 0) fail(table.source, "has no rows; give some to explain the method by.", "invalid-data");
}

/** 1 each where none were given. */
export function weightsOf(who: string, given: ArrayLike<number> | undefined, rowCount: number): Float64Array {
  if (given === undefined) return new Float64Array(rowCount).fill(1);
  return checkedWeights(who, given, rowCount);
}

/** The place of an input. @throws on one that the method does not have */
export function placeOf(who: string, { inputs }: Fitted, name: string): number {
  const known = inputs.map((input) => input.name);
  const place = known.indexOf(name);
  return place < 0 ? fail(who, `has no input "${name}"; the inputs are ${quoted(known)}.`, "mismatch") : place;
}

/** The groups of rows that a column names; nothing where none does. */
export const groupsOf = (table: Table, groups: string | undefined): Pick<Samples, "groups"> =>
  groups === undefined ? {} : { groups: groupsIn(table, columnOf(table, groups)) };

/**
 * The rows of a table as those that a method was fitted to: its inputs with its categories, its target with its classes.
 *
 * @throws on a class that it does not have
 */
export function samplesFor(who: string, fitted: Fitted, table: Table, groups?: string): Omit<Samples, "weights"> {
  const { inputs, target } = fitted;
  const { unseen: _, ...rows } = inputsOf(table, inputs);
  const read = samplesOf(table, target.name, {
    inputs: inputs.map(({ name }) => name),
    categories: inputs.filter(({ type }) => type === "category").map(({ name }) => name),
    classes: target.type === "class",
  }).target;
  return { ...rows, ...groupsOf(table, groups), source: table.source, target: withClassesOf(who, target, read) };
}

function withClassesOf(who: string, schema: Fitted["target"], target: Target): Target {
  if (target.type === "number" || schema.type === "number") return target;
  const numbers = target.classes.map((name) => {
    const number = schema.classes.indexOf(name);
    return number >= 0 ? number : fail(who, `has learned no class "${name}" of "${target.name}".`, "mismatch");
  });
  return { ...target, classes: schema.classes, values: target.values.map((label) => numbers[label]!) };
}

/** Weights of rows drawn from the rows with replacement, whole groups of them. */
export function drawnWeights(
  samples: Pick<Samples, "rowCount" | "groups">,
  weights: Float64Array,
  draws: number,
  key: HostArray,
): Float64Array[] {
  const units = membersOf(samples) ?? Array.from({ length: samples.rowCount }, (_, row) => [row]);
  return Array.from({ length: draws }, (_, draw) => {
    const drawn = new Float64Array(samples.rowCount);
    for (const unit of randomFrom(key, "rows", draw).resample(units.length, units.length)) {
      for (const row of units[unit]!) drawn[row]! += weights[row]!;
    }
    // A draw of rows that do not count says nothing: all rows stand in.
    return drawn.some((weight) => weight > 0) ? drawn : weights;
  });
}

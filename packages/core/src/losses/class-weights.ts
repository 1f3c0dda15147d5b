// Weights of classes: in the order of the classes, or by their names, which the data of a training know.
import { type Check, checks, fail, quoted, suggestion } from "@hooke/runtime";

/** What each class counts: a weight for each, in their order, or by their names, 1 where a class is not named. */
export type ClassWeights = readonly number[] | Readonly<Record<string, number>>;

const isList = (weights: ClassWeights): weights is readonly number[] => Array.isArray(weights);

/** Expects weights of classes. */
export const classWeightsCheck: Check = (value) => {
  const expected =
    'weights of at least 0, not all 0, in the order of the classes, [1, 5], or by their names, { "ok": 1 }';
  if (typeof value !== "object" || value === null) return expected;
  const weights = Object.values(value);
  return weights.every((weight) => checks.nonNegative(weight) === undefined) && weights.some((weight) => weight > 0)
    ? undefined
    : expected;
};

/**
 * A weight for each class, in their order.
 *
 * @param classes their names
 * @throws on weights by name where classes have none, on names that are no classes, and if every class weighs 0
 */
export function weightsInOrder(
  who: string,
  weights: ClassWeights,
  classes: readonly string[] | undefined,
): readonly number[] {
  if (isList(weights)) return weights;
  const names = Object.keys(weights);
  if (classes === undefined) {
    return fail(
      who,
      `received weights of the classes ${quoted(names)}, and the data name no classes; give dataset({ classes: [...] }) ` +
        "their names, or the weights as a list in the order of the labels.",
      "mismatch",
    );
  }
  const unknown = names.find((name) => !classes.includes(name));
  if (unknown !== undefined) {
    const known = `the classes are ${quoted(classes)}.${suggestion(unknown, classes)}`;
    fail(who, `received a weight of the class "${unknown}"; ${known}`, "mismatch");
  }
  const ordered = classes.map((name) => (Object.hasOwn(weights, name) ? weights[name]! : 1));
  if (!ordered.some((weight) => weight > 0)) fail(who, "every class weighs 0; give one a weight above 0.");
  return ordered;
}

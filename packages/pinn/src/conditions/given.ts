// Values that conditions give: constants or functions, of fields or of their components.
import { checkArgument, fail, isTensor, quoted, show, sub, type Tensor } from "@hooke/runtime";
import type { At, Quantity } from "../derivatives/at.ts";
import { partsOf } from "../derivatives/view.ts";
import type { Given, GivenValues } from "./term.ts";

const isGiven = (value: unknown): value is Given => typeof value === "number" || typeof value === "function";

/** Checks values of fields. */
export function checkGiven(who: string, values: unknown): void {
  checkArgument(who, "the values", values, (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? undefined
      : "a record of values by field, such as { u: 0 } or { u: ({ x }) => sin(x) }",
  );
  for (const [name, value] of Object.entries(values as object)) {
    for (const one of isGiven(value) ? [value] : Object.values((value ?? {}) as object)) {
      if (isGiven(one) && !Number.isNaN(one)) continue;
      fail(who, `received ${show(one)} for "${name}"; expected a number, or a function such as ({ x }) => sin(x).`);
    }
  }
}

/** What is sought minus what is given: one scalar, or several by field or `field.component`. */
export function differences(who: string, at: At, values: GivenValues, actual: (name: string) => Quantity): Quantity {
  const result: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(values)) {
    const quantity = actual(name);
    if (isTensor(quantity)) {
      if (!isGiven(value)) fail(who, `received components of "${name}", which is a scalar; give one value.`);
      result[name] = sub(quantity, given(`${who}: "${name}"`, at, value, quantity));
      continue;
    }
    if (isGiven(value)) {
      fail(
        who,
        `received one value for "${name}", which has the components ${quoted(Object.keys(quantity))}; give { ${Object.keys(quantity)[0]}: ... }.`,
      );
    }
    for (const [component, one] of Object.entries(value)) {
      const tensor = quantity[component]!;
      result[`${name}.${component}`] = sub(tensor, given(`${who}: "${name}.${component}"`, at, one, tensor));
    }
  }
  const parts = Object.values(result);
  return parts.length === 1 ? parts[0]! : result;
}

/** A given value at the points of a quantity. */
export function given(who: string, at: At, value: Given, like: Tensor): Tensor {
  return partsOf(who, typeof value === "number" ? value : value(at), like.shape[0]!)[""]!;
}

/** The given values alone, by field: fields are scaled by them. */
export function targetsOf(at: At, values: GivenValues): Record<string, (Tensor | number)[]> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      (isGiven(value) ? [value] : Object.values(value)).map((one) => (typeof one === "number" ? one : one(at))),
    ]),
  );
}

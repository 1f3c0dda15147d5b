// Robin conditions: a field and its slope along the normal together.
import { add, checkArgument, fail, isTensor, mul, quoted, sub, type Tensor } from "@hooke/runtime";
import type { Quantity } from "../derivatives/at.ts";
import type { Points } from "../points/points.ts";
import { given as valueAt } from "./given.ts";
import { alongNormal } from "./neumann.ts";
import { checkTerm, type Given, type Term, type TermOptions } from "./term.ts";

/** The condition `alpha u + beta du/dn = value`. */
export interface RobinValues {
  readonly alpha: Given;
  /** Default 1. */
  readonly beta?: Given;
  readonly value: Given;
}

const names = ["alpha", "beta", "value"];

function checkValues(values: unknown): void {
  checkArgument("robin", "the values", values, (given) =>
    typeof given === "object" && given !== null && !Array.isArray(given) && Object.keys(given).length > 0
      ? undefined
      : "a record by field, such as { u: { alpha: 2, value: 0 } }",
  );
  for (const [name, one] of Object.entries(values as object)) {
    const expected = "{ alpha, beta, value }, numbers or functions, such as { alpha: 2, value: 0 }";
    const given = Object.entries((one ?? {}) as object);
    const right = given.every(
      ([key, value]) => names.includes(key) && (Number.isFinite(value) || typeof value === "function"),
    );
    if (right && given.some(([key]) => key === "alpha") && given.some(([key]) => key === "value")) continue;
    fail("robin", `received ${quoted(given.map(([key]) => key))} for "${name}"; expected ${expected}.`);
  }
}

/**
 * What a field and its derivative along the outward normal are together: `alpha u + beta du/dn = value`. Heat that a wall passes on to a fluid of the temperature `Tf`,
 * `-k dT/dn = h (T - Tf)`, is `{ T: { alpha: h, beta: k, value: h Tf } }`. Of a vector field the condition holds for every component.
 *
 * @param points of a boundary or a face, which have normals
 * @param values by field: numbers, or functions of what is known at the points, unknowns among them
 * @example
 * ```ts
 * import { box, robin } from "@hooke/pinn";
 * import { mul } from "@hooke/runtime";
 *
 * const wall = box({ x: [0, 1], t: [0, 1] }).face("x", "high", 40);
 * const cooled = robin(wall, { T: { alpha: ({ h }) => h, beta: 15, value: ({ h }) => mul(h, 20) } });
 * console.log(cooled.points.count); // 40
 * ```
 */
export function robin(points: Points, values: Readonly<Record<string, RobinValues>>, options: TermOptions = {}): Term {
  checkTerm("robin", points, options);
  checkValues(values);
  return Object.freeze<Term>({
    kind: "squares",
    points,
    weight: options.weight ?? 1,
    record: (at) => {
      const parts = Object.entries(values).flatMap(([name, { alpha, beta = 1, value }]) => {
        const quantity = at[name] as Quantity;
        const slope = alongNormal(at, quantity);
        const whole = isTensor(quantity) ? { "": quantity } : quantity;
        return Object.entries(whole).map(([component, own]) => {
          const who = `robin: "${name}"`;
          const [a, b, g] = [alpha, beta, value].map((one) => valueAt(who, at, one, own)) as [Tensor, Tensor, Tensor];
          const along = isTensor(slope) ? slope : slope[component]!;
          return [component === "" ? name : `${name}.${component}`, sub(add(mul(a, own), mul(b, along)), g)] as const;
        });
      });
      return parts.length === 1 ? parts[0]![1] : Object.fromEntries(parts);
    },
  });
}

// Interfaces: where two materials meet, each with fields of its own.
import { type Check, checkOptions, checks, fail, isTensor, quoted, sub, type Tensor } from "@hooke/runtime";
import type { At, Quantity } from "../derivatives/at.ts";
import type { Points } from "../points/points.ts";
import { throughBoundary } from "./flux.ts";
import { checkTerm, type Term, type TermOptions } from "./term.ts";

/** Options of {@link interfaceBetween}. */
export interface InterfaceOptions extends TermOptions {
  /** Fields that are the same on both sides, one of each: `["T1", "T2"]`. */
  readonly values: readonly [string, string];
  /** Vectors, or tensors, that are the same along the normal: `["q1", "q2"]`; derived quantities, as a rule. */
  readonly fluxes: readonly [string, string];
}

const pairCheck: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every((name) => typeof name === "string") && value[0] !== value[1]
    ? undefined
    : 'two names, such as ["T1", "T2"]';

/**
 * Where two materials are bonded: a field of one is the field of the other, and what flows out of one flows into the other. Each field is trained in its own material
 * by its terms there, and both are over the coordinates of the problem's domain.
 *
 * @param points of the boundary between them, with normals to either side
 * @example
 * ```ts
 * import { box, interfaceBetween } from "@hooke/pinn";
 *
 * const steel = box({ x: [0, 0.5], y: [0, 1] });
 * const bond = interfaceBetween(steel.face("x", "high", 40), { values: ["T1", "T2"], fluxes: ["q1", "q2"] });
 * console.log(bond.points.count); // 40
 * ```
 */
export function interfaceBetween(points: Points, options: InterfaceOptions): Term {
  checkTerm("interfaceBetween", points, {});
  checkOptions<InterfaceOptions>("interfaceBetween", options, {
    required: { values: pairCheck, fluxes: pairCheck },
    optional: { weight: checks.positive },
  });
  const { values, fluxes, weight = 1 } = options;
  return Object.freeze<Term>({
    kind: "squares",
    points,
    weight,
    record: (at) => ({
      ...jump("value", values, ...(values.map((name) => at[name]) as [Quantity, Quantity])),
      ...jump("flux", fluxes, ...(fluxes.map((name) => through(at, name)) as [Quantity, Quantity])),
    }),
  });
}

const through = (at: At, name: string): Quantity => throughBoundary("interfaceBetween", at, name);

/** What one is more than the other, by component. */
function jump(what: string, names: readonly [string, string], a: Quantity, b: Quantity): Record<string, Tensor> {
  if (isTensor(a) && isTensor(b)) return { [what]: sub(b, a) };
  const [left, right] = [a, b].map((each) => (isTensor(each) ? [] : Object.keys(each))) as [string[], string[]];
  if (isTensor(a) || isTensor(b) || left.join() !== right.join()) {
    fail(
      "interfaceBetween",
      `received ${quoted(names)} with the components ${quoted(left)} and ${quoted(right)}; give two of the same.`,
      "mismatch",
    );
  }
  return Object.fromEntries(left.map((component) => [`${what}.${component}`, sub(b[component]!, a[component]!)]));
}

// Periodic conditions: points and their partners across a cell.
import { type Check, checkOptions, checks, fail, isTensor, quoted, sub, type Tensor } from "@hooke/runtime";
import type { At, Quantity } from "../derivatives/at.ts";
import type { PointSet, Points } from "../points/points.ts";
import { checkTerm, type Term, type TermOptions } from "./term.ts";

/** Options of {@link periodicBoundary}. */
export interface PeriodicBoundaryOptions extends TermOptions {
  /** From a point to its partner, by coordinate: `{ x: 2 }` for a cell 2 long. */
  readonly shift: Readonly<Record<string, number>>;
  /** The fields, and derived quantities, that are the same there. */
  readonly fields: readonly string[];
  /** Up to which derivative along the shift they are the same; 0: only the values. An equation of order k needs k - 1. Default 1. */
  readonly order?: number;
}

const shiftCheck: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).length > 0 &&
  Object.values(value).every((number) => Number.isFinite(number) && number !== 0)
    ? undefined
    : "distances by coordinate, such as { x: 2 }";
const fieldsCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string")
    ? undefined
    : 'names of fields, such as ["u"]';

/**
 * What is the same at points and at their partners across a periodic cell: fields and their derivatives along the coordinates of the shift.
 * The embedding `periodic` makes a field periodic exactly, without a term.
 *
 * @param points of one face of the cell
 * @throws if the shift has a coordinate that the points have not
 * @example
 * ```ts
 * import { box, periodicBoundary } from "@hooke/pinn";
 *
 * const domain = box({ x: [-1, 1], t: [0, 1] });
 * const around = periodicBoundary(domain.face("x", "low", 50), { shift: { x: 2 }, fields: ["u"] });
 * console.log(around.places!.length); // 1
 * ```
 */
export function periodicBoundary(points: Points, options: PeriodicBoundaryOptions): Term {
  checkTerm("periodicBoundary", points, {});
  checkOptions<PeriodicBoundaryOptions>("periodicBoundary", options, {
    required: { shift: shiftCheck, fields: fieldsCheck },
    optional: { order: checks.wholeNumber, weight: checks.positive },
  });
  const { shift, fields, order = 1, weight = 1 } = options;
  const along = Object.keys(shift);
  const { coordinates } = points;
  const wrong = along.find((name) => !coordinates.includes(name));
  if (wrong !== undefined) {
    fail(
      "periodicBoundary",
      `received a shift along ${quoted([wrong])}; the points have ${quoted(coordinates)}.`,
      "mismatch",
    );
  }
  const steps = coordinates.map((name) => shift[name] ?? 0);
  const partner = ({ rows, columns }: PointSet): PointSet => ({
    rows: rows.map((value, i) => value + steps[i % steps.length]!),
    columns,
  });
  return Object.freeze<Term>({
    kind: "squares",
    points,
    weight,
    places: [partner],
    record: (here, there) => {
      const parts: Record<string, Tensor> = {};
      const compare = (name: string, a: Quantity, b: Quantity): void => {
        if (isTensor(a)) parts[name] = sub(b as Tensor, a);
        else
          for (const component of Object.keys(a))
            compare(`${name}.${component}`, a[component]!, (b as typeof a)[component]!);
      };
      for (const name of fields) {
        compare(name, here[name], there![name]);
        for (let k = 1; k <= order; k++) {
          for (const axis of along) {
            const derivative = (at: At): Quantity => at.d(at[name] as Quantity, ...new Array<string>(k).fill(axis));
            compare(`${name}.d${axis.repeat(k)}`, derivative(here), derivative(there!));
          }
        }
      }
      return Object.keys(parts).length === 1 ? Object.values(parts)[0]! : parts;
    },
  });
}

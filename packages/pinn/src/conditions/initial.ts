// Initial conditions: what fields are at the start, and how fast they change.
import { checkOptions, checks, fail, isTensor, quoted, randomKey } from "@hooke/runtime";
import type { Quantity } from "../derivatives/at.ts";
import { flat } from "../derivatives/view.ts";
import { time } from "../domains/domain.ts";
import type { Points } from "../points/points.ts";
import { checkGiven, differences, targetsOf } from "./given.ts";
import { checkTerm, type GivenValues, type Term, type TermOptions } from "./term.ts";

/** Options of {@link initial}. */
export interface InitialOptions extends TermOptions {
  /** The first derivatives in time, by field: a wave has them. Default none. */
  readonly rates?: GivenValues;
}

/**
 * What fields are at the start, and where the equation is of second order in time, how fast they change.
 *
 * @param points at the start: `domain.face("t", "low", 100)`, `domain.start(100)`
 * @param values by field, as of {@link dirichlet}
 * @throws if the points are not of one time
 * @example
 * ```ts
 * import { box, initial } from "@hooke/pinn";
 * import { mul, sin } from "@hooke/runtime";
 *
 * const string = box({ x: [0, 1], t: [0, 2] });
 * const plucked = initial(string.face("t", "low", 50), { u: ({ x }) => sin(mul(x, Math.PI)) }, { rates: { u: 0 } });
 * console.log(plucked.kind); // squares
 * ```
 */
export function initial(points: Points, values: GivenValues, options: InitialOptions = {}): Term {
  checkTerm("initial", points, {});
  checkGiven("initial", values);
  checkOptions<InitialOptions>("initial", options, {
    optional: {
      weight: checks.positive,
      rates: (given) => {
        checkGiven("rates", given);
        return undefined;
      },
    },
  });
  checkInstant(points);
  const { rates = {}, weight = 1 } = options;
  return Object.freeze<Term>({
    kind: "squares",
    points,
    weight,
    record: (at) => {
      const parts = (given: GivenValues, actual: (name: string) => Quantity): [string, Quantity][] =>
        Object.entries(given).map(([name, value]) => [name, differences("initial", at, { [name]: value }, actual)]);
      const all = [
        ...parts(values, (name) => at[name]),
        ...parts(rates, (name) => at.d(at[name] as Quantity, time)).map(
          ([name, part]) => [`${name}.rate`, part] as const,
        ),
      ];
      if (all.length === 1) return all[0]![1];
      return Object.fromEntries(
        all.flatMap(([name, part]) =>
          isTensor(part)
            ? [[name, part] as const]
            : Object.entries(flat(part)).map(
                ([component, own]) => [`${name}.${component.split(".").at(-1)}`, own] as const,
              ),
        ),
      );
    },
    targets: (at) => targetsOf(at, values),
  });
}

/** Refuses points of several times, such as those inside. */
function checkInstant({ coordinates, draw }: Points): void {
  const cure = 'give those of one time, such as domain.face("t", "low", 100) or domain.start(100).';
  const axis = coordinates.indexOf(time);
  if (axis < 0) fail("initial", `received points with the coordinates ${quoted(coordinates)}, without "t"; ${cure}`);
  const { rows } = draw(randomKey(0));
  const other = rows.findIndex((value, i) => i % coordinates.length === axis && value !== rows[axis]);
  if (other >= 0) fail("initial", `received points at t = ${rows[axis]} and t = ${rows[other]}; ${cure}`);
}

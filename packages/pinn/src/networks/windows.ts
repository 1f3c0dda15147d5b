// A field in windows: many small networks, each for a part of the domain.
import { type Check, checkArgument, checkOptions, checks, fail, quoted } from "@hooke/runtime";
import type { Interval } from "../domains/domain.ts";
import { type Field, fieldCheck, fieldOf, type Inputs } from "../fields/field.ts";
import { gridOf, overlapCheck, windowed, windowsOver } from "./layers/windowed.ts";

/** Options of {@link windows}. */
export interface WindowsOptions {
  /** Over which part of its width a window gives way to the next, above 0 and at most 1. Default 0.5. */
  readonly overlap?: number;
}

const alongCheck: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length > 0 &&
  Object.values(value).every((count) => checks.count(count) === undefined)
    ? undefined
    : "numbers of windows by coordinate, such as { x: 4 }";

/**
 * A field given by many networks like one, each for a window of the domain: what is fine is then found by networks that see it as coarse. Windows along several coordinates make
 * a grid. They overlap and add up to 1, so that the field is as smooth as its networks; every network is evaluated at every point, so that 4 windows take 4 times
 * the work. Moseley, Markham and Nissen-Meyer, "Finite basis physics-informed neural networks (FBPINNs)", Adv. Comput. Math. 49 (2023).
 *
 * @param field its network is made once for each window
 * @param along how many windows, by coordinate
 * @throws on an option it does not have; where the field has no such coordinate, when its network is made
 * @example
 * ```ts
 * import { mlp, windows } from "@hooke/pinn";
 *
 * const u = windows(mlp({ units: [10, 10], components: ["x", "y"] }), { t: 4 }, { overlap: 0.3 });
 * console.log(u.components.length); // 2
 * ```
 */
export function windows(field: Field, along: Readonly<Record<string, number>>, options: WindowsOptions = {}): Field {
  checkArgument("windows", "the field", field, fieldCheck);
  checkArgument("windows", "the windows", along, alongCheck);
  checkOptions<WindowsOptions>("windows", options, { optional: { overlap: overlapCheck } });
  const { overlap = 0.5 } = options;
  const numbers = { ...along };
  return fieldOf((inputs) => {
    const { coordinates, bounds } = inputs;
    const unknown = Object.keys(numbers).find((name) => !coordinates.includes(name));
    if (unknown !== undefined) {
      fail(
        "windows",
        `received windows along ${quoted([unknown])}, which the field does not have; it has ${quoted(coordinates)}.`,
      );
    }
    const counts = coordinates.map((name) => (Object.hasOwn(numbers, name) ? numbers[name]! : 1));
    const grid = gridOf(counts.map((count) => windowsOver(count, overlap)));
    const networks = grid.map((cell) => {
      const own = Object.fromEntries(
        coordinates.map((name, axis) => [name, within(bounds[name]!, cell[axis]!)] as const),
      );
      return field.network({ coordinates, bounds: own } satisfies Inputs);
    });
    return windowed({ networks, counts, overlap });
  }, field);
}

/** A part of [-1, 1] in the units of what [-1, 1] stands for. */
function within([low, high]: Interval, part: { readonly low: number; readonly high: number }): Interval {
  const half = (high - low) / 2;
  return [low + (part.low + 1) * half, low + (part.high + 1) * half];
}

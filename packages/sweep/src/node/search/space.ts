// What a search draws from: a list of choices or a range for each parameter, as a function of a number between 0 and 1.
import { type Check, checkArgument, checkOptions, checks, fail } from "@hooke/runtime";

/** Numbers from a lower to an upper bound, such as {@link range} makes. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly scale: "linear" | "logarithmic";
  readonly whole: boolean;
}

/** Choices or a range for each parameter, by name. */
export type Space = Readonly<Record<string, readonly unknown[] | Range>>;

/** The parameters of a trial. */
export type Drawn<S extends Space> = {
  readonly [N in keyof S]: S[N] extends Range ? number : S[N] extends readonly (infer V)[] ? V : never;
};

/** Options of {@link range}. */
export interface RangeOptions {
  /** `"logarithmic"`: each factor is as likely as another, as is usual for learning rates. Default `"linear"`. */
  readonly scale?: "linear" | "logarithmic";
  /** Whole numbers, both bounds among them. Default false. */
  readonly whole?: boolean;
}

/**
 * Numbers between two bounds, for {@link randomTrials} and {@link sobolTrials}.
 *
 * @throws on bounds that do not rise, and on a logarithmic range that does not begin above 0
 */
export function range(from: number, to: number, options: RangeOptions = {}): Range {
  checkArgument("range", "the lower bound", from, checks.finite);
  checkArgument("range", "the upper bound", to, checks.finite);
  checkOptions<RangeOptions>("range", options, {
    optional: {
      scale: (value) => (value === "linear" || value === "logarithmic" ? undefined : '"linear" or "logarithmic"'),
      whole: (value) => (typeof value === "boolean" ? undefined : "true or false"),
    },
  });
  const { scale = "linear", whole = false } = options;
  if (!(from < to)) fail("range", `received ${from} to ${to}; the second is to be above the first.`);
  if (scale === "logarithmic" && from <= 0)
    fail("range", `received ${from} to ${to} on a logarithmic scale; begin above 0.`);
  if (whole && !(Number.isSafeInteger(from) && Number.isSafeInteger(to)))
    fail("range", `received ${from} to ${to} as whole numbers; give bounds that are.`);
  return { from, to, scale, whole };
}

const isRange = (part: readonly unknown[] | Range): part is Range => !Array.isArray(part);

/** Whether it is as {@link range} makes them. */
function isAsMade(value: unknown): boolean {
  const { from = Number.NaN, to = Number.NaN, scale, whole } = (value ?? {}) as Partial<Range>;
  const rises = Number.isFinite(from) && Number.isFinite(to) && from < to;
  const isScaled = scale === "linear" || (scale === "logarithmic" && from > 0);
  const isCounted = whole === false || (whole === true && Number.isSafeInteger(from) && Number.isSafeInteger(to));
  return rises && isScaled && isCounted;
}

/** Expects a space. */
export const spaceCheck: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length > 0 &&
  Object.values(value).every((part) => (Array.isArray(part) ? part.length > 0 : isAsMade(part)))
    ? undefined
    : 'lists of choices or ranges by name, such as { activation: ["tanh", "relu"], learningRate: range(1e-4, 1e-1, { scale: "logarithmic" }) }';

/** The parameters at a point of the unit cube, whose axes are the names in their order. */
export function drawnAt<S extends Space>(space: S, point: ArrayLike<number>): Drawn<S> {
  const entries = Object.entries(space).map(([name, part], axis) => [name, valueAt(part, point[axis]!)]);
  return Object.fromEntries(entries) as Drawn<S>;
}

function valueAt(part: readonly unknown[] | Range, at: number): unknown {
  if (!isRange(part)) return part[Math.floor(at * part.length)];
  const { from, to, scale, whole } = part;
  const between = (low: number, high: number): number =>
    scale === "linear" ? low + (high - low) * at : low * (high / low) ** at;
  // The bounds of whole numbers have as much room as those between.
  return whole ? Math.min(to, Math.max(from, Math.round(between(from - 0.5, to + 0.5)))) : between(from, to);
}

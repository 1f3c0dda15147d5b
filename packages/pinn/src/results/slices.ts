// Slices: a quantity along one coordinate, at some values of another.
import { checkArgument, checkOptions, fail, quoted } from "@hooke/runtime";
import { time } from "../domains/domain.ts";
import type { Known } from "../errors.ts";
import type { Solution } from "../solution.ts";
import { formatted } from "../table.ts";
import { type CurvesFigure, labelOf, type Units } from "./figures.ts";
import { checkSolution, evenly, fixedOf, gridOf, pointsCheck, quantityOn, unitsCheck } from "./grid.ts";

/** Options of {@link slices}. */
export interface SlicesOptions {
  /** The coordinate that it goes along. Default the first of space. */
  readonly along?: string;
  /**
   * The values of other coordinates: of one of them several, which makes a curve each. Default four times, from the start to the end, and the
   * middle of space.
   */
  readonly at?: Readonly<Record<string, number | readonly number[]>>;
  /** How many points a curve has. Default 201. */
  readonly points?: number;
  /** What is known: drawn beside each curve. Default none. */
  readonly exact?: Known;
  /** Units by the names of coordinates and quantities, for labels. Default none. */
  readonly units?: Units;
  readonly title?: string;
  readonly caption?: string;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? undefined : "a text");
const placesCheck = (value: unknown): string | undefined => {
  const wanted = "a number or a list of numbers by coordinate, such as { t: [0, 0.5, 1] }";
  if (typeof value !== "object" || value === null) return wanted;
  const fits = (each: unknown): boolean =>
    Array.isArray(each) ? each.length > 0 && each.every(Number.isFinite) : Number.isFinite(each);
  return Object.values(value).every(fits) ? undefined : wanted;
};

/**
 * Curves of a field, a component or a derived quantity along a coordinate, for the `figures` of `@hooke/report`. Where the domain is not, they have gaps.
 *
 * @param quantity its name, such as `"u"` or `"stress.xx"`
 * @throws if there is no such quantity or coordinate, and where several coordinates have several values
 */
export async function slices(solution: Solution, quantity: string, options: SlicesOptions = {}): Promise<CurvesFigure> {
  const who = "slices";
  checkSolution(who, solution);
  checkArgument(who, "the quantity", quantity, (value) =>
    typeof value === "string" && value !== "" ? undefined : "a name",
  );
  const { domain } = solution.problem;
  const { coordinates, bounds } = domain;
  checkOptions<SlicesOptions>(who, options, {
    optional: {
      along: (value) => (coordinates.includes(value as string) ? undefined : `a coordinate: ${quoted(coordinates)}`),
      at: placesCheck,
      points: pointsCheck,
      exact: (value) => (typeof value === "function" ? undefined : "a function, such as ({ x }) => Math.sin(x)"),
      units: unitsCheck,
      title: text,
      caption: text,
    },
  });
  const { at = {}, points = 201, units = {}, exact } = options;
  const along = options.along ?? coordinates.find((name) => name !== time) ?? coordinates[0]!;
  const several = Object.entries(at).filter(([, values]) => Array.isArray(values)) as [string, readonly number[]][];
  if (several.length > 1) {
    fail(who, `received several values of ${quoted(several.map(([name]) => name))}; give several of one of them.`);
  }
  const own =
    several[0] ??
    (along !== time && coordinates.includes(time) && at[time] === undefined
      ? ([time, evenly(bounds[time]!, exact === undefined ? 4 : 2)] as const)
      : undefined);
  const single = Object.entries(at).filter(([, value]) => typeof value === "number") as [string, number][];
  const drawn = own === undefined ? [along] : [along, own[0]];
  if (own?.[0] === along || (own !== undefined && !coordinates.includes(own[0]))) {
    fail(who, `received values of "${own[0]}"; it goes along "${along}", and there are ${quoted(coordinates)}.`);
  }
  const fixed = fixedOf(who, domain, drawn, Object.fromEntries(single));
  const x = evenly(bounds[along]!, points);
  const place = (value: number | undefined): Record<string, number> => ({
    ...fixed,
    ...(own !== undefined && { [own[0]]: value! }),
  });
  const values: readonly (number | undefined)[] = own?.[1] ?? [undefined];
  const series: { label: string; values: number[] }[] = [];
  for (const value of values) {
    const rest = place(value);
    const grid = gridOf(
      domain,
      coordinates.map((name) => (name === along ? x : [rest[name]!])),
    );
    const label = own === undefined ? quantity : `${own[0]} = ${formatted(value!)}`;
    series.push({ label, values: [...(await quantityOn(who, solution, grid, quantity))] });
    if (exact !== undefined) {
      const known = x.map((each) => exact({ ...rest, [along]: each }));
      series.push({ label: own === undefined ? "exact" : `${label}, exact`, values: known });
    }
  }
  const where = Object.entries(fixed).map(([name, value]) => `${name} = ${formatted(value)}`);
  const all = series.flatMap(({ values: each }) => each.filter(Number.isFinite));
  return {
    kind: "curves",
    title: options.title ?? `${quantity} along ${along}${where.length === 0 ? "" : ` at ${where.join(", ")}`}`,
    caption:
      options.caption ??
      `From ${formatted(Math.min(...all))} to ${formatted(Math.max(...all))}${own === undefined ? "" : `, at ${values.length} values of ${own[0]}`}.`,
    xLabel: labelOf(along, units),
    yLabel: labelOf(quantity, units),
    x,
    series,
  };
}

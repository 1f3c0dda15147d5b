// The plan of a problem: its sets of points, and which derivatives of which fields are asked for at each.
import { full, record, type Tensor, withScope } from "@hooke/runtime";
import type { Term } from "./conditions/term.ts";
import type { At } from "./derivatives/at.ts";
import type { Operator } from "./derivatives/operator.ts";
import { noting, Requests, type Source } from "./derivatives/source.ts";
import { partsOf, View } from "./derivatives/view.ts";
import type { PointSet, Points } from "./points/points.ts";
import type { ProblemOptions } from "./statement.ts";
import { told } from "./told.ts";

/** Points where terms are recorded: drawn ones, or other places that belong to them. Terms with the same points share a site. */
export interface Site {
  readonly points: Points;
  /** Where the points of the site are, from those drawn. Default there. */
  readonly place?: (points: PointSet) => PointSet;
  /** What is asked of each field. */
  readonly requests: readonly (readonly [field: string, operators: readonly Operator[]])[];
}

/** What is computed of a problem, and where. */
export interface Plan {
  readonly sites: readonly Site[];
  /** By term: its own site, then those of its other places. */
  readonly sitesOf: Readonly<Record<string, readonly number[]>>;
  /** By term: the names of its components, `""` of a scalar. */
  readonly components: Readonly<Record<string, readonly string[]>>;
}

/** Records every term once, on placeholders, and throws the recording away. */
export function planOf(problem: Required<ProblemOptions>): Plan {
  const sites: { points: Points; place?: NonNullable<Site["place"]>; requests: Requests }[] = [];
  const siteOf = (points: Points, place?: NonNullable<Site["place"]>): number => {
    const known = sites.findIndex((site) => site.points === points && site.place === place);
    if (known >= 0) return known;
    return sites.push({ points, ...(place && { place }), requests: new Requests() }) - 1;
  };
  const sitesOf: Record<string, readonly number[]> = {};
  const components: Record<string, readonly string[]> = {};
  for (const [name, term] of Object.entries(problem.terms)) {
    const { points, places = [] } = term;
    sitesOf[name] = [siteOf(points), ...places.map((place) => siteOf(points, place))];
  }
  record(() => {
    const views = sites.map(
      ({ points, requests }) =>
        new View(problem, noting(placeholders(problem, points.count, points.columns), requests)),
    );
    for (const [name, term] of Object.entries(problem.terms)) {
      const own = sitesOf[name]!.map((site) => views[site]!.at);
      components[name] = Object.keys(recordTerm(name, term, own));
    }
    return full([], 0, "f64");
  });
  return Object.freeze({
    sites: sites.map(({ requests, ...site }) => Object.freeze({ ...site, requests: requests.entries() })),
    sitesOf,
    components,
  });
}

/** What a term says at its sites, or at `count` of their points, by component. */
export function recordTerm(
  name: string,
  term: Term,
  [at, ...others]: readonly At[],
  count = term.points.count,
): Record<string, Tensor> {
  const who = `term "${name}"`;
  return withScope(who, () =>
    partsOf(
      who,
      told(who, () => term.record(at!, ...others)),
      count,
      false,
    ),
  );
}

/** A source of tensors that stand for what they are asked. */
export function placeholders(
  problem: Pick<ProblemOptions, "fields">,
  count: number,
  columnNames: readonly string[],
): Source {
  const one = (): Tensor => full([count], 0, "f64");
  return {
    count,
    coordinate: one,
    field: (name) => Array.from({ length: Math.max(problem.fields[name]!.components.length, 1) }, one),
    unknown: () => full([], 0, "f64"),
    columnNames,
    column: one,
  };
}

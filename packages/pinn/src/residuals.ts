// The residuals of all terms as one function of parameters and data, which loss, reports and resampling share.
import { type HostArray, reshape, type Tensor } from "@hooke/runtime";
import { View } from "./derivatives/view.ts";
import { type FieldScales, type Networks, type Parameters, sourceAt } from "./model.ts";
import { recordTerm } from "./plan.ts";
import type { PointSet, Points } from "./points/points.ts";
import type { Problem } from "./problem.ts";

/** The points of a site, and what is known of them. */
export interface SiteData<T = HostArray> {
  readonly rows: T;
  readonly columns: Readonly<Record<string, T>>;
}

/** The name of a component of a term: `momentum.x`, or the term's own. */
export const residualName = (term: string, component: string): string =>
  component === "" ? term : `${term}.${component}`;

/** The residuals that are densities of energies. */
export function energyNames({ terms, plan }: Problem): ReadonlySet<string> {
  return new Set(
    Object.entries(terms)
      .filter(([, { kind }]) => kind === "energy")
      .flatMap(([name]) => plan.components[name]!.map((component) => residualName(name, component))),
  );
}

/** A row as a site of one point. */
export function oneRow({ rows, columns }: SiteData<Tensor>): SiteData<Tensor> {
  return {
    rows: reshape(rows, [1, rows.shape[0]!]),
    columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, reshape(column, [1])])),
  };
}

/**
 * What every term of a problem says at the points of its sites, in the user's units: `[n]` by {@link residualName}.
 *
 * @param only of the terms with these points; default of all terms
 */
export function recordResiduals(
  problem: Problem,
  networks: Networks,
  parameters: Parameters<Tensor>,
  scales: FieldScales<Tensor>,
  sites: readonly SiteData<Tensor>[],
  only?: Points,
): Record<string, Tensor> {
  const { plan, terms } = problem;
  const views = plan.sites.map(({ points, requests }, i) => {
    if (only !== undefined && points !== only) return undefined;
    return new View(problem, sourceAt(problem, networks, parameters, scales, sites[i]!, requests));
  });
  const result: Record<string, Tensor> = {};
  for (const [name, term] of Object.entries(terms)) {
    if (only !== undefined && term.points !== only) continue;
    const places = plan.sitesOf[name]!;
    const own = places.map((site) => views[site]!.at);
    const [count] = sites[places[0]!]!.rows.shape;
    for (const [component, tensor] of Object.entries(recordTerm(name, term, own, count))) {
      result[residualName(name, component)] = tensor;
    }
  }
  return result;
}

/** Drawn points as the data of sites. */
export function siteData(problem: Problem, sets: ReadonlyMap<unknown, PointSet>): SiteData[] {
  const dimensions = problem.domain.coordinates.length;
  return problem.plan.sites.map(({ points, place }) => {
    const drawn = sets.get(points)!;
    const { rows, columns } = place === undefined ? drawn : place(drawn);
    return {
      rows: { shape: [points.count, dimensions], dtype: "f64", data: rows },
      columns: Object.fromEntries(
        Object.entries(columns).map(([name, data]) => [name, { shape: [points.count], dtype: "f64", data } as const]),
      ),
    };
  });
}

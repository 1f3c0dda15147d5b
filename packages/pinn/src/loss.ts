// The loss: a weighted mean of squares for each term, and energies, as an objective whose data can be replaced.
import { type Objective, objective, squares } from "@hooke/minimize";
import { add, type Backend, type HostArray, mul, square, sum, type Tensor, type Tree, treeMap } from "@hooke/runtime";
import { type FieldScales, f64, type Networks, type Parameters } from "./model.ts";
import type { PointSet, Points } from "./points/points.ts";
import { pointwiseIn } from "./pointwise.ts";
import type { Problem } from "./problem.ts";
import { energyNames, oneRow, recordResiduals, residualName, type SiteData } from "./residuals.ts";
import type { Scales } from "./scaling/scales.ts";
import type { Weights } from "./weights/weighting.ts";

/** What the loss reads besides parameters. A tree of arrays. */
export interface LossData<T = HostArray> {
  readonly sites: readonly SiteData<T>[];
  /** By residual, `[n]`: what it is multiplied by, so that half the sum of the squares is its part of the loss; of an energy, its part itself. */
  readonly factors: Readonly<Record<string, T>>;
  readonly scales: FieldScales<T>;
}

/** The loss of a problem. */
export type Loss = Objective<Parameters>;

/** The data of a loss. */
export function lossData(
  problem: Problem,
  sites: readonly SiteData[],
  sets: ReadonlyMap<unknown, PointSet>,
  scales: Scales,
  weights: Weights,
): LossData {
  const factors: Record<string, HostArray> = {};
  for (const [name, { kind, points, weight }] of Object.entries(problem.terms)) {
    // Energies are parts of one: they are not weighed against each other.
    const own = kind === "energy" ? 1 : (weights[name] ?? 1);
    const quadrature = sets.get(points)!.columns.quadrature;
    for (const component of problem.plan.components[name]!) {
      const residual = residualName(name, component);
      const scale = scales.terms[residual]!;
      const data = Float64Array.from({ length: points.count }, (_, i) => {
        const each = weight * (typeof own === "number" ? own : own[i]!);
        if (kind === "squares") return Math.sqrt((2 * each) / points.count) / scale;
        return (each * (quadrature?.[i] ?? points.measure / points.count)) / scale;
      });
      factors[residual] = { shape: [points.count], dtype: "f64", data };
    }
  }
  return { sites, factors, scales: f64(scales.fields) };
}

/**
 * Records the loss once and prepares it: a function for each set of points, of one of its points where its terms are functions of a point, so that many points are
 * evaluated in blocks.
 */
export async function prepareLoss(
  backend: Backend,
  problem: Problem,
  networks: Networks,
  parameters: Parameters,
  data: LossData,
): Promise<Loss> {
  const { plan } = problem;
  const energies = energyNames(problem);
  const pointwise = pointwiseIn(problem);
  const residuals: Record<string, Residuals> = {};
  const rows: Record<string, Tree<number | null>> = {};
  for (const [name, { points, names }] of Object.entries(groupsOf(problem))) {
    const each = pointwise.has(points);
    const isOwn = plan.sites.map((site) => site.points === points);
    residuals[name] = (given, { sites, factors, scales }) => {
      const here = each ? sites.map((site, i) => (isOwn[i] ? oneRow(site) : site)) : sites;
      const said = recordResiduals(problem, networks, given, scales, here, points);
      return Object.fromEntries(Object.entries(said).map(([one, value]) => [one, mul(value, factors[one]!)]));
    };
    if (!each) continue;
    const ownNames = names.map(({ residual }) => residual);
    rows[name] = {
      sites: data.sites.map((site, i) => treeMap(site, () => (isOwn[i] ? 0 : null))),
      factors: Object.fromEntries(Object.keys(data.factors).map((one) => [one, ownNames.includes(one) ? 0 : null])),
      scales: treeMap(data.scales, () => null),
    } as Tree<number | null>;
  }
  const given = { backend, parameters, data, rows };
  if (energies.size === 0) return (await squares({ ...given, residuals: residuals as never })) as unknown as Loss;
  const lossOf = (of: Residuals) => (own: Parameters<Tensor>, read: LossData<Tensor>) =>
    Object.entries(of(own, read))
      .map(([name, part]) => (energies.has(name) ? sum(part) : mul(sum(square(part)), 0.5)))
      .reduce((a, b) => add(a, b));
  const value = Object.fromEntries(Object.entries(residuals).map(([name, of]) => [name, lossOf(of)]));
  return (await objective({ ...given, value: value as never })) as unknown as Loss;
}

/** What the terms at a set of points say, times their factors. */
type Residuals = (parameters: Parameters<Tensor>, data: LossData<Tensor>) => Record<string, Tensor>;

/** A residual of a term. */
interface Name {
  readonly term: string;
  readonly residual: string;
}

/** The terms at each set of points, by their names. */
function groupsOf({
  terms,
  plan,
}: Problem): Record<string, { readonly points: Points; readonly names: readonly Name[] }> {
  return Object.fromEntries(
    [...new Set(Object.values(terms).map(({ points }) => points))].map((points) => {
      const own = Object.keys(terms).filter((term) => terms[term]!.points === points);
      const names = own.flatMap((term) =>
        plan.components[term]!.map((component) => ({ term, residual: residualName(term, component) })),
      );
      return [own.join(), { points, names }];
    }),
  );
}

/** A number in the vector of residuals of a loss: what says it, and at which of its points. */
export interface Row extends Name {
  readonly point: number;
}

/** The residuals of a loss of squares, in their order. */
export function rowsOf(problem: Problem): readonly Row[] {
  const pointwise = pointwiseIn(problem);
  return Object.values(groupsOf(problem)).flatMap(({ points, names }) => {
    const all = Array.from({ length: points.count }, (_, point) => names.map((name) => ({ ...name, point })));
    return pointwise.has(points) ? all.flat() : names.flatMap((_, i) => all.map((row) => row[i]!));
  });
}

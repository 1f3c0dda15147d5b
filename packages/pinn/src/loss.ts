// The loss: a weighted mean of squares for each term, and energies, as an objective whose data can be replaced.
import { type Objective, objective, squares } from "@hooke/minimize";
import { add, type Backend, type HostArray, mul, square, sum, type Tensor } from "@hooke/runtime";
import type { FieldScales, Networks, Parameters } from "./model.ts";
import type { PointSet } from "./points/points.ts";
import type { Problem } from "./problem.ts";
import { energyNames, recordResiduals, residualName, type SiteData } from "./residuals.ts";
import { f64 } from "./scaling/field-scales.ts";
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

/** Records the loss once and prepares it. */
export async function prepareLoss(
  backend: Backend,
  problem: Problem,
  networks: Networks,
  parameters: Parameters,
  data: LossData,
): Promise<Loss> {
  const residuals = (own: Parameters<Tensor>, { sites, factors, scales }: LossData<Tensor>): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(recordResiduals(problem, networks, own, scales, sites)).map(([name, value]) => [
        name,
        mul(value, factors[name]!),
      ]),
    );
  const energies = energyNames(problem);
  if (energies.size === 0) {
    return (await squares({ backend, parameters, data, residuals: residuals as never })) as unknown as Loss;
  }
  const value = (own: Parameters<Tensor>, given: LossData<Tensor>): Tensor =>
    Object.entries(residuals(own, given))
      .map(([name, part]) => (energies.has(name) ? sum(part) : mul(sum(square(part)), 0.5)))
      .reduce((a, b) => add(a, b));
  return (await objective({ backend, parameters, data, value: value as never })) as unknown as Loss;
}

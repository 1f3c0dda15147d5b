// What the terms say at any points, on the host: for scales, resampling and reports.
import { type Backend, HookeError, type Tensor } from "@hooke/runtime";
import { type CompiledTrees, compiled } from "./compiled.ts";
import { type FieldScales, f64, type Networks, type Parameters } from "./model.ts";
import type { PointSet } from "./points/points.ts";
import type { Problem } from "./problem.ts";
import { recordResiduals, residualName, type SiteData, siteData } from "./residuals.ts";

/** The points of each recipe. */
export type Sets = ReadonlyMap<unknown, PointSet>;

/** Residuals by {@link residualName}, `[n]`. */
export type Residuals = Readonly<Record<string, Float64Array>>;

/** Evaluates terms, in the user's units. */
export class Evaluator {
  private readonly problem: Problem;
  private readonly call: CompiledTrees;

  constructor(backend: Backend, problem: Problem, networks: Networks) {
    this.problem = problem;
    const fn = (
      parameters: Parameters<Tensor>,
      scales: FieldScales<Tensor>,
      sites: readonly SiteData<Tensor>[],
    ): Record<string, Tensor> => recordResiduals(problem, networks, parameters, scales, sites);
    this.call = compiled(backend, fn);
  }

  async residuals(parameters: Parameters, scales: FieldScales, sets: Sets): Promise<Residuals> {
    const sites = siteData(this.problem, sets);
    const arrays = await this.call(parameters, f64(scales), sites);
    return Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data as Float64Array]));
  }

  free(): void {
    this.call.free();
  }
}

/** Fails where a term has left the finite numbers. @throws naming the term and the first such point */
export function checkFinite(problem: Problem, residuals: Residuals, sets: Sets): void {
  const { coordinates } = problem.domain;
  for (const [term, components] of Object.entries(problem.plan.components)) {
    for (const component of components) {
      const values = residuals[residualName(term, component)]!;
      const bad = values.findIndex((value) => !Number.isFinite(value));
      if (bad < 0) continue;
      const { rows } = sets.get(problem.terms[term]!.points)!;
      const place = coordinates.map((name, axis) => `${name} = ${rows[bad * coordinates.length + axis]}`).join(", ");
      const count = values.filter((value) => !Number.isFinite(value)).length;
      throw new HookeError(
        `solve: the term "${residualName(term, component)}" is ${values[bad]} at ${place}${count > 1 ? ` and ${count - 1} more of its ${values.length} points` : ""}. ` +
          "Look for a division by zero, a root or a logarithm there, or start with smaller steps.",
        { code: "non-finite" },
      );
    }
  }
}

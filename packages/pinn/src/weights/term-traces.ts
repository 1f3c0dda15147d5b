// The squared gradients of what terms say at each point, in all parameters: the diagonals of their tangent kernels.
import {
  add,
  type Backend,
  fail,
  grad,
  type HostArray,
  square,
  sum,
  type Tensor,
  treeLeaves,
  vmap,
} from "@hooke/runtime";
import { type CompiledTrees, compiled } from "../compiled.ts";
import { View } from "../derivatives/view.ts";
import type { Sets } from "../evaluator.ts";
import { type FieldScales, f64, type Networks, type Parameters, sourceAt } from "../model.ts";
import { recordTerm } from "../plan.ts";
import { pointwiseIn } from "../pointwise.ts";
import type { Problem } from "../problem.ts";
import { oneRow, residualName, type SiteData, siteData } from "../residuals.ts";
import type { Scales } from "../scaling/scales.ts";

/** At most so many points of a term are looked at: gradients in all parameters at each take room. */
const most = 512;

/** Computes traces, once it is asked. */
export class TermTraces {
  private readonly fn: (parameters: never, scales: never, sites: never) => unknown;
  private readonly backend: Backend;
  private readonly problem: Problem;
  private call: CompiledTrees | undefined;

  constructor(backend: Backend, problem: Problem, networks: Networks) {
    [this.backend, this.problem] = [backend, problem];
    const { plan, terms } = problem;
    /** What a component of a term says at one point: of its sites, a row each. */
    const said = (
      name: string,
      component: string,
      parameters: Parameters<Tensor>,
      scales: FieldScales<Tensor>,
      rows: readonly SiteData<Tensor>[],
    ): Tensor => {
      const views = plan.sitesOf[name]!.map((site, i) => {
        const source = sourceAt(problem, networks, parameters, scales, oneRow(rows[i]!), plan.sites[site]!.requests);
        return new View(problem, source).at;
      });
      return sum(recordTerm(name, terms[name]!, views, 1)[component]!);
    };
    this.fn = (
      parameters: Parameters<Tensor>,
      scales: FieldScales<Tensor>,
      sites: Readonly<Record<string, readonly SiteData<Tensor>[]>>,
    ) =>
      Object.fromEntries(
        Object.keys(terms).flatMap((name) =>
          plan.components[name]!.map((component) => {
            const diagonal = vmap((rows: readonly SiteData<Tensor>[]): Tensor => {
              const slopes = grad(((own: Parameters<Tensor>) => said(name, component, own, scales, rows)) as never);
              return treeLeaves<Tensor>((slopes as (own: unknown) => never)(parameters))
                .map(({ value }) => sum(square(value)))
                .reduce((a, b) => add(a, b));
            });
            return [residualName(name, component), (diagonal as (rows: unknown) => Tensor)(sites[name])];
          }),
        ),
      );
  }

  /** By term: the mean over points of the sum over components. @throws naming a term that mixes points */
  async at(parameters: Parameters, { fields, terms: scales }: Scales, sets: Sets): Promise<Record<string, number>> {
    const { plan, terms } = this.problem;
    if (this.call === undefined) {
      checkPointwise(this.problem);
      this.call = compiled(this.backend, this.fn);
    }
    const all = siteData(this.problem, sets);
    const sites = Object.fromEntries(
      Object.keys(terms).map((name) => [name, plan.sitesOf[name]!.map((site) => spread(all[site]!))]),
    );
    const diagonals = await this.call(parameters, f64(fields), sites);
    return Object.fromEntries(
      Object.keys(terms).map((term) => {
        const parts = plan.components[term]!.map((component) => {
          const name = residualName(term, component);
          const { data } = diagonals[name]!;
          let total = 0;
          for (let i = 0; i < data.length; i++) total += data[i]!;
          return total / data.length / scales[name]! ** 2;
        });
        return [term, parts.reduce((a, b) => a + b)];
      }),
    );
  }

  free(): void {
    this.call?.free();
  }
}

function checkPointwise(problem: Problem): void {
  const pointwise = pointwiseIn(problem);
  for (const [name, { points }] of Object.entries(problem.terms)) {
    if (points.count === 1 || pointwise.has(points)) continue;
    fail(
      "tangentKernel",
      `the term "${name}" stands at points where a term, or an exact transform, mixes points, such as by a mean; its gradient at one ` +
        "point is not defined. Weigh the terms by gradientNorm() or relobralo().",
      "unsupported",
    );
  }
}

/** At most {@link most} rows, evenly spread over their order. */
function spread({ rows, columns }: SiteData): SiteData {
  const count = rows.shape[0]!;
  const kept = Math.min(count, most);
  const at = Array.from({ length: kept }, (_, i) => Math.floor((i * count) / kept));
  const taken = ({ shape, dtype, data }: HostArray): HostArray => {
    const width = shape[1] ?? 1;
    const values = Float64Array.from({ length: kept * width }, (_, i) => {
      return data[at[Math.floor(i / width)]! * width + (i % width)]!;
    });
    return { shape: [kept, ...shape.slice(1)], dtype, data: values };
  };
  return {
    rows: taken(rows),
    columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, taken(column)])),
  };
}

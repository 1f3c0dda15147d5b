// What a weighting is shown of a solution under way.
import {
  add,
  type Backend,
  fail,
  grad,
  type HostArray,
  mul,
  quoted,
  square,
  sum,
  type Tensor,
  type Tree,
  treeLeaves,
} from "@hooke/runtime";
import { type CompiledTrees, compiled } from "../compiled.ts";
import type { Evaluator, Sets } from "../evaluator.ts";
import { type LossData, lossData } from "../loss.ts";
import type { Networks, Parameters } from "../model.ts";
import type { Problem } from "../problem.ts";
import { recordResiduals, residualName, siteData } from "../residuals.ts";
import type { Scales } from "../scaling/scales.ts";
import type { TermTraces } from "./term-traces.ts";
import type { WeightingView } from "./weighting.ts";

/** Computes the gradients of terms, once it is asked. */
export class TermGradients {
  private readonly fn: (parameters: never, data: never) => unknown;
  private readonly backend: Backend;
  private call: CompiledTrees | undefined;

  constructor(backend: Backend, problem: Problem, networks: Networks) {
    this.backend = backend;
    const lossOf =
      (term: string, { sites, factors, scales }: LossData<Tensor>) =>
      (parameters: Parameters<Tensor>) => {
        const residuals = recordResiduals(problem, networks, parameters, scales, sites);
        const energy = problem.terms[term]!.kind === "energy";
        return problem.plan.components[term]!.map((component) => residualName(term, component))
          .map((name) => mul(residuals[name]!, factors[name]!))
          .map((part) => (energy ? sum(part) : mul(sum(square(part)), 0.5)))
          .reduce((total, part) => add(total, part));
      };
    this.fn = (parameters: Parameters<Tensor>, data: LossData<Tensor>) =>
      Object.fromEntries(
        Object.keys(problem.terms).map((name) => [name, grad(lossOf(name, data) as never)(parameters as never)]),
      );
  }

  async at(parameters: Parameters, data: LossData): Promise<Readonly<Record<string, Float64Array>>> {
    this.call ??= compiled(this.backend, this.fn);
    const trees = (await this.call(parameters, data)) as Readonly<Record<string, Tree<HostArray>>>;
    return Object.fromEntries(
      Object.entries(trees).map(([name, tree]) => {
        const parts = treeLeaves<HostArray>(tree).map(({ value }) => value.data);
        return [name, Float64Array.from(parts.flatMap((part) => [...part]))];
      }),
    );
  }

  free(): void {
    this.call?.free();
  }
}

/** A view of a solution at its present point. */
export function weightingView(
  problem: Problem,
  { evaluator, gradients, traces }: Computed,
  { parameters, scales, sets, ...rest }: Present,
): WeightingView {
  const { domain, terms, plan } = problem;
  return {
    ...rest,
    kinds: Object.fromEntries(Object.entries(terms).map(([name, { kind }]) => [name, kind])),
    bounds: domain.bounds,
    residuals: async () => {
      const said = await evaluator.residuals(parameters, scales.fields, sets);
      return Object.fromEntries(
        Object.entries(plan.components).map(([term, components]) => [
          term,
          components.map((component) => {
            const name = residualName(term, component);
            return said[name]!.map((value) => value / scales.terms[name]!);
          }),
        ]),
      );
    },
    gradients: (under = {}) =>
      gradients.at(parameters, lossData(problem, siteData(problem, sets), sets, scales, under)),
    traces: () => traces.at(parameters, scales, sets),
    coordinate: (name) => {
      const axis = domain.coordinates.indexOf(name);
      if (axis < 0) fail("coordinate", `there is no "${name}"; there are ${quoted(domain.coordinates)}.`);
      return Object.fromEntries(
        Object.entries(terms).map(([term, { points }]) => {
          const { rows } = sets.get(points)!;
          return [
            term,
            Float64Array.from({ length: points.count }, (_, i) => rows[i * domain.coordinates.length + axis]!),
          ];
        }),
      );
    },
  };
}

/** What computes what a view shows. */
interface Computed {
  readonly evaluator: Evaluator;
  readonly gradients: TermGradients;
  readonly traces: TermTraces;
}

/** Where a solution is. */
interface Present extends Pick<WeightingView, "iteration" | "redrawn" | "key"> {
  readonly parameters: Parameters;
  readonly scales: Scales;
  readonly sets: Sets;
}

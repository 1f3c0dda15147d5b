// What each term says in the end: where it was trained, at points drawn afresh, and of data at those held out.
import { foldHost, type HostArray } from "@hooke/runtime";
import type { Evaluator, Sets } from "./evaluator.ts";
import { type ResidualSizes, residualSizes, termNames } from "./history.ts";
import type { Parameters } from "./model.ts";
import type { Problem } from "./problem.ts";
import type { TermReport } from "./report.ts";
import { drawAll } from "./resampling/refresh.ts";
import { rms, type Scales } from "./scaling/scales.ts";
import type { HeldOutData } from "./watching/held-out-data.ts";

/** How often fresh points are drawn: as many points as that times those of training. */
const draws = 4;

const mean = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0) / numbers.length;

/** Reports on the terms of a problem. */
export async function termReports(
  problem: Problem,
  evaluator: Evaluator,
  heldOut: HeldOutData | undefined,
  parameters: Parameters,
  at: { readonly scales: Scales; readonly sets: Sets; readonly key: HostArray },
): Promise<readonly TermReport[]> {
  const { fields } = at.scales;
  const training = await residualSizes(problem, evaluator, parameters, fields, at.sets);
  const held = (await heldOut?.residuals(parameters, at.scales)) ?? {};
  const fresh: ResidualSizes[] = [];
  for (let i = 0; i < draws; i++) {
    const drawn = drawAll(problem, foldHost(foldHost(at.key, "fresh"), i));
    fresh.push(await residualSizes(problem, evaluator, parameters, fields, drawn));
  }
  return termNames(problem).map(({ term, name }): TermReport => {
    const { kind, points, weight, data } = problem.terms[term]!;
    const sizes = fresh.map((each) => each[name]!);
    return {
      name,
      kind,
      points: points.count,
      weight,
      training: training[name]!,
      ...(held[name] && { fresh: rms(held[name]) }),
      ...(points.random && { fresh: kind === "energy" ? mean(sizes) : rms(sizes) }),
      scale: at.scales.terms[name]!,
      ...(data?.sd !== undefined && { sd: data.sd }),
    };
  });
}

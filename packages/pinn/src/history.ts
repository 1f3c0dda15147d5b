// The history of a solution: what the terms said on the way.
import type { HostArray } from "@hooke/runtime";
import { integral } from "./energies.ts";
import type { Evaluator, Sets } from "./evaluator.ts";
import type { FieldScales, Parameters } from "./model.ts";
import type { Problem } from "./problem.ts";
import { drawAll } from "./resampling/refresh.ts";
import { residualName } from "./residuals.ts";
import { rms } from "./scaling/scales.ts";

/** The size of what each term says, by its name or `term.component`: its root mean square, in the user's units; of an energy, the integral. */
export type ResidualSizes = Readonly<Record<string, number>>;

/** What the terms said after some steps. */
export interface HistoryRow {
  /** Of all stages. */
  readonly step: number;
  /** At the points that they were trained on until then. */
  readonly training: ResidualSizes;
  /** At points drawn afresh; those whose points are given are not there. */
  readonly fresh: ResidualSizes;
}

/** Rows of a history are at least so many steps apart: it takes two evaluations without gradients. */
export const historyEvery = 100;

/** The row of some parameters. */
export async function historyRow(
  problem: Problem,
  evaluator: Evaluator,
  parameters: Parameters,
  fields: FieldScales,
  at: { readonly step: number; readonly sets: Sets; readonly key: HostArray },
): Promise<HistoryRow> {
  const training = await residualSizes(problem, evaluator, parameters, fields, at.sets);
  if (Object.values(problem.terms).every(({ points }) => !points.random)) return { step: at.step, training, fresh: {} };
  const drawn = await residualSizes(problem, evaluator, parameters, fields, drawAll(problem, at.key));
  const random = termNames(problem).filter(({ term }) => problem.terms[term]!.points.random);
  return { step: at.step, training, fresh: Object.fromEntries(random.map(({ name }) => [name, drawn[name]!])) };
}

/** What the terms say at sets of points, in numbers. */
export async function residualSizes(
  problem: Problem,
  evaluator: Evaluator,
  parameters: Parameters,
  fields: FieldScales,
  sets: Sets,
): Promise<ResidualSizes> {
  const said = await evaluator.residuals(parameters, fields, sets);
  return Object.fromEntries(
    termNames(problem).map(({ term, name }) => {
      const { kind, points } = problem.terms[term]!;
      return [name, kind === "energy" ? integral(said[name]!, points, sets.get(points)!) : rms(said[name]!)];
    }),
  );
}

/** The components of terms, with the names that reports give them. */
export function termNames({ plan }: Problem): { readonly term: string; readonly name: string }[] {
  return Object.entries(plan.components).flatMap(([term, components]) =>
    components.map((component) => ({ term, name: residualName(term, component) })),
  );
}

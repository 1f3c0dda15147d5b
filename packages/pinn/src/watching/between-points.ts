// Watches residuals between points: which of the last solutions had the least. Points go stale, and a solution that ends on stale points has gone too far on them. It
// looks every 100 steps at points drawn once, never ends a stage, and chooses at the end.
import { foldHost, type HostArray } from "@hooke/runtime";
import type { Evaluator, Sets } from "../evaluator.ts";
import type { Parameters } from "../model.ts";
import type { Problem } from "../problem.ts";
import { drawAll } from "../resampling/refresh.ts";
import { residualName } from "../residuals.ts";
import type { Scales } from "../scaling/scales.ts";
import type { SolveState } from "../state.ts";
import { formatted } from "../table.ts";
import { meanSquare } from "../weights/weighting.ts";
import type { Late } from "./remembered.ts";
import { multipleAfter, type Watcher } from "./watcher.ts";

/** Steps between looks. */
const lookEvery = 100;

/** How often each term's points are drawn: of many solutions the least is low by chance, too. */
const draws = 4;

/** It looks back over this part of all steps: before, a solution that is smooth and wrong can leave less than one that is nearly right. */
const late = 0.2;

/**
 * Watches a problem of squares, some of whose points are drawn; undefined for others, which have nothing to look at. Where data are fitted their noise decides, and
 * those held out: unknowns come to rest long after residuals have.
 */
export function watchBetweenPoints(problem: Problem, evaluator: Evaluator, key: HostArray): Watcher | undefined {
  const terms = Object.values(problem.terms);
  const looks = terms.every(({ kind, data }) => kind === "squares" && data === undefined);
  if (!looks || !terms.some(({ points }) => points.random)) return undefined;
  const own = foldHost(key, "between points");
  const sets: Sets[] = Array.from({ length: draws }, (_, i) => drawAll(problem, foldHost(own, i)));
  const lossOf = async (parameters: Parameters, scales: Scales): Promise<number> => {
    let total = 0;
    for (const drawn of sets) {
      const said = await evaluator.residuals(parameters, scales.fields, drawn);
      for (const [term, { weight }] of Object.entries(problem.terms)) {
        const components = problem.plan.components[term]!.map((component) => {
          const name = residualName(term, component);
          return said[name]!.map((value) => value / scales.terms[name]!);
        });
        total += (weight * meanSquare(components)) / draws;
      }
    }
    return total;
  };
  const seenLately = ({ lately = [] }: SolveState, step: number): readonly Late[] =>
    lately.filter((each) => each.step >= (1 - late) * step);
  return {
    next: (done) => multipleAfter(done, lookEvery),
    look: async ({ done, state, parameters }) => {
      if (done === 0 || done % lookEvery !== 0) return { state };
      const [step, loss] = [stepOf(state, done), await lossOf(parameters, state.scales)];
      // One that is earlier and worse is never the least again.
      const better = seenLately(state, step).filter((each) => each.loss < loss);
      return { state: { ...state, lately: [...better, { parameters, step, loss }] } };
    },
    choose: async ({ done, state, parameters }) => {
      const last = await lossOf(parameters, state.scales);
      const [least] = seenLately(state, stepOf(state, done));
      if (least === undefined || !(least.loss < last)) return { parameters, words: "", warned: false };
      const [then, now] = [least.loss, last].map((square) => formatted(Math.sqrt(square)));
      const words = `The solution is that of step ${least.step}, where residuals between points were least: ${then} of their scale, ${now} at the end.`;
      return { parameters: least.parameters, words, warned: false };
    },
  };
}

/** Steps of all stages. */
const stepOf = ({ ended }: SolveState, done: number): number =>
  ended.reduce((total, { iterations }) => total + iterations, done);

// Watches points held out, which a stage asks for: whether what is trained holds between the points it is trained on. It looks every so many steps at points
// drawn once; where the loss has long fallen only where it is trained, the stage ends, back where the other was least.
import { fail, foldHost } from "@hooke/runtime";
import type { Evaluator, Residuals, Sets } from "../evaluator.ts";
import type { Problem } from "../problem.ts";
import { drawAll } from "../resampling/refresh.ts";
import { residualName } from "../residuals.ts";
import type { HeldOut } from "../stages.ts";
import type { SolveState } from "../state.ts";
import { formatted } from "../table.ts";
import { meanSquare } from "../weights/weighting.ts";
import type { Compared, Watched } from "./remembered.ts";
import { multipleAfter, type Watcher } from "./watcher.ts";

/** How often is compared. */
const everyOf = (heldOut: HeldOut | undefined): number => (heldOut === undefined ? 0 : (heldOut.every ?? 100));

/** Watches the points that a stage holds out. */
export function watchHeldOutPoints(problem: Problem, evaluator: Evaluator): Watcher {
  return {
    next: (done, _, { heldOut }) => multipleAfter(done, everyOf(heldOut)),
    look: async ({ stage: { heldOut }, done, state, parameters, sets, key }) => {
      if (heldOut === undefined || done === 0 || done % everyOf(heldOut) !== 0) return { state };
      let { watched } = state;
      if (watched?.last.iteration !== done) {
        const lossAt = async (drawn: Sets): Promise<number> =>
          drawnLoss(problem, await evaluator.residuals(parameters, state.scales.fields, drawn), state.scales.terms);
        const fresh = await lossAt(drawAll(problem, foldHost(key, "held out")));
        watched = withComparison(watched, { parameters, iteration: done, training: await lossAt(sets), fresh });
      }
      const seen: SolveState = { ...state, watched };
      if (watched.stale < (heldOut.patience ?? 5)) return { state: seen };
      const { method, ...rest } = seen;
      const to = { ...rest, parameters: watched.best.parameters };
      return { state: seen, back: { to, again: false, words: staleWords(watched), warned: false, counted: method } };
    },
  };
}

function withComparison(before: Watched | undefined, now: Compared): Watched {
  const { parameters: _, ...last } = now;
  if (before === undefined || now.fresh < before.best.fresh) return { best: now, last, stale: 0 };
  return { ...before, last, stale: before.stale + (now.training < before.best.training ? 1 : 0) };
}

/** What to say where patience has ended. */
function staleWords({ best, last }: Watched): string {
  return (
    `At held-out points the loss has not fallen since step ${best.iteration} (${formatted(best.fresh)}, now ${formatted(last.fresh)}), ` +
    `where it was trained it fell from ${formatted(best.training)} to ${formatted(last.training)}: it went back to step ${best.iteration}.`
  );
}

/** The loss of the terms that can be drawn at other points. @throws if there are none */
function drawnLoss(problem: Problem, said: Residuals, scales: Readonly<Record<string, number>>): number {
  const drawn = Object.entries(problem.terms).filter(([, { kind, points }]) => kind === "squares" && points.random);
  if (drawn.length === 0) {
    fail("solve", "received a stage with heldOut, but no term of squares has points that are drawn.", "unsupported");
  }
  return drawn.reduce((total, [term, { weight }]) => {
    const components = problem.plan.components[term]!.map((component) => {
      const name = residualName(term, component);
      return said[name]!.map((value) => value / scales[name]!);
    });
    return total + weight * meanSquare(components);
  }, 0);
}

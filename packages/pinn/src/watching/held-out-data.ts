// Watches observations held out: which solution on the way they speak for. Fitting noise moves unknowns, and only these show it. It looks every 50 steps, never
// ends a stage, and chooses at the end.
import { type Backend, randomKey } from "@hooke/runtime";
import { Evaluator, type Residuals } from "../evaluator.ts";
import type { Networks, Parameters } from "../model.ts";
import { type Problem, problem } from "../problem.ts";
import { drawAll } from "../resampling/refresh.ts";
import { residualName } from "../residuals.ts";
import type { Scales } from "../scaling/scales.ts";
import { formatted } from "../table.ts";
import type { Observed, Seen } from "./remembered.ts";
import { multipleAfter, type Watcher } from "./watcher.ts";

/** Steps between looks. */
export const lookEvery = 50;

/** Standard errors. */
const clear = 2;

/**
 * Adds a look. Held-out observations are noisy too, and the lowest of many misfits is low by chance: a solution is clearly worse where its mean square
 * is higher than that by more than {@link clear} standard errors, either of the differences, observation by observation, or, where a few of them are
 * large, of a mean of squares of normal noise. Breiman et al. 1984 took one of the first kind.
 */
export function observe(before: Observed | undefined, now: Omit<Seen, "misfit">, squares: Float64Array): Observed {
  const kept = { ...now, misfit: mean(squares) };
  if (before === undefined || kept.misfit <= mean(before.lowest)) return { lowest: squares, kept };
  const rises = squares.map((square, i) => square - before.lowest[i]!);
  const rise = mean(rises);
  const variance = mean(rises.map((each) => (each - rise) ** 2)) / Math.max(rises.length - 1, 1);
  const chance = Math.min(Math.sqrt(variance), mean(before.lowest) * Math.sqrt(2 / rises.length));
  return rise <= clear * chance ? { ...before, kept } : before;
}

/** What to say where the last solution was not kept. */
function keptWords({ kept }: Observed, last: Float64Array): string {
  const [then, now] = [kept.misfit, mean(last)].map((square) => formatted(Math.sqrt(square)));
  return (
    `It is the solution of step ${kept.iteration} of stage ${kept.stage + 1}: from there on the misfit at held-out data rose from ${then} to ${now} ` +
    "times their noise or scale, as the noise of the others was fitted. Give data less weight, so that equations hold more exactly."
  );
}

/** Watches the data of a problem that are held out. */
export function watchHeldOutData(heldOut: HeldOutData): Watcher {
  return {
    next: (done) => multipleAfter(done, lookEvery),
    look: async ({ done, state, parameters }) => {
      if (done === 0 || done % lookEvery !== 0) return { state };
      const now = { parameters, stage: state.stage, iteration: done };
      const squares = await heldOut.squares(parameters, state.scales);
      return { state: { ...state, observed: observe(state.observed, now, squares) } };
    },
    choose: async ({ done, state, parameters }) => {
      const now = { parameters, stage: state.stage, iteration: done };
      const squares = await heldOut.squares(parameters, state.scales);
      const observed = observe(state.observed, now, squares);
      const { kept } = observed;
      const words = kept.parameters === parameters ? "" : keptWords(observed, squares);
      return { parameters: kept.parameters, words, warned: true };
    },
  };
}

const mean = (numbers: Float64Array): number => numbers.reduce((total, each) => total + each, 0) / numbers.length;

/** The data of a problem that are held out. */
export class HeldOutData {
  private readonly held: Problem;
  private readonly evaluator: Evaluator;

  /** @returns undefined if there are none */
  static of(backend: Backend, whole: Problem, networks: Networks): HeldOutData | undefined {
    const terms = Object.entries(whole.terms).flatMap(([name, { data }]) =>
      data?.heldOut === undefined ? [] : [[name, data.heldOut] as const],
    );
    if (terms.length === 0) return undefined;
    const { plan: _, ...rest } = whole;
    return new HeldOutData(backend, problem({ ...rest, terms: Object.fromEntries(terms) }), whole, networks);
  }

  private readonly whole: Problem;

  private constructor(backend: Backend, held: Problem, whole: Problem, networks: Networks) {
    [this.held, this.whole] = [held, whole];
    this.evaluator = new Evaluator(backend, held, networks);
  }

  /** What is left of them, by residual, in the user's units. */
  residuals(parameters: Parameters, { fields }: Scales): Promise<Residuals> {
    return this.evaluator.residuals(parameters, fields, drawAll(this.held, randomKey(0)));
  }

  /** Squares of all, in terms of their noise, or of the scale where it is not known. */
  async squares(parameters: Parameters, scales: Scales): Promise<Float64Array> {
    const said = await this.residuals(parameters, scales);
    const parts = Object.entries(this.held.plan.components).flatMap(([term, components]) =>
      components.map((component) => {
        const name = residualName(term, component);
        const unit = this.whole.terms[term]!.data!.sd ?? scales.terms[name]!;
        return said[name]!.map((value) => (value / unit) ** 2);
      }),
    );
    return Float64Array.from(parts.flatMap((part) => [...part]));
  }

  free(): void {
    this.evaluator.free();
  }
}

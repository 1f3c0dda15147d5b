// Levenberg-Marquardt: Gauss-Newton steps, shortened until the squares fall (Moré's scaling, Nielsen's damping).
import { checkOptions, checks, fail } from "@hooke/runtime";
import { dampedSystem } from "./damped-system.ts";
import { type Descent, type Minimizer, remembered, stored } from "./minimizer.ts";
import type { Squares } from "./squares.ts";
import { dot, moved, negated, type Vector } from "./vectors.ts";

/** Options of {@link levenbergMarquardt}. */
export interface LevenbergMarquardtOptions {
  /** The damping of the first step, relative to the curvature of each parameter. Default 1e-3. */
  readonly damping?: number;
}

/** Steps damped more than this do not change the parameters any more. */
const mostDamping = 1e32;

/**
 * Levenberg-Marquardt, for objectives made by {@link squares} with up to some hundred parameters. The Gauss-Newton matrix is computed
 * on the backend; so is the step from 100 parameters on, where the backend has f64. Each parameter is measured by the steepest that its column of
 * the Jacobian has been, so that units do not matter.
 *
 * @throws at the beginning, where the objective is no sum of squares
 */
export function levenbergMarquardt(options: LevenbergMarquardtOptions = {}): Minimizer {
  checkOptions<LevenbergMarquardtOptions>("levenbergMarquardt", options, { optional: { damping: checks.positive } });
  const { damping: firstDamping = 1e-3 } = options;
  return {
    name: "levenbergMarquardt",
    async begin(objective, origin, memory) {
      const { size, gaussNewton } = objective as Squares;
      if (gaussNewton === undefined) {
        fail(
          "levenbergMarquardt",
          "received an objective that is no sum of squares; make it with squares({ residuals }), or use selfScaledBroyden() or lbfgs().",
        );
      }
      const scale = Float64Array.from(
        remembered("levenbergMarquardt", memory, "scale", size) ?? new Float64Array(size),
      );
      let { damping = firstDamping, growth = 2 } = memory.numbers;
      let matrix = (await gaussNewton(origin.at)).data as Vector;
      const system = await dampedSystem(objective.backend, size);
      const descent: Descent & { at: Vector; value: number; gradient: Vector } = {
        ...origin,
        async step() {
          const { at, value, gradient } = descent;
          for (let i = 0; i < size; i++) scale[i] = Math.max(scale[i]!, Math.sqrt(matrix[i * size + i]!));
          const unit = scale.map((length) => (length > 0 ? length : 1));
          const downhill = negated(gradient);
          let nonFinite = 0;
          let promised: number | undefined;
          for (; damping <= mostDamping; damping *= growth, growth *= 2) {
            const scaled = await system.solve(matrix, unit, downhill, damping);
            if (scaled === undefined) continue;
            const change = scaled.map((part, i) => part / unit[i]!);
            const expected = (damping * dot(scaled, scaled) - dot(change, gradient)) / 2;
            promised ??= expected;
            const next = moved(at, 1, change);
            const reached = await objective.evaluate(next);
            if (!Number.isFinite(reached.value)) nonFinite++;
            if (!(reached.value < value)) continue;
            const { data } = await gaussNewton(next);
            if (!reached.gradient.every(Number.isFinite) || !data.every(Number.isFinite)) {
              nonFinite++;
              continue;
            }
            const gain = (value - reached.value) / expected;
            const used = damping;
            damping *= Math.max(1 / 3, 1 - (2 * gain - 1) ** 3);
            growth = 2;
            matrix = data as Vector;
            Object.assign(descent, reached, { at: next });
            return { outcome: "moved", step: 1, note: `damping ${used.toExponential(1)}` };
          }
          const notes = promised === undefined ? [] : [`its model promised ${promised.toExponential(1)} less`];
          if (nonFinite > 0) notes.push(`took back ${nonFinite} steps into non-finite values`);
          damping = firstDamping;
          growth = 2;
          return { outcome: "no-decrease", step: 0, note: notes.join("; ") };
        },
        memory: async () => ({ arrays: { scale: stored(scale.slice()) }, numbers: { damping, growth } }),
        free: () => system.free(),
      };
      return descent;
    },
  };
}

// The updates of Broyden's family: the secant equation, symmetry, and BFGS where nothing is to be chosen.
import { expect, it } from "vitest";
import { bfgs, selfScaledBfgs, selfScaledBroyden } from "./bfgs.ts";
import { minimize } from "./minimize.ts";
import { f64, named } from "./problems.fixture.ts";

it.each([bfgs(), selfScaledBfgs(), selfScaledBroyden()])(
  "$name keeps an inverse that explains its last step",
  async (method) => {
    const start = f64([-1.2, 1, 2, 3, 0.5]);
    const objective = await named("rosenbrock", start);
    let before = objective.start;
    for (let steps = 1; steps < 12; steps++) {
      const { state } = await minimize({ objective, method, maxIterations: steps });
      const [at, inverse] = [state.arrays.at!.data, state.arrays.inverse!.data];
      const [g0, g1] = [await objective.evaluate(before), await objective.evaluate(at as Float64Array)];
      for (let i = 0; i < 5; i++) {
        let product = 0;
        for (let j = 0; j < 5; j++) {
          product += inverse[i * 5 + j]! * (g1.gradient[j]! - g0.gradient[j]!);
          expect(inverse[i * 5 + j]).toBe(inverse[j * 5 + i]);
        }
        expect(Math.abs(product - (at[i]! - before[i]!))).toBeLessThan(1e-11);
      }
      before = at as Float64Array;
    }
  },
);

// The methods against SciPy's: the BFGS kin step by step, all where they end; least squares against NIST's certified parameters.
import { wasmBackend } from "@hooke/backend-wasm";
import { loadGolden } from "@hooke/testkit/golden";
import { describe, expect, it } from "vitest";
import { bfgs, selfScaledBfgs, selfScaledBroyden } from "./bfgs.ts";
import { covariance } from "./covariance.ts";
import { lbfgs } from "./lbfgs.ts";
import { levenbergMarquardt } from "./levenberg-marquardt.ts";
import { minimize, type Step } from "./minimize.ts";
import type { State } from "./minimizer.ts";
import { named, regression } from "./problems.fixture.ts";

const golden = loadGolden("minimizers").cases.map((entry) => [entry.name, entry] as const);
const isRegression = ([, { operation }]: (typeof golden)[number]) => operation === "leastSquares";
const backend = wasmBackend();

describe.each(golden.filter((entry) => !isRegression(entry)))("%s", (_, { operation, inputs, outputs }) => {
  it.each([
    // SciPy stops at this tolerance, the others at none.
    [bfgs(), 1e-5],
    [selfScaledBfgs(), 0],
    [selfScaledBroyden(), 0],
  ] as const)("$0.name takes the same steps", async (method, tolerance) => {
    const expected = outputs[method.name]!;
    const [rows, size] = expected.shape as [number, number];
    const objective = await named(operation, inputs.start!, backend);
    const points: number[] = [];
    const onStep = async (_step: Step, state: () => Promise<State>) => {
      points.push(...(await state()).arrays.at!.data);
    };
    await minimize({ objective, method, tolerance, maxIterations: rows - 1, onStep });
    expect(points).toHaveLength(rows * size);
    for (const [i, value] of points.entries()) {
      expect(Math.abs(value - expected.data[i]!), `step ${Math.floor(i / size)}`).toBeLessThan(1e-8);
    }
    objective.free();
  });

  it.each([bfgs(), selfScaledBfgs(), selfScaledBroyden(), lbfgs()])(
    "$name ends where L-BFGS-B does",
    async (method) => {
      const objective = await named(operation, inputs.start!, backend);
      const { parameters, value, reason } = await minimize({ objective, method, tolerance: 1e-9 });
      expect(reason).toBe("tolerance");
      expect(value).toBeLessThan(Math.max(outputs.lbfgsValue!.data[0]!, 1e-18));
      for (const [i, found] of parameters.x.data.entries()) {
        expect(Math.abs(found - outputs.lbfgs!.data[i]!)).toBeLessThan(1e-8);
      }
      objective.free();
    },
  );
});

describe.each(golden.filter(isRegression))("%s", (name, { inputs, outputs }) => {
  it.each(["near", "far"])("Levenberg-Marquardt finds the certified parameters from %s", async (from) => {
    const objective = await regression(name, inputs[from]!, inputs.x!, inputs.y!);
    const { state, value, message } = await minimize({ objective, method: levenbergMarquardt(), tolerance: 1e-12 });
    const { certified, parameters, cost } = outputs;
    for (const [i, found] of state.arrays.at!.data.entries()) {
      expect(Math.abs(found / certified!.data[i]! - 1), `certified ${i}`).toBeLessThan(1e-7);
      expect(Math.abs(found / parameters!.data[i]! - 1), `SciPy's ${i}`).toBeLessThan(1e-6);
    }
    expect(message).toMatch(/its model promised \d\.\de-\d+ less|within the tolerance/);
    expect(Math.abs(value / cost!.data[0]! - 1)).toBeLessThan(1e-10);
    objective.free();
  });

  it("has curve_fit's covariance, and intervals with Student's t and the normal distribution", async () => {
    const objective = await regression(name, outputs.parameters!, inputs.x!, inputs.y!);
    const parameters = objective.unflatten(objective.start);
    const levels = [0.5, 0.6827, 0.95, 0.999];
    for (const absoluteSigma of [false, true]) {
      const expected = outputs[absoluteSigma ? "absoluteCovariance" : "covariance"]!.data;
      const quantiles = outputs[absoluteSigma ? "normal" : "student"]!.data;
      for (const [k, level] of levels.entries()) {
        const found = await covariance({ objective, parameters, absoluteSigma, level });
        expect(found.undetermined).toEqual([]);
        for (const [i, value] of found.covariance.data.entries())
          expect(Math.abs(value / expected[i]! - 1), `${i}`).toBeLessThan(1e-7);
        const { low, high } = found.intervals as Record<"low" | "high", { b: { data: Float64Array } }>;
        const { data: errors } = (found.standardErrors as { b: { data: Float64Array } }).b;
        for (const [i, error] of errors.entries()) {
          const width = (high.b.data[i]! - low.b.data[i]!) / 2 / error;
          expect(Math.abs(width / quantiles[k]! - 1), `level ${level}`).toBeLessThan(1e-9);
        }
      }
    }
    objective.free();
  });
});

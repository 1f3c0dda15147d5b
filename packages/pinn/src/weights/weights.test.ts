import { wasmBackend } from "@hooke/backend-wasm";
import { dense, sequential } from "@hooke/core";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { mean, mul, randomKey, sin, sub } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import {
  box,
  causal,
  combined,
  data,
  dirichlet,
  energy,
  field,
  fixed,
  gradientNorm,
  interval,
  mlp,
  problem,
  relobralo,
  residual,
  residualAttention,
  type SolveState,
  solve,
  tangentKernel,
  type Weighed,
  type Weighting,
  type WeightingView,
  worstFirst,
} from "../index.ts";
import { defaultWeights } from "./default-weights.ts";

const backend = wasmBackend();
const none: Weighed = { weights: {} };

/** A view of two terms: an equation at four times, and a start. */
function viewOf(more: Partial<WeightingView> = {}): WeightingView {
  return {
    iteration: 0,
    redrawn: false,
    kinds: { equation: "squares", start: "squares" },
    bounds: { t: [0, 4] },
    key: randomKey(0),
    residuals: async () => ({ equation: [Float64Array.of(1, 2, 3, 4)], start: [Float64Array.of(0.5, 0.5)] }),
    gradients: async () => ({ equation: Float64Array.of(3, 4), start: Float64Array.of(0, 1) }),
    traces: async () => ({ equation: 9, start: 1 }),
    coordinate: () => ({ equation: Float64Array.of(0.5, 1.5, 2.5, 3.5), start: Float64Array.of(0, 0) }),
    ...more,
  };
}

describe("what weightings make of what they see", () => {
  test("gradientNorm gives all terms gradients of the same length", async () => {
    const weighting = gradientNorm({ memory: 0.5 });
    const first = await weighting.update(viewOf(), none);
    // Norms 5 and 1, mean 3.
    expect(first.weights).toEqual({ equation: 3 / 5, start: 3 });
    const gradients = async () => ({ equation: Float64Array.of(1, 0), start: Float64Array.of(0, 0) });
    const { weights } = await weighting.update(viewOf({ gradients }), first);
    expect(weights).toEqual({ equation: 0.5 * 0.6 + 0.5 * 0.5, start: 3 });
  });

  test("tangentKernel gives all terms the same trace", async () => {
    const { weights } = await tangentKernel().update(viewOf(), none);
    expect(weights).toEqual({ equation: 5 / 9, start: 5 });
  });

  test("relobralo weighs by how little losses have fallen", async () => {
    const weighting = relobralo({ every: 1, memory: 0.75, lookback: 0, temperature: 0.5 });
    const first = await weighting.update(viewOf(), none);
    expect(first.weights).toEqual({ equation: 1, start: 1 });
    const fallen = (equation: number, start: number) =>
      viewOf({
        residuals: async () => ({
          equation: [Float64Array.of(Math.sqrt(7.5 * equation))],
          start: [Float64Array.of(Math.sqrt(0.25 * start))],
        }),
      });
    const second = await weighting.update(fallen(0.5, 0.25), first);
    const share = (a: number, b: number) => (2 * Math.exp(a / 0.5)) / (Math.exp(a / 0.5) + Math.exp(b / 0.5));
    expect(second.weights.equation).toBeCloseTo(share(0.5, 0.25), 12);
    const { weights } = await weighting.update(fallen(0.25, 0.25), second);
    expect(weights.equation).toBeCloseTo(0.75 * share(0.25, 0.25) + 0.25 * share(0.5, 1), 12);
    expect(Number(weights.equation) + Number(weights.start)).toBeCloseTo(2, 12);
  });

  test("residualAttention follows the residual, and goes over to the nearest new point", async () => {
    const weighting = residualAttention({ every: 1, memory: 0.5 });
    const first = await weighting.update(viewOf(), none);
    expect(first.weights.equation).toEqual(Float64Array.of(1, 1, 1, 1));
    const second = await weighting.update(viewOf(), first);
    const attention = [1, 2, 3, 4].map((size) => 0.5 + 0.5 * (size / 4));
    const mean = attention.reduce((total, value) => total + value ** 2 / 4, 0);
    for (const [i, weight] of [...(second.weights.equation as Float64Array)].entries()) {
      expect(weight).toBeCloseTo(attention[i]! ** 2 / mean, 12);
    }
    const redrawn = await residualAttention({ every: 1, memory: 1 - 1e-12 }).update(
      viewOf({
        redrawn: true,
        coordinate: () => ({ equation: Float64Array.of(3.6, 2.4, 1.4, 0.1), start: Float64Array.of(0, 0) }),
      }),
      second,
    );
    const carried = redrawn.weights.equation as Float64Array;
    for (const [i, weight] of (second.weights.equation as Float64Array).toReversed().entries()) {
      expect(carried[i]).toBeCloseTo(weight, 9);
    }
  });

  test("causal lets later times wait, and grows stricter once they need not", async () => {
    const weighting = causal({ chunks: 4, tolerance: [0.1, 10] });
    const first = await weighting.update(viewOf(), none);
    // The start comes before all chunks: 0.25, then 1, 4, 9.
    const expected = [0.25, 1.25, 5.25, 14.25].map((loss) => Math.exp(-0.1 * loss));
    expect(first.weights.start).toBeUndefined();
    for (const [i, weight] of [...(first.weights.equation as Float64Array)].entries()) {
      expect(weight).toBeCloseTo(expected[i]!, 12);
    }
    expect((await weighting.update(viewOf(), first)).memory).toEqual({ level: 0 });
    const nearly = viewOf({
      residuals: async () => ({ equation: [new Float64Array(4).fill(0.1)], start: [Float64Array.of(0)] }),
    });
    const second = await weighting.update(nearly, first);
    expect(second.memory).toEqual({ level: 1 });
    expect((second.weights.equation as Float64Array)[3]).toBeCloseTo(Math.exp(-10 * 0.03), 12);
    expect((await weighting.update(nearly, second)).memory).toEqual({ level: 1 });
    const backwards = causal({ coordinate: "x" });
    await expect(backwards.update(viewOf(), none)).rejects.toThrow(
      /causal: has the coordinate "x"; those of the domain are "t"/,
    );
  });

  test("in time the default is causal, unless data or energies hold at all times at once", () => {
    const domain = box({ x: [0, 1], t: [0, 1] });
    const inside = domain.interior(10);
    const fields = { u: mlp({ units: [3] }) };
    const equation = residual(inside, ({ u, d }) => sub(d(u, "t"), d(u, "x", "x")));
    const of = (terms: Parameters<typeof problem>[0]["terms"]): string =>
      defaultWeights(problem({ domain, fields, terms })).name;
    expect(of({ equation })).toBe("causal");
    expect(of({ equation, measured: data(domain, [[0.5, 0.5]], { u: [1] }) })).toBe("fixed");
    expect(of({ action: energy(inside, ({ u }) => mul(u, u)) })).toBe("fixed");
    const line = interval({ x: [0, 1] });
    const still = { equation: residual(line.interior(10), ({ u, d }) => d(u, "x")) };
    expect(defaultWeights(problem({ domain: line, fields, terms: still })).name).toBe("fixed");
  });

  test("combined multiplies, each as often as it asks for", async () => {
    const under: unknown[] = [];
    const view = viewOf({
      gradients: async (weights) => {
        under.push(weights);
        return { equation: Float64Array.of(1), start: Float64Array.of(0.5) };
      },
    });
    const slow = gradientNorm({ every: 30, memory: 0 });
    const both = combined(causal({ chunks: 4, tolerance: 0.1, every: 10 }), slow);
    expect(both.every).toBe(10);
    const first = await both.update(view, none);
    const times = (await causal({ chunks: 4, tolerance: 0.1 }).update(view, none)).weights.equation as Float64Array;
    expect(first.weights).toEqual({ equation: times.map((weight) => 0.75 * weight), start: 1.5 });
    expect(under).toEqual([{ equation: times }]);
    const second = await both.update({ ...view, iteration: 20 }, first);
    expect(under.length).toBe(1);
    await both.update({ ...view, iteration: 30 }, second);
    expect(under.length).toBe(2);
  });

  test("options are checked by name, energies refused", async () => {
    expect(() => causal({ tolerance: [1, -1] })).toThrow(/tolerance.*several such as \[0.01, 0.1, 1\]/);
    expect(() => gradientNorm({ alpha: 3 } as never)).toThrow(/unknown option "alpha"/);
    expect(() => relobralo({ memory: 1 })).toThrow(/a number in \[0, 1\)/);
    expect(() => combined(causal(), fixed())).toThrow(/takes two weightings or more/);
    expect(() => combined(causal(), {} as never)).toThrow(/a weighting: fixed\(\)/);
    const energies = viewOf({ kinds: { equation: "energy", start: "squares" } });
    for (const weighting of [relobralo(), tangentKernel(), residualAttention(), causal()]) {
      await expect(weighting.update(energies, none)).rejects.toThrow(
        /the energy "equation" does not have; use gradientNorm/,
      );
    }
  });
});

test("traces of tangent kernels are the squared gradients of residuals", async () => {
  const line = interval({ x: [0, 2] });
  const seen: Record<string, number>[] = [];
  const watching: Weighting = {
    name: "watching",
    every: 1,
    update: async (view) => {
      seen.push(await view.traces());
      return none;
    },
  };
  const inside = line.interior(700);
  const linear = problem({
    domain: line,
    fields: { u: field(sequential([dense({ units: 1 })])) },
    terms: {
      // u = w (x - 1) + b, so that the squared gradient of u is (x - 1)^2 + 1, and that of u' is 1.
      value: residual(inside, ({ u, x, d }) => ({ a: mul(u, 3), b: mul(x, d(u, "x")) })),
      end: dirichlet(line.face("x", "high"), { u: 0 }),
    },
  });
  const { state, report } = await solve(linear, {
    backend,
    weights: watching,
    stages: [{ method: adam(), iterations: 1 }],
    scales: { u: 1, "value.a": 2, "value.b": 1, end: 5 },
  });
  expect(report.terms.map(({ scale }) => scale)).toEqual([2, 1, 5]);
  const rows = state.points[0]!.rows;
  const taken = Array.from({ length: 512 }, (_, i) => rows[Math.floor((i * 700) / 512)]!);
  const mean = taken.reduce((total, x) => total + ((9 / 4) * ((x - 1) ** 2 + 1) + x * x) / 512, 0);
  expect(seen[0]!.value).toBeCloseTo(mean, 10);
  expect(seen[0]!.end).toBeCloseTo(2 / 25, 12);
});

const domain = box({ x: [0, 1], t: [0, 1] });
const heat = problem({
  domain,
  fields: { u: mlp({ units: [6, 6] }) },
  terms: {
    equation: residual(domain.interior(40), ({ u, d }) => sub(d(u, "t"), mul(d(u, "x", "x"), 0.1))),
    start: dirichlet(domain.face("t", "low", 20), { u: ({ x }) => sin(mul(x, Math.PI)) }),
    walls: dirichlet(domain.faces("x", 20), { u: 0 }),
  },
});

let unweighted: ReturnType<typeof solve> | undefined;
test.each([
  gradientNorm({ every: 8 }),
  tangentKernel({ every: 8, memory: 0.5 }),
  relobralo({ every: 4, lookback: 0.9 }),
  residualAttention({ every: 7 }),
  causal({ chunks: 5, every: 6 }),
  combined(causal({ chunks: 5, every: 4 }), residualAttention({ every: 6 }), gradientNorm({ every: 9 })),
])("a run with $name that is interrupted goes on to the same bits", async (weights) => {
  const options = {
    backend,
    seed: 3,
    weights,
    stages: [
      { method: adam({ learningRate: 0.01 }), iterations: 18 },
      { method: selfScaledBroyden(), iterations: 25 },
    ],
    resample: worstFirst({ every: 10 }),
  };
  const states: SolveState[] = [];
  const whole = await solve(heat, {
    ...options,
    onProgress: async (_, state) => {
      states.push(await state());
    },
  });
  const { u } = await whole.solution.at([[0.3, 0.4]]);
  unweighted ??= solve(heat, { ...options, weights: fixed() });
  const plain = await (await unweighted).solution.at([[0.3, 0.4]]);
  expect(plain.u).not.toEqual(u);
  for (const at of [0, 5, 8, 10, 17, 19, 31]) {
    const resumed = await solve(heat, { ...options, resume: structuredClone(states[at]!) });
    expect((await resumed.solution.at([[0.3, 0.4]])).u, `from ${at}`).toEqual(u);
  }
});

test("terms that outweigh others by far are balanced", async () => {
  // The equation is scaled wrong on purpose: without weights the conditions are ignored.
  const scales = { equation: 1e-3, start: 1, walls: 1 };
  const stages = [{ method: adam({ learningRate: 0.01 }), iterations: 400 }];
  const errorWith = async (weights: Weighting) => {
    const { solution } = await solve(heat, { backend, seed: 1, stages, scales, weights });
    const { u } = await solution.at({ x: [0.25, 0.5, 0.75], t: [0, 0, 0] });
    return Math.max(...[0.25, 0.5, 0.75].map((x, i) => Math.abs(u![i]! - Math.sin(Math.PI * x))));
  };
  expect(await errorWith(fixed())).toBeGreaterThan(0.5);
  for (const weights of [gradientNorm({ every: 50 }), tangentKernel({ every: 50 })]) {
    expect(await errorWith(weights), weights.name).toBeLessThan(0.2);
  }
});

test("tangentKernel refuses terms that mix points", async () => {
  const line = interval({ x: [0, 1] });
  const centred = problem({
    domain: line,
    fields: { u: mlp({ units: [4] }) },
    terms: { centred: residual(line.interior(10), ({ u }) => sub(u, mean(u))) },
  });
  await expect(solve(centred, { backend, weights: tangentKernel() })).rejects.toThrow(
    'tangentKernel: the term "centred" stands at points where',
  );
});

import { wasmBackend } from "@hooke/backend-wasm";
import { adam, covariance, levenbergMarquardt, minimize, selfScaledBroyden, squares } from "@hooke/minimize";
import { add, array, exp, mul, square, sub, type Tensor } from "@hooke/runtime";
import { expect, test } from "vitest";
import { data, energy, interval, mlp, never, type Problem, problem, residual, solve, unknown } from "./index.ts";
import { lookEvery, observe } from "./watching/held-out-data.ts";

const backend = wasmBackend();
const line = interval({ t: [0, 2] });
const times = Array.from({ length: 40 }, (_, i) => (2 * (i + 0.5)) / 40);
const noise = 0.02;
/** Normal numbers by Box and Muller from a linear congruence. */
function normals(seed: number): () => number {
  let state = 7919 * (seed + 1);
  const uniform = (): number => {
    state = (48271 * state) % 2147483647;
    return state / 2147483647;
  };
  for (let i = 0; i < 10; i++) uniform();
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
const measured = (seed: number): number[] => {
  const normal = normals(seed);
  return times.map((t) => Math.exp(-1.5 * t) + noise * normal());
};
/** `u' = -k u`, `u(0) = 1`, measured. */
const decay = (values: readonly number[], options: Parameters<typeof data>[3]): Problem =>
  problem({
    domain: line,
    fields: { u: mlp({ units: [8] }) },
    unknowns: { k: unknown({ start: 1, positive: true }) },
    exact: { u: ({ t, free }) => add(1, mul(t, free)) },
    terms: {
      equation: residual(line.interior(30), ({ u, k, d }) => add(d(u, "t"), mul(k, u))),
      measured: data(line, { t: times }, { u: values }, options),
    },
  });
const withTerms = ({ plan: _, ...rest }: Problem, terms: Problem["terms"]): Problem => problem({ ...rest, terms });
const stages = [
  { method: adam({ learningRate: 0.01 }), iterations: 50 },
  { method: selfScaledBroyden(), iterations: 400 },
];
const options = { backend, stages, resample: never() };

/** Fits `exp(-k t)` itself. */
async function regression(values: readonly number[], sd: number | undefined) {
  const objective = await squares({
    backend,
    parameters: { k: array(0.4, { dtype: "f64" }) },
    data: { t: array(times, { dtype: "f64" }), y: array([...values], { dtype: "f64" }) },
    residuals: ({ k }, { t, y }) => mul(sub(exp(mul(mul(exp(k), t), -1)), y), 1 / (sd ?? 1)) as Tensor,
  });

  const { parameters } = await minimize({ objective, method: levenbergMarquardt() });
  const { intervals } = await covariance({ objective, parameters, absoluteSigma: sd !== undefined });
  const number = (of: { readonly k: { readonly data: ArrayLike<number> } }): number => Math.exp(of.k.data[0]!);
  return { value: number(parameters as never), low: number(intervals.low), high: number(intervals.high) };
}

test.each([noise, undefined])(
  "intervals are those of the regression where equations hold exactly, sd %s",
  async (sd) => {
    const values = measured(0);
    const expected = await regression(values, sd);
    const { identified, report } = await solve(decay(values, { weight: 1e-3, ...(sd && { sd }) }), options);
    const { value, low95, high95, start } = identified.k!;
    expect(start).toBe(1);
    const width = expected.high - expected.low;
    // Networks of 8 units fulfil the equation to some 1e-4 of its scale; widths by leverages that are not exactly 1.
    expect(Math.abs(value - expected.value)).toBeLessThan(0.03 * width);
    expect((high95! - low95!) / width).toBeGreaterThan(0.97);
    expect((high95! - low95!) / width).toBeLessThan(1.05);
    // Skew, as that of a logarithm.
    expect(high95! / value).toBeCloseTo(value / low95!, 10);
    expect(report.noise.measured!.estimated).toBe(sd === undefined);
    expect(report.noise.measured!.sd).toBeCloseTo(noise, 2);
    expect(String(report)).toMatch(/unknown +value +low95 +high95 +start\nk +1\.\d+/);
    expect(report.warnings).toEqual([]);
  },
  60_000,
);

test("the truth lies in the interval for about 19 of 20 draws of the noise", async () => {
  let covered = 0;
  for (let seed = 0; seed < 20; seed++) {
    const { low95, high95 } = (await solve(decay(measured(seed), { sd: noise }), options)).identified.k!;
    if (low95! < 1.5 && 1.5 < high95!) covered++;
  }
  // The chance of fewer than 17 is 1.6 %; these seeds are fixed.
  expect(covered).toBeGreaterThanOrEqual(17);
}, 120_000);

test("what data do not determine is said, bounds hold, and unknowns without data have no interval", async () => {
  const terms = decay(measured(1), { sd: noise }).terms;
  const own = problem({
    domain: line,
    fields: { u: mlp({ units: [8] }) },
    unknowns: { k: unknown({ start: 1, bounds: [0.5, 1.52] }), idle: unknown({ start: 3 }) },
    exact: { u: ({ t, free }) => add(1, mul(t, free)) },
    terms,
  });
  const { identified, report } = await solve(own, options);
  expect(identified.k!.low95).toBeGreaterThan(0.5);
  expect(identified.k!.high95).toBeLessThan(1.52);
  expect(identified.idle!.high95! - identified.idle!.low95!).toBeGreaterThan(100);
  expect(report.warnings.join()).toContain('The data do not determine "idle"');
  const { equation } = terms;
  const without = withTerms(own, { equation: equation! });
  expect((await solve(without, { ...options, stages: [stages[0]!] })).identified.k).not.toHaveProperty("low95");
});

test("a run that was ended early says that numbers have not come to rest; energies give no intervals", async () => {
  const early = { ...options, stages: [{ method: selfScaledBroyden(), iterations: 8 }] };
  const { report } = await solve(decay(measured(0), { sd: noise }), early);
  expect(report.warnings.join()).toMatch(/"k" has not come to rest/);
  const whole = decay(measured(0), { sd: noise });
  const ritz = withTerms(whole, { ...whole.terms, small: energy(line.interior(9), ({ u }) => square(u)) });
  const solved = await solve(ritz, early);
  expect(solved.identified.k).not.toHaveProperty("low95");
  expect(solved.report.warnings.join()).toContain("no intervals: the problem has energies");
});

test("levenbergMarquardt identifies the same as a stage", async () => {
  const own = decay(measured(0), { sd: noise });
  const marquardt = [stages[0]!, { method: levenbergMarquardt(), iterations: 60 }];
  const [a, b] = [await solve(own, options), await solve(own, { ...options, stages: marquardt })];
  const { value, low95, high95 } = a.identified.k!;
  expect(Math.abs(b.identified.k!.value - value)).toBeLessThan(0.05 * (high95! - low95!));
});

test("held-out data keep the solution from before noise was fitted, to the same bits after an interruption", async () => {
  const wild = problem({
    domain: line,
    fields: { u: mlp({ units: [16, 16] }) },
    terms: { measured: data(line, { t: times }, { u: measured(3) }, { sd: noise, holdOut: 0.3 }) },
  });
  const long = { ...options, stages: [{ method: selfScaledBroyden(), iterations: 400 }] };
  const states: Awaited<ReturnType<typeof solve>>["state"][] = [];
  const whole = await solve(wild, {
    ...long,
    onProgress: async ({ iteration }, state) => {
      if (iteration === 2 * lookEvery + 7) states.push(await state());
    },
  });
  const [term] = whole.report.terms;
  expect(whole.report.warnings.join()).toMatch(/^.*It is the solution of step \d*[05]0 of stage 1: .* rose from/);
  expect(term!.fresh).toBeLessThan(2 * noise);
  const resumed = await solve(wild, { ...long, resume: structuredClone(states[0]!) });
  expect(resumed.solution.parameters).toEqual(whole.solution.parameters);
});

test("the last solution is kept whose misfit is within two standard errors of the least", () => {
  const parameters = { fields: {}, unknowns: {} };
  const at = (iteration: number) => ({ parameters, stage: 0, iteration });
  let seen = observe(undefined, at(0), Float64Array.of(4, 4, 4, 4));
  seen = observe(seen, at(1), Float64Array.of(1, 2, 1, 2));
  expect(seen.kept).toMatchObject({ iteration: 1, misfit: 1.5 });
  // Two better, two worse: no clear rise.
  seen = observe(seen, at(2), Float64Array.of(2, 1.2, 2, 1.2));
  expect(seen.kept.iteration).toBe(2);
  // Each a little worse: clear.
  seen = observe(seen, at(3), Float64Array.of(1.1, 2.1, 1.1, 2.1));
  expect(seen.kept.iteration).toBe(2);
  // One is far worse, which the scatter of differences hides.
  seen = observe(seen, at(3), Float64Array.of(1, 2, 1, 99));
  expect(seen.kept.iteration).toBe(2);
  seen = observe(seen, at(4), Float64Array.of(1, 1, 1, 1));
  expect(seen.kept.iteration).toBe(4);
});

test("data that the solution does not follow are warned of, in terms of their noise", async () => {
  const values = measured(0);
  const { report } = await solve(decay(values, { sd: noise / 10 }), options);
  expect(report.warnings.join()).toMatch(/"measured" is \d+(\.\d+)? times its noise where it was trained/);
  // Then the noise is what is left, not a tenth of that, and so are the intervals.
  expect(report.noise.measured!.estimated).toBe(true);
  expect(report.noise.measured!.sd / noise).toBeCloseTo(1, 0);
  const followed = await solve(decay(values, { sd: noise }), options);
  expect(followed.report.warnings).toEqual([]);
});

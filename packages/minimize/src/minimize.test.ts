// The loop: why it stops, that it is heard and goes on to the same bits, and what it refuses.
import {
  abs,
  add,
  array,
  type HostArray,
  log,
  mul,
  referenceBackend,
  sin,
  sqrt,
  square,
  stack,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { adam } from "./adam.ts";
import { bfgs, selfScaledBfgs, selfScaledBroyden } from "./bfgs.ts";
import { lbfgs } from "./lbfgs.ts";
import { levenbergMarquardt } from "./levenberg-marquardt.ts";
import { minimize } from "./minimize.ts";
import type { Minimizer, State } from "./minimizer.ts";
import { type Objective, objective } from "./objective.ts";
import { f64, rosenbrock } from "./problems.fixture.ts";
import { squares } from "./squares.ts";

const backend = referenceBackend();
const of = (value: (x: Tensor) => Tensor, start: number | readonly number[], dtype: "f64" | "f32" = "f64") =>
  objective({ backend, parameters: { x: f64(start) }, value: ({ x }) => value(x), dtype });

const rosenbrockSquares = () =>
  squares({
    backend,
    parameters: { x: -1.2, y: 1 },
    residuals: ({ x, y }) => stack([sub(1, x), mul(sub(y, square(x)), 10)]),
  });

const descents: [Minimizer, () => Promise<Objective>][] = [
  [bfgs(), rosenbrock],
  [selfScaledBfgs(), rosenbrock],
  [selfScaledBroyden(), rosenbrock],
  [lbfgs({ memory: 3 }), rosenbrock],
  [adam({ learningRate: 0.01 }), rosenbrock],
  [levenbergMarquardt(), rosenbrockSquares],
];

describe.each(descents.map(([method, make]) => [method.name, method, make] as const))("%s", (_, method, make) => {
  it("goes on from a stored state to the same bits", async () => {
    const objective = await make();
    const whole = await minimize({ objective, method, maxIterations: 14 });
    const half = await minimize({ objective, method, maxIterations: 6 });
    // Through JSON and arrays, as a file would hold it.
    const state: State = { ...half.state, numbers: JSON.parse(JSON.stringify(half.state.numbers)) };
    const rest = await minimize({ objective: await make(), method, resume: state, maxIterations: 8 });
    expect(rest.state).toEqual(whole.state);
    expect([...half.trace, ...rest.trace]).toEqual(whole.trace);
  });

  it("ends within a step when it is aborted, and goes on to the same bits", async () => {
    const objective = await make();
    const whole = await minimize({ objective, method, maxIterations: 10 });
    const stop = new AbortController();
    let left = 9;
    const counted: Objective = {
      ...objective,
      evaluate: (at) => {
        if (--left === 0) stop.abort();
        return objective.evaluate(at);
      },
    };
    const cut = await minimize({ objective: counted, method, signal: stop.signal });
    const none = await minimize({ objective, method, signal: stop.signal });
    expect([none.reason, none.iterations]).toEqual(["aborted", 0]);
    expect([cut.reason, cut.iterations < 9]).toEqual(["aborted", true]);
    expect(cut.message).toMatch(/^It was aborted; the largest slope is/);
    const rest = await minimize({ objective, method, resume: cut.state, maxIterations: 10 - cut.iterations });
    expect(rest.parameters).toEqual(whole.parameters);
    expect(rest.value).toBe(whole.value);
  });
});

it("lets the event loop turn", async () => {
  const started = performance.now();
  const signal = AbortSignal.timeout(40);
  const slow = await of((x) => sum(square(x)), [1, 2]);
  const method = adam({ learningRate: 1e-9 });
  const { reason } = await minimize({ objective: slow, method, signal, maxIterations: 1e9 });
  expect(reason).toBe("aborted");
  expect(performance.now() - started).toBeLessThan(2_000);
});

/** The value |x| with the gradient of x. */
const misled = (x: Tensor) => sum(add(stopGradient(sub(abs(x), x)), x));

describe("it says why it stopped", () => {
  it.each<[string, string, RegExp, (x: Tensor) => Tensor, number | number[]]>([
    ["a start outside the domain", "non-finite", /is not finite; the value here is NaN/, (x) => sum(sqrt(x)), [-1]],
    ["flat ground", "tolerance", /largest slope, 0.00e\+0/, (x) => sum(mul(x, 0)), [3]],
    ["a value without a bound", "iterations", /made 20 steps/, (x) => sum(mul(x, -1)), [1]],
    ["a gradient that is wrong", "no-decrease", /No step decreases 0 any more; the largest slope is 1/, misled, [0]],
  ])("%s", async (_, reason, message, value, start) => {
    const found = await minimize({ objective: await of(value, start), method: bfgs(), maxIterations: 20 });
    expect(found.reason).toBe(reason);
    expect(found.message).toMatch(message);
  });

  it("takes back steps out of the domain", async () => {
    const barrier = await of((x) => sub(mul(sum(x), 2), sum(log(x))), [40, 0.01]);
    for (const method of [bfgs(), lbfgs(), selfScaledBroyden()]) {
      const { parameters, trace, reason } = await minimize({ objective: barrier, method });
      expect(reason).toBe("tolerance");
      for (const x of parameters.x.data) expect(Math.abs(x - 0.5)).toBeLessThan(1e-8);
      expect(trace.some(({ note }) => /took back \d+ steps into non-finite/.test(note ?? ""))).toBe(true);
    }
  });

  it("finds the minimum of what is scaled from 1 to 1e12", async () => {
    const weights = array([1, 1e3, 1e6, 1e9, 1e12], { dtype: "f64" });
    const valley = await of((x) => sum(mul(weights, square(sub(x, 1)))), [0, 2, 0, 2, 0]);
    for (const method of [bfgs(), lbfgs(), selfScaledBroyden(), selfScaledBfgs()]) {
      const { parameters } = await minimize({ objective: valley, method, tolerance: 1e-6 });
      for (const x of parameters.x.data) expect(Math.abs(x - 1), method.name).toBeLessThan(1e-5);
    }
  });

  it("goes by slopes where values are noise", async () => {
    const rough = (x: Tensor) => {
      const smooth = sum(square(square(sub(x, 1))));
      return add(smooth, stopGradient(mul(sum(sin(mul(x, 1e9))), 1e-6)));
    };
    for (const method of [bfgs(), lbfgs(), selfScaledBroyden()]) {
      const [stuck, free] = await Promise.all(
        [0, 1e-5].map(async (noise) => {
          const parameters = { x: f64([3, -2]) };
          return minimize({
            objective: await objective({ backend, parameters, value: ({ x }) => rough(x), noise }),
            method,
          });
        }),
      );
      expect([stuck!.reason, free!.reason], method.name).toEqual(["no-decrease", "tolerance"]);
      expect(free!.evaluations, method.name).toBeLessThan(stuck!.evaluations);
    }
  });

  it("works in f32 to its digits", async () => {
    const single = await of((x) => sum(square(sub(x, f32(0.3)))), [1, 2], "f32");
    const { parameters } = await minimize({ objective: single, method: bfgs(), tolerance: 1e-6 });
    expect(parameters.x.dtype).toBe("f32");
    for (const x of parameters.x.data) expect(Math.abs(x - 0.3)).toBeLessThan(1e-6);
  });
});

const f32 = (value: number): HostArray => array(value, { dtype: "f32" });

describe("it refuses", () => {
  it.each<[string, (objective: Objective, state: State) => object, RegExp]>([
    ["an unknown option", () => ({ maxIteration: 3 }), /unknown option "maxIteration".*Did you mean "maxIterations"/],
    [
      "a method that is none",
      () => ({ method: "bfgs" }),
      /option "method" is "bfgs"; expected a method, such as bfgs\(\)/,
    ],
    ["a start of another shape", () => ({ start: { x: f64([1, 2, 3]) } }), /"x" is f64\[3\]; expected f64\[2\]/],
    ["a start of another structure", () => ({ start: { y: 1 } }), /expected \[x\], received \[y\]/],
    [
      "a state of another method",
      (_, resume) => ({ method: lbfgs(), resume }),
      /the state is of bfgs, the method lbfgs/,
    ],
    ["a start and a state", (_, resume) => ({ resume, start: { x: f64([1, 2]) } }), /give one of them/],
    ["a state of another objective", (_, s) => ({ resume: { ...s, arrays: { at: f64([1]) } } }), /received f64\[1\]/],
    ["squares that are none", () => ({ method: levenbergMarquardt() }), /is no sum of squares; make it with squares/],
  ])("%s", async (_, change, message) => {
    const objective = await rosenbrock();
    const { state } = await minimize({ objective, method: bfgs(), maxIterations: 2 });
    const given = { objective, method: bfgs(), ...change(objective, state) };
    await expect(minimize(given)).rejects.toThrow(message);
  });
});

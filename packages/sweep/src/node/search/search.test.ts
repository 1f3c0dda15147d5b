// What is searched: every combination, draws within their bounds, evenly on the scale that is asked for, and the same ones at the start of a longer list.
import { describe, expect, test } from "vitest";
import { randomTrials, sobolTrials } from "./draws.ts";
import { gridTrials } from "./grid.ts";
import { range } from "./space.ts";

test("a grid is what nested loops meet", () => {
  expect(gridTrials({ a: [1, 2], b: ["x", "y", "z"] })).toEqual(
    [1, 2].flatMap((a) => ["x", "y", "z"].map((b) => ({ a, b }))),
  );
  expect(gridTrials({})).toEqual([{}]);
  expect(() => gridTrials({ a: [] })).toThrow("expected lists of values by name");
});

const space = {
  learningRate: range(1e-4, 1e-1, { scale: "logarithmic" }),
  rate: range(-0.5, 0.5),
  units: range(1, 4, { whole: true }),
  size: range(1, 1000, { scale: "logarithmic", whole: true }),
  activation: ["tanh", "relu", "gelu"],
} as const;

describe.each([
  ["randomTrials", randomTrials, 0.05],
  ["sobolTrials", sobolTrials, 0.005],
] as const)("%s", (_, trialsOf, tolerance) => {
  const trials = trialsOf(space, { count: 1024, seed: 3 });
  const share = (is: (trial: (typeof trials)[number]) => boolean): number => trials.filter(is).length / trials.length;

  test("draws evenly on every scale", () => {
    const near = (found: number, expected: number): void => expect(Math.abs(found - expected)).toBeLessThan(tolerance);
    for (const [below, part] of [
      [1e-3, 1 / 3],
      [1e-2, 2 / 3],
    ] as const)
      near(
        share(({ learningRate }) => learningRate < below),
        part,
      );
    near(
      share(({ rate }) => rate < -0.25),
      0.25,
    );
    for (const units of [1, 2, 3, 4])
      near(
        share((trial) => trial.units === units),
        1 / 4,
      );
    for (const activation of space.activation)
      near(
        share((trial) => trial.activation === activation),
        1 / 3,
      );
    near(
      share(({ size }) => size <= 31),
      Math.log(31.5 / 0.5) / Math.log(1000.5 / 0.5),
    );
    expect(
      trials.every(
        ({ size, learningRate }) =>
          Number.isInteger(size) && size >= 1 && size <= 1000 && learningRate >= 1e-4 && learningRate < 1e-1,
      ),
    ).toBe(true);
  });

  test("a longer list begins with a shorter one, and another seed is another list", () => {
    expect(trialsOf(space, { count: 10, seed: 3 })).toEqual(trials.slice(0, 10));
    expect(trialsOf(space, { count: 10, seed: 4 })).not.toEqual(trials.slice(0, 10));
  });
});

test("a power of 2 of Sobol's points divides every range evenly", () => {
  const trials = sobolTrials({ a: range(0, 64), b: range(0, 64) }, { count: 64 });
  expect(new Set(trials.map(({ a }) => Math.floor(a))).size).toBe(64);
  expect(new Set(trials.map(({ a, b }) => `${Math.floor(a / 8)} ${Math.floor(b / 8)}`)).size).toBe(64);
});

test.each<[() => unknown, string]>([
  [() => range(1, 1), "range: received 1 to 1; the second is to be above the first."],
  [() => range(0, 1, { scale: "logarithmic" }), "on a logarithmic scale; begin above 0."],
  [() => range(0.5, 2, { whole: true }), "as whole numbers; give bounds that are."],
  [() => range(0, 1, { scale: "log" as never }), '"linear" or "logarithmic"'],
  [() => randomTrials({ a: 1 as never }, { count: 1 }), "lists of choices or ranges by name"],
  ...([
    { from: -1, to: 1, scale: "logarithmic", whole: false },
    { from: 1, to: 2, scale: "log", whole: false },
    { from: 0.5, to: 2, scale: "linear", whole: true },
  ].map((part) => [() => randomTrials({ a: part as never }, { count: 1 }), "lists of choices or ranges by name"]) as [
    () => unknown,
    string,
  ][]),
  [() => randomTrials({ a: [1] }, { count: 0 }), "randomTrials"],
  [
    () => sobolTrials(Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`p${i}`, [0, 1]])), { count: 4 }),
    "sobolTrials: has directions for 16 coordinates; the points have 17. Use randomTrials.",
  ],
])("refuses %s", (call, message) => expect(call).toThrow(message));

// Scores side by side, strange images, and which of several methods is recommended.
import { dataset } from "@hooke/data";
import { array, type HostArray } from "@hooke/runtime";
import { expect, it } from "vitest";
import { compareFeatures } from "./compare.ts";
import { domainDistance } from "./domain.ts";
import { recommend } from "./recommend.ts";

const table = (rows: number, width: number, value: (i: number, j: number) => number): HostArray =>
  array(
    Array.from({ length: rows }, (_, i) => Array.from({ length: width }, (_v, j) => value(i, j))),
    { dtype: "f64" },
  );
const telling = table(30, 4, (i, j) => Math.sin(0.9 * i + j) + 0.05 * Math.sin(91 * i * (j + 1)));
const silent = table(30, 4, (i, j) => Math.sin(997 * i * i + j * 31));

it("puts features first that tell the targets, of numbers and of classes", async () => {
  const targets = array(
    Array.from({ length: 30 }, (_, i) => Math.sin(0.9 * i)),
    { dtype: "f64" },
  );
  const labels = array(
    Array.from({ length: 30 }, (_, i) => (Math.sin(0.9 * i) > 0 ? 1 : 0)),
    { dtype: "i32" },
  );
  for (const more of [{ targets }, { targets: labels, classes: ["a", "b"] }]) {
    const of = (inputs: HostArray) => dataset({ inputs, ...more });
    const found = await compareFeatures({ candidates: { silent: of(silent), telling: of(telling) } });
    expect(found.map(({ name }) => name)).toEqual(["telling", "silent"]);
    expect(found[0]!.leaveOneOut).toBeGreaterThan(0.9);
    expect(found[0]!.logMe).toBeGreaterThan(found[1]!.logMe);
  }
  const other = dataset({ inputs: telling, targets: silent });
  const candidates = { telling: dataset({ inputs: telling, targets }), other };
  await expect(compareFeatures({ candidates })).rejects.toThrow(/"other" has other targets/);
});

it("finds images of the pretraining usual and others strange", () => {
  const of = (from: number, step: number) => (i: number, j: number) => Math.sin((from + step * i) ** 2 * (j + 1.3));
  const known = table(200, 3, of(0, 2));
  const alike = table(100, 3, of(1, 2));
  const strange = table(50, 3, (i, j) => 4 + Math.sin(i + j));
  expect(domainDistance(alike, known).outside).toBeLessThan(0.15);
  const { outside, warning } = domainDistance(strange, known);
  expect(outside).toBe(1);
  expect(warning).toMatch(/^100 % of the images are farther/);
});

it.each([
  ["the simplest of those that tie", [0.9, 0.93, 0.91], [0.91, 0.92, 0.92], "simple"],
  ["the best where none ties", [0.8, 0.81, 0.8], [0.91, 0.92, 0.92], "elaborate"],
  ["the simplest where it is best", [0.95, 0.94, 0.96], [0.91, 0.92, 0.92], "simple"],
  ["the simplest where both are equal", [0.9, 0.9], [0.9, 0.9], "simple"],
])("recommends %s", (_case, simple, elaborate, name) => {
  const methods = [
    { name: "simple", scores: simple },
    { name: "elaborate", scores: elaborate },
  ];
  const found = recommend({ methods });
  expect(found.name).toBe(name);
  expect(found.reason).toContain(`"${name}"`);
  const errors = methods.map((method) => ({ ...method, scores: method.scores.map((score) => 1 - score) }));
  expect(recommend({ methods: errors, direction: "minimize" }).name).toBe(name);
});

it("refuses scores that are not paired", () => {
  const methods = [
    { name: "a", scores: [1, 2] },
    { name: "b", scores: [1] },
  ];
  expect(() => recommend({ methods })).toThrow(/as many as "a" has/);
});

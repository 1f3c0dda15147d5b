// Nearest neighbours by their definition.
import { parseCsv, tableOf } from "@hooke/data";
import { expect, it } from "vitest";
import { decodeFitted, encodeFitted } from "../method/file.ts";
import { baselines } from "../plugin.ts";
import { nearestNeighbours } from "./nearest-neighbours.ts";

const wave = (i: number, k: number): number => Math.sin(31 * i * k + k);
const count = 50;
const columns = {
  a: Array.from({ length: count }, (_, i) => 100 * wave(i, 1)),
  b: Array.from({ length: count }, (_, i) => 0.01 * wave(i, 2)),
};
const y = columns.a.map((a, i) => a + 50 * Math.sign(columns.b[i]!));
const table = tableOf({ ...columns, y });
const asked = tableOf({ a: [10, -60, columns.a[7]!], b: [0.003, -0.002, columns.b[7]!] });

const weights = y.map((_, i) => 1 + (i % 3));
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value, i) => sum + weights[i]! * value, 0) / weights.reduce((sum, weight) => sum + weight, 0);
const deviation = (values: readonly number[]): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const order = (a: number, b: number) =>
  columns.a
    .map((_, i) => {
      const [da, db] = [(columns.a[i]! - a) / deviation(columns.a), (columns.b[i]! - b) / deviation(columns.b)];
      return { i, distance: Math.hypot(da, db) };
    })
    .sort((p, q) => p.distance - q.distance)
    .slice(0, 4);

it.each(["equal", "distance"] as const)("are averaged, weighted %s", async (weighting) => {
  const fitted = await nearestNeighbours({ neighbours: 4, weighting }).fit(table, "y", { weights });
  const { values } = fitted.predict(asked);
  for (const row of [0, 1]) {
    const nearest = order(asked.columns[0]!.values[row] as number, asked.columns[1]!.values[row] as number);
    const shares = nearest.map(({ i, distance }) => weights[i]! * (weighting === "equal" ? 1 : 1 / distance));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const expected = nearest.reduce((sum, { i }, n) => sum + (shares[n]! * y[i]!) / total, 0);
    expect(values[row]).toBeCloseTo(expected, 9);
  }
  if (weighting === "distance") expect(values[2]).toBe(y[7]);
  const again = decodeFitted(encodeFitted(fitted as never), { plugins: [baselines] });
  expect(again.predict(asked).values).toEqual(values);
});

it("give classes the shares of their neighbours, categories and gaps included", async () => {
  const classes = parseCsv("a,kind,y\n1,x,soft\n2,x,soft\n3,z,hard\n,z,hard\n2.5,,soft");
  const fitted = await nearestNeighbours({ neighbours: 3 }).fit(classes, "y");
  const { probabilities, classes: names } = fitted.predict(parseCsv("a,kind\n3,z\n1,x"));
  expect(names).toEqual(["hard", "soft"]);
  expect(Array.from(probabilities!)).toEqual([2 / 3, 1 / 3, 0, 1]);
});

it("are as many as say best what others are: few where there is no noise, more where there is", async () => {
  const line = Array.from({ length: 60 }, (_, i) => i);
  const smooth = await nearestNeighbours().fit(tableOf({ x: line, y: line.map((x) => x ** 2) }), "y");
  expect(smooth.state.neighbours).toBe(2);
  const noise = await nearestNeighbours().fit(tableOf({ x: line, y: line.map((i) => wave(i, 7)) }), "y");
  expect(noise.state.neighbours).toBeGreaterThan(5);
});

it("are all rows where there are fewer, and are refused below one", async () => {
  const { state, warnings } = await nearestNeighbours({ neighbours: 99 }).fit(table, "y");
  expect([state.neighbours, warnings]).toEqual([50, ["50 rows are fewer than 99 neighbours: all of them are asked."]]);
  expect(() => nearestNeighbours({ neighbours: 0 })).toThrow("a whole number above 0");
  expect(() => nearestNeighbours({ weighting: "nearest" as never })).toThrow('one of "equal", "distance"');
});

it("are judged by other groups: rows that repeat say nothing of the next specimen", async () => {
  const specimen = Array.from({ length: 60 }, (_, i) => `s${Math.floor(i / 3)}`);
  const x = Array.from({ length: 60 }, (_, i) => Math.floor(i / 3));
  const noisy = tableOf({ x, specimen, y: x.map((value) => wave(value, 7)) });
  const alone = await nearestNeighbours().fit(noisy, "y", { inputs: ["x"] });
  const whole = await nearestNeighbours().fit(noisy, "y", { inputs: ["x"], groups: "specimen" });
  expect(alone.state.neighbours).toBeLessThan(3);
  expect(whole.state.neighbours).toBeGreaterThan(5);
});

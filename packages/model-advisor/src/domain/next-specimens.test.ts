// The next specimens: the farthest, one after the other; and what is learned from them, beside what chance chooses.
import { nearestNeighbours, randomFrom, samplesOf } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { domainOf } from "./domain.ts";
import { nextSpecimens } from "./next-specimens.ts";

const cardOf = (columns: Record<string, number[] | string[]>) => domainOf(samplesOf(tableOf(columns), "y", {}));

it("are the farthest from rows seen, then from those chosen too, in scaled inputs", () => {
  // Deviations 1 and 100.
  const card = cardOf({ a: [-1, 1, -1, 1], b: [-100, -100, 100, 100], y: [1, 2, 3, 4] });
  const next = nextSpecimens(card, tableOf({ b: [100, 0, 500, 510, 100], a: [1, 0, 1, 1, 4] }), { count: 9 });
  expect(next.map(({ row }) => row)).toEqual([3, 4, 1, 2]);
  // Rows seen are two deviations from each other.
  const distances = [4.1 / 2, 3 / 2, Math.SQRT2 / 2, 0.1 / 2];
  for (const [i, { distance }] of next.entries()) expect(distance).toBeCloseTo(distances[i]!, 12);
  expect(() => nextSpecimens(card, tableOf({ a: [1], b: [100] }))).toThrow("all 1 rows of");
  expect(() => nextSpecimens(card, tableOf({ a: [1] }))).toThrow('"b"');
  expect(() => nextSpecimens({} as never, tableOf({ a: [1] }))).toThrow("a domain card");
});

it("take a category that was not seen for far from all that were", () => {
  const card = cardOf({ a: [1, 2, 3, 4], heat: ["A", "B", "A", "B"], y: [1, 2, 3, 4] });
  const [first] = nextSpecimens(card, tableOf({ a: [1, 3, 2.4], heat: ["A", "A", "C"] }), { count: 1 });
  expect(first!.row).toBe(2);
});

it("teach more than as many that chance chooses", async () => {
  const truth = (a: number, b: number): number => Math.sin(4 * a) + b * b;
  const errors = { chosen: 0, random: 0 };
  for (let seed = 0; seed < 5; seed++) {
    const random = randomFrom(randomKey(seed), "specimens");
    const draw = (count: number, side: number) =>
      Array.from({ length: count }, () => [side * random.uniform(), side * random.uniform()] as const);
    const tableFrom = (points: readonly (readonly [number, number])[]) =>
      tableOf({ a: points.map(([a]) => a), b: points.map(([, b]) => b), y: points.map(([a, b]) => truth(a, b)) });
    // What was made so far lies in a corner.
    const [seen, makeable, asked] = [draw(15, 0.5), draw(200, 1), draw(100, 1)];
    const card = domainOf(samplesOf(tableFrom(seen), "y", {}));
    const ways = {
      chosen: nextSpecimens(card, tableFrom(makeable), { count: 10 }).map(({ row }) => row),
      random: [...random.choose(200, 10)],
    };
    for (const [way, rows] of Object.entries(ways)) {
      const fitted = await nearestNeighbours({}).fit(tableFrom([...seen, ...rows.map((row) => makeable[row]!)]), "y");
      const { values } = fitted.predict(tableFrom(asked));
      errors[way as "chosen"] += values.reduce((sum, value, i) => sum + (value - truth(...asked[i]!)) ** 2, 0);
    }
  }
  expect(errors.chosen).toBeLessThan(0.8 * errors.random);
});

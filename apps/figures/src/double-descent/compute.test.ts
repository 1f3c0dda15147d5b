// The peak, and what takes it away.
import { expect, test } from "vitest";
import { compute, widths } from "./compute.ts";

const computing = { signal: new AbortController().signal, show: () => {} };
const at = (width: (typeof widths)[number]) => widths.indexOf(width);

test("the error peaks where there are as many units as rows, and a penalty takes the peak away", async () => {
  const { train, test: error, shown } = await compute({ chosen: at(1000), noise: 0.3, logPenalty: -9 }, computing);
  expect(error.indexOf(Math.max(...error))).toBe(at(100));
  expect(error[at(1000)]).toBeLessThan(Math.min(...error.slice(0, at(100))));
  expect(train[at(110)]).toBeLessThan(1e-3);
  expect(shown).toHaveLength(61);
  const penalized = await compute({ chosen: at(100), noise: 0.3, logPenalty: -2 }, computing);
  expect(penalized.test[at(100)]).toBeLessThan(error[at(100)]! / 4);
});

test("another width of the same fits is at hand at once", async () => {
  const asked: number[] = [];
  const settings = { noise: 0.3, logPenalty: -2 };
  await compute({ ...settings, chosen: 0 }, computing);
  await compute({ ...settings, chosen: 3 }, { ...computing, show: () => asked.push(1) });
  expect(asked).toEqual([]);
});

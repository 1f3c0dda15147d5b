import { expect, test } from "vitest";
import { termSizes } from "./term-sizes.ts";

const said = (...values: number[]) => ({ equation: Float64Array.from(values) });
const without = async () => said(0, 0);

test("terms are as large as they are on average of several networks; one that is not finite does not count", async () => {
  const others = [said(0, 0), said(5, 5), said(Number.NaN, 1)];
  const { equation } = await termSizes(said(3, 4), others, { u: 1 }, without);
  expect(equation).toBeCloseTo(Math.sqrt((12.5 + 0 + 25) / 3), 12);
});

test("one whose parts balance to the last bit is as large as these", async () => {
  const { equation } = await termSizes(said(1e-12, 0), [], { u: 1, p: 1 }, async ({ u }) => said(u === 0 ? 2 : 1, 0));
  expect(equation).toBeCloseTo(Math.SQRT2, 12);
});

// The line where the law is one, others where it is not, and what whole specimens held back change.
import { expect, test } from "vitest";
import { type Comparing, compute } from "./compute.ts";

const computed = async (set: Comparing["set"], held: Comparing["held"]) => {
  const { methods, tie } = await compute(
    { set, held, seed: 0 },
    { signal: new AbortController().signal, show: () => {} },
  );
  expect(methods).toHaveLength(4);
  const error = Object.fromEntries(methods.map(({ method, error }) => [method, error]));
  return { tie, best: methods[0]!.method, error };
};

test("a line is best where the law is one, down to the noise, and not where it is curved", async () => {
  const linear = await computed("linear", "rows");
  expect(linear.tie).toContain("line");
  expect(Math.abs(linear.error.line! - 0.5)).toBeLessThan(0.1);
  expect((await computed("curved", "rows")).tie).not.toContain("line");
});

test("a forest that knows each specimen is best on rows, and not on specimens held back", async () => {
  const [rows, specimens] = [await computed("specimens", "rows"), await computed("specimens", "specimens")];
  expect(rows.best).toBe("forest");
  expect(rows.error.forest).toBeLessThan(0.5 * rows.error.line!);
  expect(specimens.error.forest).toBeGreaterThan(2 * rows.error.forest!);
  expect(specimens.best).not.toBe("forest");
});

// The page's own arithmetic: comparisons by pairs, levels that part greys.
import { expect, it } from "vitest";
import { compare } from "./comparing.ts";
import { cut, otsu } from "./pictures.ts";

it("calls one better only where pairs say so beyond chance", () => {
  const noise = [3, -2, 1, -1, 2, -3];
  const large = noise.map((each) => 10 + each);
  const other = noise.map((each) => 10 - each);
  expect(compare(large, other).better).toBe("neither");
  expect(compare(large, large)).toEqual({ better: "neither", difference: 0, standardError: 0 });
  expect(
    compare(
      large,
      large.map((each) => each + 0.5),
    ).better,
  ).toBe("first");
  // Differences of 1, 2 and 3: a mean of 2, and a standard error of 1 / sqrt(3).
  const { better, difference, standardError } = compare([5, 5, 5], [4, 3, 2]);
  expect([better, difference]).toEqual(["second", -2]);
  expect(standardError).toBeCloseTo(1 / Math.sqrt(3), 12);
});

it("parts two greys between them, whichever phase is stiff, and refuses one grey", () => {
  const values = Uint8Array.from([20, 200, 25, 210, 15, 205, 30, 190, 22]);
  const image = { values, width: 3, height: 3, channels: 1, bits: 8 } as const;
  const bright = cut(image, "bright", "a.png");
  expect([...bright.stiff]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0]);
  expect([...cut(image, "dark", "a.png").stiff]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1]);
  expect(255 * bright.level).toBeGreaterThanOrEqual(30);
  expect(255 * bright.level).toBeLessThan(190);
  expect(otsu(new Float32Array(4))).toBeUndefined();
  expect(() => cut({ ...image, values: values.map(() => 7) }, "dark", "a.png")).toThrow(/^a.png: .*one grey only/);
});

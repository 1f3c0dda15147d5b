// The page's own arithmetic: what places of a layer add to an output, comparisons by pairs, levels that part greys.
import { dense, initialize, predict, sequential } from "@hooke/core";
import { conv2d, globalAveragePool } from "@hooke/layers-conv";
import { array, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { compare } from "./comparing.ts";
import { look } from "./looking.ts";
import { cut, otsu } from "./pictures.ts";

it("looks where the output comes from: the places add up to it, less the bias, where what follows is linear", async () => {
  const backend = referenceBackend();
  const layer = sequential({
    body: conv2d({ filters: 3, kernelSize: 3, bias: false, activation: "relu" }),
    average: globalAveragePool(),
    head: dense({ units: 2, biasInitializer: "ones" }),
  });
  const variables = await initialize(backend, layer, [6, 4, 1], 0);
  // One bright pixel: only places of the body that see it can speak.
  const image = array(
    Array.from({ length: 24 }, (_, i) => (i === 9 ? 1 : 0)),
    { shape: [1, 6, 4, 1] },
  );
  const model = { layer, inputShape: [6, 4, 1], variables };
  const { data: outputs } = await predict(model, image, { backend });
  for (const output of [0, 1]) {
    const pulls = await look(model, image, { backend, layer: "body", output });
    expect(pulls.shape).toEqual([6, 4]);
    const data = Array.from(pulls.data);
    expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(outputs[output]! - 1, 5);
    for (const [i, value] of data.entries()) {
      const [row, column] = [Math.floor(i / 4), i % 4];
      if (Math.abs(row - 2) > 1 || Math.abs(column - 1) > 1) expect(value).toBeCloseTo(0, 12);
    }
    expect(Math.max(...data.map(Math.abs))).toBeGreaterThan(1e-3);
  }
});

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

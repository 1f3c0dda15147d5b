// Initializers: fans and spreads are tested against PyTorch in testkit; here orthogonality, constants and refusals.
import { type HostArray, matmul, randomKey, referenceBackend, run, type Tensor, transpose } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { createParameter, type ParameterSpec } from "./initializer.ts";

const backend = referenceBackend();

const draw = (spec: ParameterSpec, dtype: "f32" | "f64" = "f64", seed = 0): Promise<HostArray> =>
  run(backend, (key: Tensor) => createParameter(spec, key, dtype), randomKey(seed));

describe("orthogonal", () => {
  it.each([
    [[5, 5], 1],
    [[7, 3], 1],
    [[3, 7], 2],
    [[2, 2, 3, 5], 1],
    [[1, 4], 1],
  ])("%j with gain %d has orthonormal rows or columns", async (shape, gain) => {
    const columns = shape.at(-1)!;
    const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    const kernel = await draw({ shape, initializer: { name: "orthogonal", gain } });
    const matrix = { ...kernel, shape: [rows, columns] };
    const product = (m: Tensor): Tensor => (rows < columns ? matmul(m, transpose(m)) : matmul(transpose(m), m));
    const { data, shape: square } = await run(backend, product, matrix);
    const size = square[0]!;
    for (const [i, value] of data.entries()) {
      expect(value).toBeCloseTo(i % (size + 1) === 0 ? gain ** 2 : 0, 12);
    }
  });

  it("is orthogonal in f32, too, and depends on the key", async () => {
    const spec: ParameterSpec = { shape: [32, 32], initializer: "orthogonal" };
    const kernel = await draw(spec, "f32");
    const { data } = await run(backend, (m: Tensor) => matmul(transpose(m), m), kernel);
    for (const [i, value] of data.entries()) expect(Math.abs(value - (i % 33 === 0 ? 1 : 0))).toBeLessThan(1e-6);
    expect(await draw(spec, "f32", 1)).not.toEqual(kernel);
  });

  it.each([
    [96, 96],
    [100, 64],
  ])("is orthogonal to the rounding of its numbers at %d x %d in f32", async (rows, columns) => {
    const { data } = await draw({ shape: [rows, columns], initializer: "orthogonal" }, "f32");
    for (const column of [0, 1, columns - 2, columns - 1]) {
      for (let other = 0; other < columns; other++) {
        let product = 0;
        for (let row = 0; row < rows; row++) product += data[row * columns + column]! * data[row * columns + other]!;
        expect(Math.abs(product - (column === other ? 1 : 0))).toBeLessThan(1e-6);
      }
    }
  });

  it("is distributed uniformly: traces have the moments of Haar's measure", async () => {
    // Of matrices 4 x 4: E tr = 0, E tr^2 = 1, E tr^4 = 3 (Diaconis and Shahshahani 1994).
    const keys = 1000;
    const moments = [0, 0, 0];
    for (let seed = 0; seed < keys; seed++) {
      const { data } = await draw({ shape: [4, 4], initializer: "orthogonal" }, "f64", seed);
      const trace = data[0]! + data[5]! + data[10]! + data[15]!;
      [1, 2, 4].forEach((power, i) => {
        moments[i]! += trace ** power / keys;
      });
    }
    expect(Math.abs(moments[0]!)).toBeLessThan(0.1);
    expect(Math.abs(moments[1]! - 1)).toBeLessThan(0.15);
    expect(Math.abs(moments[2]! - 3)).toBeLessThan(0.9);
  });
});

it("constants are constant, functions are called", async () => {
  expect((await draw({ shape: [2], initializer: "zeros" })).data).toEqual(Float64Array.of(0, 0));
  expect((await draw({ shape: [2], initializer: "ones" })).data).toEqual(Float64Array.of(1, 1));
  expect((await draw({ shape: [], initializer: { name: "constant", value: 3 } })).data).toEqual(Float64Array.of(3));
  const own: ParameterSpec = {
    shape: [3],
    initializer: (_key, shape) => ({ shape, dtype: "f64", data: Float64Array.of(1, 2, 3) }) as never,
  };
  expect((await draw(own)).data).toEqual(Float64Array.of(1, 2, 3));
});

it("a normal initializer has the mean and deviation it is given", async () => {
  const { data } = await draw({ shape: [10_000], initializer: { name: "normal", mean: 3, standardDeviation: 0.5 } });
  const mean = [...data].reduce((sum, value) => sum + value, 0) / data.length;
  expect(Math.abs(mean - 3)).toBeLessThan(0.02);
});

it.each(["glorotUniform", "heNormal", "torchDefault", "orthogonal"] as const)("%s refuses a vector", async (name) => {
  await expect(draw({ shape: [3], initializer: name })).rejects.toThrow(/initializer.*\[3\]/);
});

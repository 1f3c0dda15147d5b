// Objectives: trees and flat vectors, data written anew, Jacobian products, and what is refused.
import {
  add,
  array,
  concat,
  exp,
  expandDims,
  matmul,
  mul,
  referenceBackend,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { objective } from "./objective.ts";
import { f64, rosenbrock } from "./problems.fixture.ts";
import { squares } from "./squares.ts";

const backend = referenceBackend();

it("sees a tree as a vector and evaluates it, also on data written later", async () => {
  const line = await objective({
    backend,
    parameters: { slope: array([[2, 3]]), offset: 1 },
    data: { x: f64([10, 20]), weights: [1, 2] },
    value: ({ slope, offset }, { x, weights }) =>
      sum(add(mul(square(sum(mul(slope, x))), weights[0]), mul(offset, weights[1]))),
  });
  expect([line.size, line.dtype, [...line.start]]).toEqual([3, "f64", [2, 3, 1]]);
  expect(await line.evaluate(line.start)).toEqual({ value: 6402, gradient: Float64Array.of(1600, 3200, 2) });
  line.write({ x: f64([1, 0]), weights: [3, 0] });
  expect(await line.evaluate(line.start)).toEqual({ value: 12, gradient: Float64Array.of(12, 0, 0) });
  const { slope, offset } = line.unflatten(Float64Array.of(5, 6, 7));
  expect([slope, offset]).toEqual([array([[5, 6]], { dtype: "f64" }), array(7, { dtype: "f64" })]);
  expect(line.flatten({ offset, slope })).toEqual(Float64Array.of(5, 6, 7));
  expect(() => line.unflatten(Float64Array.of(1))).toThrow("received 1 numbers for 3 parameters");
  line.free();
  expect(() => line.free()).toThrow("the objective was freed");
  await expect(async () => line.evaluate(line.start)).rejects.toThrow("the objective was freed");
});

describe("squares", () => {
  const make = (x: number[]) =>
    squares({
      backend,
      parameters: { a: 2, b: -0.5 },
      data: { x: f64(x) },
      residuals: ({ a, b }, data) => [sub(mul(a, exp(mul(b, data.x))), 1)],
    });

  // More residuals than parameters, and fewer: the Jacobian is made of columns, or of rows.
  it.each([[[0, 1, 2]], [[1]]])("knows its Jacobian at x = %s", async (x) => {
    const fit = await make(x);
    const rows = x.map((at) => [Math.exp(-0.5 * at), 2 * at * Math.exp(-0.5 * at)] as const);
    const r = rows.map(([e]) => 2 * e - 1);
    const [v, u] = [Float64Array.of(0.3, -2), Float64Array.from(x, (_, i) => i + 1)];
    const near = (found: ArrayLike<number>, expected: readonly number[]) => {
      expect(found.length).toBe(expected.length);
      for (const [i, value] of expected.entries()) expect(Math.abs(found[i]! - value)).toBeLessThan(1e-14);
    };
    const at = fit.start;
    expect(fit.count).toBe(x.length);
    near(await fit.residuals(at), r);
    near((await fit.jacobian(at)).data, rows.flat());
    near(
      await fit.forward(at, v),
      rows.map(([p, q]) => 0.3 * p - 2 * q),
    );
    const total = (of: (row: readonly [number, number], i: number) => number) =>
      rows.reduce((all, row, i) => all + of(row, i), 0);
    near(await fit.backward(at, u), [total(([p], i) => p * (i + 1)), total(([, q], i) => q * (i + 1))]);
    const { value, gradient } = await fit.evaluate(at);
    near([value], [r.reduce((all, one) => all + one * one, 0) / 2]);
    near(gradient, [total(([p], i) => p * r[i]!), total(([, q], i) => q * r[i]!)]);
    const cross = total(([p, q]) => p * q);
    near((await fit.gaussNewton(at)).data, [total(([p]) => p * p), cross, cross, total(([, q]) => q * q)]);
    fit.free();
  });

  it("knows with rows what it knows without, in one pass through each row", async () => {
    const points = f64([0.1, -0.4, 0.7, 1.2, -0.9]);
    const shared = { backend, parameters: { w: f64([0.3, -0.5, 0.8]), b: 0.2 } };
    // Two residuals in each of five rows.
    const all = await squares({
      ...shared,
      data: { x: points, nu: 0.3 },
      residuals: ({ w, b }, { x, nu }) => {
        const u = tanh(add(matmul(expandDims(x, 1), expandDims(w, 0)), b));
        return concat([sum(u, { axes: 1, keepDims: true }), mul(sum(square(u), { axes: 1, keepDims: true }), nu)], 1);
      },
    });
    const byRows = await squares({
      ...shared,
      data: { x: points, nu: 0.3 },
      rows: { x: 0, nu: null },
      residuals: ({ w, b }, { x, nu }) => {
        const u = tanh(add(mul(x, w), b));
        return { value: sum(u), energy: mul(sum(square(u)), nu) };
      },
    });
    expect(byRows.count).toBe(10);
    const close = (found: ArrayLike<number>, expected: ArrayLike<number>) => {
      expect(found.length).toBe(expected.length);
      for (let i = 0; i < expected.length; i++) expect(Math.abs(found[i]! - expected[i]!)).toBeLessThan(1e-14);
    };
    const [u, v] = [Float64Array.from({ length: 10 }, (_, i) => Math.sin(i)), Float64Array.of(1, -2, 0.5, 3)];
    const at = all.start;
    close(await byRows.residuals(at), await all.residuals(at));
    close((await byRows.evaluate(at)).gradient, (await all.evaluate(at)).gradient);
    close((await byRows.jacobian(at)).data, (await all.jacobian(at)).data);
    close((await byRows.gaussNewton(at)).data, (await all.gaussNewton(at)).data);
    close(await byRows.forward(at, v), await all.forward(at, v));
    close(await byRows.backward(at, u), await all.backward(at, u));
    // Two functions: one of rows, one of everything.
    const two = await squares({
      ...shared,
      data: { x: points, nu: 0.3 },
      rows: { values: { x: 0, nu: null } },
      residuals: {
        values: ({ w, b }, { x }) => sum(tanh(add(mul(x, w), b))),
        size: ({ w }, { nu }) => mul(w, nu),
      },
    });
    const matrix = await two.jacobian(at);
    expect(matrix.shape).toEqual([8, 4]);
    const whole = (await all.jacobian(at)).data;
    const values = Array.from({ length: 20 }, (_, i) => whole[8 * Math.floor(i / 4) + (i % 4)]!);
    close(matrix.data, [...values, 0.3, 0, 0, 0, 0, 0.3, 0, 0, 0, 0, 0.3, 0]);
    const misnamed = { rows: { wall: 0 }, residuals: { values: ({ b }: { b: Tensor }) => b } };
    await expect(squares({ ...shared, data: { x: points }, ...misnamed })).rejects.toThrow(
      'squares: received rows for "wall"; it has the residuals "values".',
    );
    await expect(
      squares({ ...shared, data: { x: points }, rows: "x" as never, residuals: ({ b }) => b }),
    ).rejects.toThrow('squares: option "rows" is "x"; expected an axis, or a tree of axes and null.');
  });
});

describe("many rows", () => {
  // 600 rows are eight blocks of 75, 601 eight of 76 of which the last has seven rows too few, 1025 sixteen of 65.
  it.each([600, 601, 1025])("sum to the same block by block: %i", async (count) => {
    const x = f64(Array.from({ length: count }, (_, i) => Math.sin(i)));
    const pairs = array(
      Array.from({ length: 2 * count }, (_, i) => Math.cos(i)),
      { shape: [2, count], dtype: "f64" },
    );
    const shared = { backend, parameters: { w: f64([0.3, -0.5]), b: 0.2 }, data: { x, pairs, nu: 0.3 } };
    const rows = { x: 0, pairs: -1, nu: null };
    const close = (found: ArrayLike<number>, expected: ArrayLike<number>) => {
      expect(found.length).toBe(expected.length);
      for (let i = 0; i < expected.length; i++) {
        expect(Math.abs(found[i]! - expected[i]!)).toBeLessThan(1e-12 * (1 + Math.abs(expected[i]!)));
      }
    };
    const all = await squares({
      ...shared,
      residuals: ({ w, b }, { x, pairs, nu }) => mul(add(tanh(mul(x, b)), matmul(w, pairs)), nu),
    });
    const row = await squares({
      ...shared,
      rows,
      residuals: ({ w, b }, { x, pairs, nu }) => mul(add(tanh(mul(x, b)), sum(mul(w, pairs))), nu),
    });
    const at = all.start;
    expect(row.count).toBe(count);
    const [one, other] = [await row.evaluate(at), await all.evaluate(at)];
    close([one.value], [other.value]);
    close(one.gradient, other.gradient);
    close(await row.residuals(at), await all.residuals(at));
    close((await row.gaussNewton(at)).data, (await all.gaussNewton(at)).data);
    const added = await objective({
      ...shared,
      rows: { rows },
      value: {
        rows: ({ w, b }, { x, pairs, nu }) => mul(square(mul(add(tanh(mul(x, b)), sum(mul(w, pairs))), nu)), 0.5),
        size: ({ w }) => sum(square(w)),
      },
    });
    const sums = await added.evaluate(at);
    close([sums.value], [other.value + 0.09 + 0.25]);
    close(sums.gradient, [other.gradient[0]! + 0.6, other.gradient[1]! - 1, other.gradient[2]!]);
  });

  it("have a scalar each", async () => {
    const given = { backend, parameters: { w: f64([1, 2]) }, data: { x: f64([1, 2, 3]) }, rows: { x: 0 } };
    await expect(objective({ ...given, value: ({ w }, { x }) => mul(w, x) })).rejects.toThrow(
      "objective: must return a scalar for each row; it returned f64[2].",
    );
  });
});

describe("it refuses", () => {
  const value = ({ x }: { readonly x: Tensor }) => sum(x);
  it.each<[string, object, RegExp]>([
    [
      "whole numbers as parameters",
      { parameters: { x: array([1], { dtype: "i32" }) } },
      /"x" is i32\[1\]; parameters are/,
    ],
    ["text as a parameter", { parameters: { x: "1" } }, /received string at "x"; it takes trees of arrays and numbers/],
    ["no parameters", { parameters: {} }, /received no parameters/],
    ["another dtype", { dtype: "f16" }, /option "dtype" is "f16"; expected one of "f64", "f32"/],
    ["the name of a backend", { backend: "wasm" }, /expected a started backend, such as wasmBackend/],
    ["a result that is no scalar", { value: ({ x }: { x: Tensor }) => x }, /must return a scalar/],
  ])("%s", async (_, change, message) => {
    const options = { backend, parameters: { x: f64([1, 2]) }, value, ...change };
    await expect(objective(options as Parameters<typeof objective>[0])).rejects.toThrow(message);
  });

  it("points of another length", async () => {
    const { evaluate } = await rosenbrock();
    await expect(async () => evaluate(Float64Array.of(1))).rejects.toThrow(/f64\[2\]/);
  });
});

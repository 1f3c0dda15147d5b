// How programs grow: with the length of what is differentiated, and with the order of the derivative.
import { describe, expect, it } from "vitest";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import { add, full, fullLike, mul, stopGradient, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/linear.ts";
import { sum } from "../ops/reduction.ts";
import { optimize } from "../passes/optimize.ts";
import { record } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "./grad.ts";
import { jvp } from "./jvp.ts";

type Fn = (x: Tensor) => Tensor;

const slope =
  (fn: Fn): Fn =>
  (x) =>
    jvp(fn, [x], [fullLike(x, 1)])[1];
const chain =
  (length: number, step: (y: Tensor, x: Tensor) => Tensor): Fn =>
  (x) => {
    let y = x;
    for (let i = 0; i < length; i++) y = step(y, x);
    return sum(y);
  };
const nested = (order: number, fn: Fn): Fn => (order === 0 ? fn : slope(nested(order - 1, fn)));
const curvature = (fn: Fn): Fn => grad((x) => sum(grad(fn)(x)));

/** Nodes as recorded and after optimization. */
function sizes(fn: Fn, shape: readonly number[]): [number, number] {
  const { program } = record(fn, { shape, dtype: "f64" });
  return [program.nodes.length, optimize(program).nodes.length];
}

describe("programs grow with the length", () => {
  const product = (length: number) => chain(length, matmul);
  const power = (length: number) => chain(length, mul);
  it.each<[string, (length: number) => Fn]>([
    ["a slope", (length) => slope(product(length))],
    ["a gradient", (length) => grad(product(length))],
    ["a second derivative", (length) => curvature(product(length))],
    ["a second derivative of elements", (length) => curvature(power(length))],
    ["a third derivative", (length) => curvature(slope(power(length)))],
  ])("of %s", (_, fn) => {
    const [short, middle, long] = [100, 200, 300].map((length) => sizes(fn(length), [2, 2]));
    for (const i of [0, 1] as const) expect(long![i] - middle![i]).toBe(middle![i] - short![i]);
  });
});

describe("programs of nested derivatives", () => {
  // The n-th derivative of tanh is a polynomial in tanh of degree n + 1.
  it("grow with a power of the order, not exponentially", () => {
    const [recorded, optimized] = sizes(nested(12, tanh), []);
    expect(optimized).toBeLessThan(12 ** 2.5);
    expect(recorded).toBeLessThan(2 * 12 ** 2.5);
  });

  it("stay right: derivatives of tanh at 0", async () => {
    // Of tanh x = x - x^3/3 + 2 x^5/15 - 17 x^7/315 + 62 x^9/2835 - ..., times the factorial.
    const expected = [1, 0, -2, 0, 16, 0, -272, 0, 7936];
    const zero = array(0, { dtype: "f64" });
    for (const [i, right] of expected.entries())
      expect((await run(referenceBackend(), nested(i + 1, tanh), zero)).data[0]).toBeCloseTo(right, 9);
  });

  it("reach any order", async () => {
    const square = (x: Tensor) => mul(x, x);
    expect((await run(referenceBackend(), nested(200, square), array(3))).data[0]).toBe(0);
  });

  it("keep what stops derivatives at every order", async () => {
    // x^2 whose inner derivative reads x as a constant: d/dx (stop(x) x) = x, and d/dx stop(x) = 0.
    const half: Fn = (x) => mul(stopGradient(x), x);
    const three = array(3, { dtype: "f64" });
    const both: Fn = (x) => add(slope(half)(x), mul(full([], 10, "f64"), slope(slope(half))(x)));
    expect((await run(referenceBackend(), both, three)).data[0]).toBe(3);
    expect((await run(referenceBackend(), (x: Tensor) => grad(grad(half))(x), three)).data[0]).toBe(0);
  });
});

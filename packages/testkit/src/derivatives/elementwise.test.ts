// Derivatives of the elementwise primitives and of the functions made of them, to third order.
import {
  abs,
  add,
  array,
  convert,
  cos,
  div,
  erf,
  exp,
  expm1,
  floor,
  grad,
  type HostArray,
  less,
  log,
  log1p,
  logSoftmax,
  logSumExp,
  max,
  maximum,
  min,
  minimum,
  mul,
  neg,
  pow,
  referenceBackend,
  rem,
  rsqrt,
  run,
  select,
  sigmoid,
  sign,
  sin,
  softmax,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tan,
  tanh,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { sample } from "../cases/samples.ts";
import { checkDerivatives } from "../finite-differences.ts";

const x = (low: number, high: number, seed = 1): HostArray => sample([5], "f64", { low, high, seed });

const unary: Record<string, [(x: Tensor) => Tensor, HostArray]> = {
  neg: [neg, x(-2, 2)],
  abs: [abs, array([-2, -0.5, 0.3, 1.7], { dtype: "f64" })],
  sign: [sign, array([-2, -0.5, 0.3, 1.7], { dtype: "f64" })],
  floor: [floor, array([-2.5, -0.5, 0.3, 1.7], { dtype: "f64" })],
  exp: [exp, x(-2, 2)],
  expm1: [expm1, x(-2, 2)],
  log: [log, x(0.5, 3)],
  log1p: [log1p, x(-0.5, 2)],
  sin: [sin, x(-4, 4)],
  cos: [cos, x(-4, 4)],
  tan: [tan, x(-1, 1)],
  tanh: [tanh, x(-2, 2)],
  sigmoid: [sigmoid, x(-4, 4)],
  erf: [erf, x(-2, 2)],
  sqrt: [sqrt, x(0.5, 3)],
  rsqrt: [rsqrt, x(0.5, 3)],
  "convert to f64 and back": [(t) => convert(convert(mul(t, t), "f64"), "f64"), x(-2, 2)],
  "tanh(x * x)": [(t) => tanh(mul(t, t)), x(-1.2, 1.2)],
  "sigmoid(sin(x))": [(t) => sigmoid(sin(t)), x(-3, 3)],
  "exp(-x * x) erf(x)": [(t) => mul(exp(neg(square(t))), erf(t)), x(-2, 2)],
  "sin(exp(x))": [(t) => sin(exp(t)), x(-1, 1)],
  softmax: [(t) => softmax(t), x(-2, 2)],
  "softmax(tanh(x * x))": [(t) => softmax(tanh(mul(t, t))), x(-1, 1)],
  logSoftmax: [(t) => logSoftmax(t), x(-2, 2)],
  logSumExp: [(t) => logSumExp(t), x(-2, 2)],
};

describe("one operand, to third order", () => {
  it.each(Object.entries(unary))("%s", (_, [fn, at]) => {
    checkDerivatives(fn, [at], { order: 3 });
  });
});

const binary: Record<string, [(...x: Tensor[]) => Tensor, HostArray, HostArray]> = {
  add: [add, x(-2, 2), x(-2, 2, 2)],
  sub: [sub, x(-2, 2), x(-2, 2, 2)],
  mul: [mul, x(-2, 2), x(-2, 2, 2)],
  div: [div, x(-2, 2), x(0.7, 2, 2)],
  rem: [rem, array([5.3, -5.3, 2.2], { dtype: "f64" }), array([2, 2, 0.9], { dtype: "f64" })],
  pow: [pow, x(0.5, 2), x(-2, 3, 2)],
  maximum: [(a, b) => square(maximum(a, b)), x(-2, 2), x(-2, 2, 2)],
  minimum: [(a, b) => mul(a, minimum(a, b)), x(-2, 2), x(-2, 2, 2)],
  select: [(a, b) => select(less(a, b), mul(a, b), exp(a)), x(-2, 2), x(-2, 2, 2)],
  "a broadcast": [(a, b) => tanh(mul(a, b)), sample([3, 1], "f64"), sample([4], "f64")],
};

describe("two operands, to third order", () => {
  it.each(Object.entries(binary))("%s", (_, [fn, a, b]) => {
    checkDerivatives(fn, [a, b], { order: 3 });
  });
});

describe("values known in closed form", () => {
  const at = async (fn: (x: Tensor) => Tensor, point: number): Promise<number> =>
    (await run(referenceBackend(), (z: Tensor) => fn(z), array(point, { dtype: "f64" }))).data[0]!;

  it("d2/dx2 tanh(x * x) at 0.7", async () => {
    const second = grad(grad((z: Tensor) => tanh(mul(z, z))));
    const t = Math.tanh(0.49);
    expect(await at(second, 0.7)).toBeCloseTo((1 - t * t) * (2 - 8 * 0.49 * t), 13);
    expect(await at(second, 0.7)).toBeCloseTo(0.17419, 5);
  });

  it("d2/dx2 tanh(x)", async () => {
    const t = Math.tanh(0.7);
    expect(await at(grad(grad((z: Tensor) => tanh(z))), 0.7)).toBeCloseTo(-2 * t * (1 - t * t), 13);
  });

  it("the fifth derivative of exp(2 x)", async () => {
    let fn = (z: Tensor): Tensor => exp(mul(z, 2));
    for (let i = 0; i < 5; i++) fn = grad(fn);
    expect(await at(fn, 0.3)).toBeCloseTo(32 * Math.exp(0.6), 10);
  });

  it.each([
    ["x^2 at 0", (z: Tensor) => pow(z, 2), [0, 2, 0]],
    ["x^3 at 0", (z: Tensor) => pow(z, 3), [0, 0, 6]],
    ["x^0 at 0", (z: Tensor) => pow(z, 0), [0, 0, 0]],
    ["x^1 at 0", (z: Tensor) => pow(z, 1), [1, 0, 0]],
  ])("%s", async (_, fn, expected) => {
    let derivative: (z: Tensor) => Tensor = fn;
    for (const truth of expected) {
      derivative = grad(derivative);
      expect(await at(derivative, 0)).toBe(truth);
    }
  });

  it("ties are shared evenly", async () => {
    const both = (fn: typeof maximum) => (z: Tensor) => grad((a: Tensor) => fn(a, z))(z);
    expect(await at(both(maximum), 1)).toBe(0.5);
    expect(await at(both(minimum), 1)).toBe(0.5);
  });

  it.each([
    [-1, -Infinity],
    [0, 0],
    [2, 0],
  ])("0^b in b at %d, as in PyTorch", async (exponent, expected) => {
    const zero = (b: Tensor): Tensor => sub(b, b);
    expect(await at((b) => grad((c: Tensor) => pow(zero(b), c))(b), exponent)).toBe(expected);
  });

  it("an infinite cotangent reaches the largest and the smallest element alone", async () => {
    const largest = (z: Tensor): Tensor => grad((x: Tensor) => sqrt(max(x)))(z);
    const smallest = (z: Tensor): Tensor => grad((x: Tensor) => sqrt(sub(1, min(x))))(z);
    const larger = (z: Tensor): Tensor => grad((x: Tensor) => sum(sqrt(maximum(x, 0))))(z);
    const of = async (fn: (z: Tensor) => Tensor, values: number[]): Promise<number[]> => [
      ...(await run(referenceBackend(), fn, array(values))).data,
    ];
    expect(await of(largest, [0, -1])).toEqual([Infinity, 0]);
    expect(await of(smallest, [1, 2])).toEqual([-Infinity, 0]);
    expect(await of(larger, [-1, 4])).toEqual([0, 0.25]);
  });

  it("stopGradient and integer detours end derivatives", async () => {
    expect(
      await at(
        grad((z: Tensor) => mul(stopGradient(z), z)),
        3,
      ),
    ).toBe(3);
    expect(
      await at(
        grad((z: Tensor) => mul(convert(convert(z, "i32"), "f64"), z)),
        3,
      ),
    ).toBe(3);
    expect(
      await at(
        grad((z: Tensor) => sum(floor(z))),
        3.5,
      ),
    ).toBe(0);
  });
});

// Derivatives that are known in closed form, ties, and where derivatives end.
import {
  array,
  convert,
  exp,
  floor,
  fullLike,
  grad,
  jvp,
  max,
  maximum,
  min,
  minimum,
  mul,
  pow,
  referenceBackend,
  run,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tanh,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";

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

  it("derivatives follow conversions between floats", async () => {
    // Of the square of 0.1 rounded to f32: twice that number, which f32 holds.
    const squared = (z: Tensor): Tensor => square(convert(convert(z, "f32"), "f64"));
    const rounded = Math.fround(0.1);
    expect(await at(squared, 0.1)).toBe(rounded ** 2);
    expect(await at(grad(squared), 0.1)).toBe(2 * rounded);
    expect(await at((z) => jvp(squared, [z], [fullLike(z, 1)])[1], 0.1)).toBe(2 * rounded);
    expect(await at(grad(grad(squared)), 0.1)).toBe(2);
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

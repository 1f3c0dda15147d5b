import { describe, expect, it } from "vitest";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../transforms/grad.ts";
import { hessian } from "../transforms/jacobian.ts";
import { jvp } from "../transforms/jvp.ts";
import { fullLike, mul, sqrt, square, stopGradient } from "./elementwise.ts";
import { norm } from "./norm.ts";
import { sum } from "./reduction.ts";

const backend = referenceBackend();
const f64 = (values: number[] | number[][]) => array(values, { dtype: "f64" });

describe("norm", () => {
  it("takes axes, and keeps them where it is told to", async () => {
    const x = array([
      [3, 0, -4],
      [5, 12, 0],
    ]);
    const found = await run(
      backend,
      (t: Tensor) => [norm(t, { axes: 1 }), norm(t, { axes: -1, keepDims: true }), norm(t), norm(t, { axes: [] })],
      x,
    );
    expect(found.map(({ data }) => [...data])).toEqual([
      [5, 13],
      [5, 13],
      [Math.fround(Math.sqrt(194))],
      [3, 0, 4, 5, 12, 0],
    ]);
    expect(found[1]!.shape).toEqual([2, 1]);
  });

  it("is the sum of sizes of order 1, the largest of order Infinity", async () => {
    const of = (order: number) => run(backend, (t: Tensor) => norm(t, { order }), array([3, -4]));
    expect((await of(1)).data[0]).toBe(7);
    expect((await of(Infinity)).data[0]).toBe(4);
    await expect(of(3)).rejects.toThrow("norm: received the order 3; it takes 1, 2 or Infinity.");
  });

  it.each([
    ["f32", -149, 127, -128],
    ["f64", -1074, 1023, -1024],
  ] as const)("%s: value, gradient and second derivatives at every power of two", async (dtype, low, high, finite) => {
    const powers = Array.from({ length: high - low - 1 }, (_, i) => low + i);
    const x = array(
      powers.flatMap((k) => [3 * 2 ** k, 4 * 2 ** k]),
      { shape: [powers.length, 2], dtype },
    );
    const lengths = (t: Tensor): Tensor => norm(t, { axes: 1 });
    const slope = grad((t: Tensor) => sum(lengths(t)));
    const along = (fn: (t: Tensor) => Tensor) => (t: Tensor) => jvp(fn, [t], [fullLike(t, 1)])[1];
    const functions = [
      lengths,
      slope,
      along(lengths),
      grad((t: Tensor) => sum(slope(t))),
      along(slope),
      along(along(lengths)),
    ];
    const found = await run(backend, (t: Tensor) => functions.map((fn) => fn(t)), x);
    const [inFirst, inSecond] = [0.16, -0.12];
    for (const [row, k] of powers.entries()) {
      const truths: number[][] = [[5 * 2 ** k], [0.6, 0.8], [1.4]];
      // Below, they are beyond the type.
      const bend = 1 / (5 * 2 ** k);
      if (k > finite) truths.push([inFirst * bend, inSecond * bend], [inFirst * bend, inSecond * bend], [0.04 * bend]);
      for (const [which, truth] of truths.entries()) {
        for (const [i, expected] of truth.entries()) {
          const value = found[which]!.data[row * truth.length + i]!;
          // Subnormal numbers come in steps.
          const close =
            Math.abs(value - expected) <= 2e-6 * Math.abs(expected) + 2 * (dtype === "f32" ? 2 ** -149 : 2 ** -1074);
          if (!close) expect.fail(`derivative ${which} at 2**${k}: ${value}, expected ${expected}`);
        }
      }
    }
  });

  it("has the derivative 0 at 0, in both modes and along each row", async () => {
    const backward = (t: Tensor): Tensor => grad((u: Tensor) => sum(norm(u, { axes: 1 })))(t);
    const forward = (t: Tensor): Tensor => jvp((u: Tensor) => norm(u, { axes: 1 }), [t], [fullLike(t, 1)])[1];
    const found = await run(
      backend,
      (t: Tensor) => [backward(t), forward(t)] as const,
      f64([
        [0, 0],
        [3, 4],
      ]),
    );
    expect(Array.from(found[0].data, (value) => Number(value.toPrecision(15)))).toEqual([0, 0, 0.6, 0.8]);
    expect(found[1].data[0]).toBe(0);
    expect(found[1].data[1]).toBeCloseTo(1.4, 14);
    const hand = (t: Tensor): Tensor => grad((u: Tensor) => sqrt(sum(square(u))))(t);
    expect((await run(backend, hand, f64([0, 0]))).data[0]).toBeNaN();
  });

  it("has the Hessian (1 - u u^T) / |x|, also where the scale is another", async () => {
    for (const size of [1, 1e-200, 1e200]) {
      const { data } = await run(backend, (t: Tensor) => hessian((u: Tensor) => norm(u))(t), f64([3 * size, 4 * size]));
      const expected = [0.64, -0.48, -0.48, 0.36].map((value) => value / (5 * size));
      for (const [i, value] of expected.entries()) expect(data[i]! / value).toBeCloseTo(1, 12);
    }
  });

  it("is infinite or NaN where an element is, and 0 of nothing", async () => {
    const of = async (values: number[]) => (await run(backend, (t: Tensor) => norm(t), array(values))).data[0];
    expect(await of([1, -Infinity])).toBe(Infinity);
    expect(await of([1, Number.NaN])).toBeNaN();
    const nothing = await run(backend, (t: Tensor) => norm(t, { axes: 0 }), array([], { shape: [0, 2] }));
    expect([...nothing.data]).toEqual([0, 0]);
  });

  it("leaves what is constant alone", async () => {
    const slope = (t: Tensor): Tensor => grad((u: Tensor) => norm(mul(stopGradient(u), u)))(t);
    expect((await run(backend, slope, f64([1, 0]))).data[0]).toBe(1);
  });
});

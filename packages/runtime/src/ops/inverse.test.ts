// Second derivatives of atan2 where squares of its operands underflow: the smallest numbers of a type, and far from the axes' scale.
import { expect, it } from "vitest";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../transforms/grad.ts";
import { atan2 } from "./inverse.ts";

/** Derivatives in y twice, in both, in x twice. */
function second(y: Tensor, x: Tensor): Tensor[] {
  const inY = (b: Tensor, a: Tensor): Tensor => grad((t: Tensor) => atan2(t, a))(b);
  const inX = (b: Tensor, a: Tensor): Tensor => grad((t: Tensor) => atan2(b, t))(a);
  return [grad((b: Tensor) => inY(b, x))(y), grad((a: Tensor) => inY(y, a))(x), grad((a: Tensor) => inX(y, a))(x)];
}

/** `-2 x y / r^4`, `(y^2 - x^2) / r^4` and `2 x y / r^4`, in units of the larger operand first. */
function expected(y: number, x: number): number[] {
  const size = Math.max(Math.abs(x), Math.abs(y));
  if (size === 0) return [0, 0, 0];
  const [a, b] = [x / size, y / size];
  const fourth = (a * a + b * b) ** 2;
  return [-2 * a * b, b * b - a * a, 2 * a * b].map((part) => part / fourth / size / size);
}

it.each([
  ["f32", [0, 1e-40, 1e-30, -1e-20, 1, 1e30], 2e-6],
  ["f64", [0, 1e-310, 1e-250, -1e-160, 1, 1e300], 1e-12],
] as const)("second derivatives of atan2 in %s", async (dtype, numbers, tolerance) => {
  for (const y of numbers) {
    for (const x of numbers) {
      const [b, a] = [array(y, { dtype }), array(x, { dtype })];
      const found = (await run(referenceBackend(), second, b, a)).map(({ data }) => data[0]!);
      // Of the operands as the type holds them.
      const wanted = expected(b.data[0]!, a.data[0]!).map((value) => (dtype === "f32" ? Math.fround(value) : value));
      for (const [i, value] of wanted.entries()) {
        const least = dtype === "f32" ? 2 ** -149 : 2 ** -1074;
        const near = Math.abs(found[i]! - value) <= tolerance * Math.abs(value) + least;
        expect(found[i] === value || near, `derivative ${i} at ${y}, ${x}: ${found[i]}, expected ${value}`).toBe(true);
      }
    }
  }
});

// The nested derivatives that backends are compared in are right themselves: closed forms and central differences.
import { array, asTensor, type HostArray, interpret, record, type Tensor } from "@hooke/runtime";
import { expect, it } from "vitest";
import { sample } from "../cases/samples.ts";
import { checkDerivatives } from "../finite-differences.ts";
import { burgersLoss, loopSlope, sensitivity, softmaxHessian, thirdDerivative } from "./derivatives.ts";

const evaluate = (fn: (...x: Tensor[]) => Tensor, ...inputs: HostArray[]): readonly number[] =>
  Array.from(interpret(record(fn as never, ...(inputs as never[])).program, inputs)[0]!.data);
const a = (shape: readonly number[], seed = 1): HostArray => sample(shape, "f64", { seed, low: -1, high: 1 });
const near = (actual: readonly number[], expected: readonly number[], within: number): void => {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of actual.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(within);
};

it("third derivative of tanh(x^2)", () => {
  const points = [-1.4, -0.3, 0, 0.7, 1.1];
  // With t = tanh(x^2) and s = 1 - t^2: f' = 2xs, f'' = 2s - 8x^2 t s, f''' = -24xts - 16x^3 s (s - 2t^2).
  const closed = points.map((x) => {
    const t = Math.tanh(x * x);
    const s = 1 - t * t;
    return -24 * x * t * s - 16 * x ** 3 * s * (s - 2 * t * t);
  });
  near(evaluate(thirdDerivative, array(points, { dtype: "f64" })), closed, 1e-12);
});

it("Hessian of sum(log(softmax(x))^2)", () => {
  const x = [0.2, -1, 0.7];
  const total = x.reduce((sum, value) => sum + Math.exp(value), 0);
  const p = x.map((value) => Math.exp(value) / total);
  const l = p.map(Math.log);
  const sum = l.reduce((left, right) => left + right, 0);
  // With l = log p: dl_k/dx_i = d_ki - p_i, so df/dx_i = 2 (l_i - p_i sum(l)), and its derivative by x_j is
  // 2 (d_ij - p_j - p_i (d_ij - p_j) sum(l) - p_i (1 - n p_j)).
  const closed = x.flatMap((_, i) =>
    x.map((_, j) => {
      const same = i === j ? 1 : 0;
      return 2 * (same - p[j]! - p[i]! * (same - p[j]!) * sum - p[i]! * (1 - x.length * p[j]!));
    }),
  );
  near(evaluate(softmaxHessian, array(x, { dtype: "f64" })), closed, 1e-12);
});

it("the gradients of first derivatives of a convolution and a loop", () => {
  checkDerivatives(sensitivity, [a([1, 5, 5, 2]), a([2, 2, 2, 3], 2)], { relative: 1e-5, step: 2 ** -11 });
  checkDerivatives(loopSlope, [a([4]), a([4], 2), a([3, 4], 3)]);
});

it("gradient of Burgers' residual", () => {
  const network = [a([2, 6]), a([6], 2), a([6, 1], 3), a([1], 4)];
  const points = a([9, 2], 5);
  checkDerivatives((...variables) => burgersLoss(variables as never, asTensor(points)), network);
});

it("Burgers' residual itself", () => {
  // u = tanh(w x + v t): u_t = v s, u_x = w s, u_xx = -2 w^2 u s with s = 1 - u^2.
  const [w, v, x, t] = [0.8, -0.5, 0.3, 0.9];
  const u = Math.tanh(w * x + v * t);
  const s = 1 - u * u;
  const closed = (v * s + u * w * s + 0.01 * 2 * w * w * u * s) ** 2;
  const inputs = [[[w], [v]], [0], [[1]], [0], [[x, t]]].map((value) => array(value, { dtype: "f64" }));
  const loss = (w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, points: Tensor) =>
    burgersLoss([w1, b1, w2, b2], points);
  near(evaluate(loss as never, ...inputs), [closed], 1e-14);
});

// Programs of nested derivatives: what physics-informed networks and second-order methods run.
import {
  add,
  array,
  asTensor,
  conv,
  grad,
  type HostArray,
  hessian,
  jvp,
  log,
  matmul,
  maxPool,
  mean,
  mul,
  type Shape,
  scan,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
} from "@hooke/runtime";
import { sample } from "../cases/samples.ts";
import type { Tolerance } from "../compare.ts";
import { type ProgramCase, programCase } from "./program-case.ts";

type Scalar = (x: Tensor) => Tensor;

/** Derivative after derivative of the sum of a function of each element. */
const derivative = (fn: Scalar, order: number): Scalar =>
  order === 0 ? fn : derivative((x) => grad((y: Tensor) => sum(fn(y)))(x), order - 1);

/** The third derivative of `tanh(x^2)`: none of its factors is an output that could be mistaken for an input. */
export const thirdDerivative: Scalar = derivative((x) => tanh(square(x)), 3);

/** The Hessian of `sum(log(softmax(x))^2)`: a full matrix. */
export const softmaxHessian: Scalar = hessian((x) => sum(square(log(softmax(x)))));

/** How much a convolution's result depends on the image, in one number. */
export const sensitivity = (image: Tensor, kernel: Tensor): Tensor =>
  sum(square(grad((x: Tensor) => sum(square(maxPool(tanh(conv(x, kernel)), { window: [2, 2] }))))(image)));

/** The derivative of a recurrence with respect to its start, element by element. */
export const loopSlope = (start: Tensor, weight: Tensor, xs: Tensor): Tensor =>
  derivative((h) => {
    const [last, states] = scan(
      (state: Tensor, x: Tensor) => {
        const next = tanh(add(mul(state, weight), x));
        return [next, mul(next, state)] as const;
      },
      h,
      xs,
    );
    return add(square(last), sum(states, { axes: 0 }));
  }, 1)(start);

/** Weights and biases of a network from position and time to a velocity. */
type Network = readonly [w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor];

/** `[rows, 2]`, every row of which points along one axis. */
const along = (axis: 0 | 1, { shape: [rows], dtype }: Tensor): Tensor =>
  asTensor(array(new Array(rows!).fill(axis === 0 ? [1, 0] : [0, 1]), { dtype }));

/**
 * The mean square of the residual `u_t + u u_x - 0.01 u_xx` of Burgers' equation at `points[n, 2]`, position and time, where `u`
 * is a network of one hidden layer.
 */
export function burgersLoss([w1, b1, w2, b2]: Network, points: Tensor): Tensor {
  const u = (p: Tensor): Tensor => add(matmul(tanh(add(matmul(p, w1), b1)), w2), b2);
  const [alongX, alongT] = [along(0, points), along(1, points)];
  const slope = (p: Tensor): Tensor => jvp(u, [p], [alongX])[1];
  const [ux, uxx] = jvp(slope, [points], [alongX]);
  const [value, ut] = jvp(u, [points], [alongT]);
  return mean(square(sub(add(ut, mul(value, ux)), mul(uxx, 0.01))));
}

/** Rounding of a hundred operations, some of which cancel. */
const loose: Tolerance = { relative: { f32: 2e-4, f64: 1e-11 }, magnitude: "largest" };

/** Derivatives of second and third order, through elementwise functions, softmax, convolution and loops. */
export function derivativePrograms(dtype: "f32" | "f64"): readonly ProgramCase[] {
  const a = (shape: Shape, seed = 1, size = 1): HostArray => sample(shape, dtype, { seed, low: -size, high: size });
  const entry = (name: string, inputs: readonly HostArray[], fn: (...x: Tensor[]) => Tensor | readonly Tensor[]) =>
    programCase(`${name}, ${dtype}`, inputs, fn, { tolerance: loose });
  return [
    entry("third derivative of tanh of a square", [a([17], 1, 1.5)], thirdDerivative),
    entry("Hessian of a softmax", [a([5])], softmaxHessian),
    entry("second derivative of a convolution", [a([1, 5, 5, 2]), a([2, 2, 2, 3], 2)], (image, kernel) =>
      grad((k: Tensor) => sensitivity(image, k))(kernel),
    ),
    entry("second derivative of a loop", [a([4]), a([4], 2), a([3, 4], 3)], (start, weight, xs) =>
      derivative((h) => loopSlope(h, weight, xs), 1)(start),
    ),
    entry(
      "gradient of Burgers' residual",
      [a([2, 6]), a([6], 2), a([6, 1], 3), a([1], 4), a([9, 2], 5)],
      (w1, b1, w2, b2, points) => grad((network: Network) => burgersLoss(network, points))([w1, b1, w2, b2]),
    ),
  ];
}

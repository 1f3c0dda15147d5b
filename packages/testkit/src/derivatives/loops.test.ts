// Derivatives of loops: of no step and of one; agreement with the loop written out; matrices of derivatives.
import {
  add,
  cos,
  grad,
  type HostArray,
  hessian,
  interpret,
  jacobian,
  mul,
  optimize,
  record,
  reshape,
  type Shape,
  scan,
  sin,
  slice,
  sub,
  sum,
  type Tensor,
  tanh,
} from "@hooke/runtime";
import { expect, it } from "vitest";
import { sample } from "../cases/samples.ts";
import { checkDerivatives } from "../finite-differences.ts";

const a = (shape: Shape, seed = 1): HostArray => sample(shape, "f64", { low: -0.8, high: 0.8, seed });

it("of length 0 and 1", () => {
  for (const length of [0, 1]) {
    checkDerivatives(
      (w, x) => scan((c: Tensor, z: Tensor) => [sin(mul(add(c, z), w)), []] as const, w, x)[0] as Tensor,
      [a([]), a([length])],
      { order: 3 },
    );
  }
});

it("agrees with the loop written out, and its program does not grow with the length", () => {
  const step = (c: Tensor, z: Tensor, w: Tensor): Tensor => tanh(add(mul(c, w), z));
  const looped = (w: Tensor, x: Tensor): Tensor =>
    scan((c: Tensor, z: Tensor) => [step(c, z, w), []] as const, w, x)[0] as Tensor;
  const unrolled = (w: Tensor, x: Tensor): Tensor => {
    let c = w;
    for (let t = 0; t < x.shape[0]!; t++) c = step(c, reshape(slice(x, [t], [t + 1]), []), w);
    return c;
  };
  const third = (fn: typeof looped) => (w: Tensor, x: Tensor) =>
    grad((v: Tensor) => grad((z: Tensor) => grad(fn)(z, x))(v))(w);
  const sizes = [4, 40].map((length) => {
    const inputs = [a([]), a([length], 3)];
    const programs = [looped, unrolled].map((fn) => optimize(record(third(fn), ...inputs).program));
    const [left, right] = programs.map((program) => interpret(program, inputs)[0]!.data[0]!);
    expect(left).toBeCloseTo(right!, 10);
    return programs[0]!.nodes.length;
  });
  expect(sizes[0]).toBe(sizes[1]);
});

it("jacobian and hessian nest with loops", () => {
  checkDerivatives((x) => jacobian((z) => sin(mul(z, sum(z))))(x), [a([3])], { order: 2 });
  checkDerivatives((x) => hessian((z) => sum(mul(cos(z), sum(z))))(x), [a([3])], { order: 1 });
  checkDerivatives(
    (x) =>
      jacobian((z) => scan((c: Tensor, v: Tensor) => [sub(sin(mul(c, v)), c), []] as const, z, x)[0] as Tensor)(
        reshape(slice(x, [0], [1]), []),
      ),
    [a([3])],
    { order: 2 },
  );
});

// Transforms against closed forms. Derivatives of every primitive are checked by finite differences in testkit.
import { describe, expect, it } from "vitest";
import type { HostArray } from "../array.ts";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import { add, convert, exp, mul, sin, square } from "../ops/elementwise.ts";
import { matmul } from "../ops/linear.ts";
import { sum } from "../ops/reduction.ts";
import { concat } from "../ops/structure.ts";
import { record } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { grad, valueAndGrad, valueAuxAndGrad, vjp } from "./grad.ts";
import { hessian, hvp, jacobian } from "./jacobian.ts";
import { jvp } from "./jvp.ts";

const f64 = (values: Parameters<typeof array>[0]): HostArray => array(values, { dtype: "f64" });
const backend = referenceBackend();
const numbers = ({ data }: HostArray): number[] => Array.from(data);
const matrix = f64([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("jacobian", () => {
  it("of a linear function is its matrix, by rows or by columns", async () => {
    const wide = await run(backend, (a: Tensor, x: Tensor) => jacobian((z) => matmul(a, z))(x), matrix, f64([1, 2, 3]));
    expect([wide.shape, numbers(wide)]).toEqual([[2, 3], numbers(matrix)]);
    const tall = await run(backend, (a: Tensor, x: Tensor) => jacobian((z) => matmul(z, a))(x), matrix, f64([1, 2]));
    expect([tall.shape, numbers(tall)]).toEqual([
      [3, 2],
      [1, 4, 2, 5, 3, 6],
    ]);
  });

  it("has the shapes of result and argument", async () => {
    const square3 = await run(backend, (x: Tensor) => jacobian((z) => square(z))(x), f64([[1, 2]]));
    expect([square3.shape, numbers(square3)]).toEqual([
      [1, 2, 1, 2],
      [2, 0, 0, 4],
    ]);
    expect((await run(backend, (x: Tensor) => jacobian((z) => sum(z))(x), f64([1, 2]))).shape).toEqual([2]);
    expect((await run(backend, (x: Tensor) => jacobian((z) => concat([z, z], 0))(x), f64([]))).shape).toEqual([0, 0]);
  });

  it("may change the dtype on the way", async () => {
    const toDouble = (z: Tensor): Tensor => sum(mul(convert(z, "f64"), 3));
    const row = await run(backend, (x: Tensor) => jacobian(toDouble)(x), array([1, 2]));
    expect(numbers(row)).toEqual([3, 3]);
  });

  it("refuses integers", () => {
    expect(() => record((x) => jacobian((z) => z)(x), { shape: [2], dtype: "i32" })).toThrow(
      "jacobian: received i32[2]",
    );
  });
});

it("hessian and hvp of a quadratic form and of a product", async () => {
  const form = (a: Tensor) => (x: Tensor) => matmul(matmul(x, a), x);
  const a = f64([
    [1, 2],
    [3, 4],
  ]);
  const x = f64([5, 6]);
  expect(numbers(await run(backend, (m: Tensor, z: Tensor) => hessian(form(m))(z), a, x))).toEqual([2, 5, 5, 8]);
  const product = await run(backend, (m: Tensor, z: Tensor, v: Tensor) => hvp(form(m), z, v), a, x, f64([1, -1]));
  expect(numbers(product)).toEqual([-3, -3]);
  const tree = await run(
    backend,
    (p: { a: Tensor; b: Tensor }, v: { b: Tensor; a: Tensor }) => hvp(({ a: u, b: w }) => sum(mul(square(u), w)), p, v),
    { a: f64([3]), b: f64([5]) },
    { b: f64([10]), a: f64([1]) },
  );
  expect([numbers(tree.a), numbers(tree.b)]).toEqual([[10 + 60], [6]]);
});

it("valueAndGrad, auxiliary results and further arguments", async () => {
  const loss = ({ w }: { w: Tensor }, x: Tensor): Tensor => sum(mul(w, x));
  const [value, gradient] = await run(
    backend,
    (p: { w: Tensor }, x: Tensor) => valueAndGrad(loss)(p, x),
    { w: f64([1, 2]) },
    f64([3, 4]),
  );
  expect([numbers(value), numbers(gradient.w)]).toEqual([[11], [3, 4]]);
  const [total, aux, slope] = await run(
    backend,
    (w: Tensor) =>
      valueAuxAndGrad((z: Tensor) => [sum(square(z)), { twice: mul(z, 2), count: convert(z, "i32") }] as const)(w),
    f64([1, 2]),
  );
  expect([numbers(total), numbers(aux.twice), numbers(aux.count), numbers(slope)]).toEqual([
    [5],
    [2, 4],
    [1, 2],
    [2, 4],
  ]);
});

it("vjp gives zeros for what does not matter, and integers", async () => {
  const result = await run(
    backend,
    (x: Tensor, y: Tensor, i: Tensor) => {
      const [value, pullback] = vjp((a: Tensor, _: Tensor, k: Tensor) => [mul(a, convert(k, "f64")), k], x, y, i);
      return { value, cotangents: pullback([square(x), i]) };
    },
    f64([2]),
    f64([3, 4]),
    array([5], { dtype: "i32" }),
  );
  expect(result.cotangents.map(numbers)).toEqual([[20], [0, 0], [0]]);
});

it("jvp of a tree", async () => {
  const [value, derivative] = await run(
    backend,
    (x: Tensor, v: Tensor) => jvp(({ a }: { a: Tensor }) => [sin(a), a], [{ a: x }], [{ a: v }]),
    f64([0]),
    f64([3]),
  );
  expect([value, derivative].map((pair) => pair.map((entry) => entry.data[0]))).toEqual([
    [0, 0],
    [3, 3],
  ]);
});

it("a derivative uses tensors from outside as constants", async () => {
  const result = await run(backend, (x: Tensor) => grad((z: Tensor) => sum(mul(z, exp(x))))(x), f64([0, 1]));
  expect(numbers(result)).toEqual([1, Math.E]);
});

it("nested derivatives do not mix up their directions", async () => {
  // d/dx [x d/dy (x + y)] = 1, d/dx [x d/dy (x y)] = 2x, and x (x y)' along x^2 is x^4.
  const nested = (inner: (x: Tensor, y: Tensor) => Tensor) => (x: Tensor) =>
    grad((u: Tensor) => mul(u, grad((y: Tensor) => inner(u, y))(u)))(x);
  expect(
    numbers(
      await run(
        backend,
        nested((x, y) => add(x, y)),
        f64(3),
      ),
    ),
  ).toEqual([1]);
  expect(
    numbers(
      await run(
        backend,
        nested((x, y) => mul(x, y)),
        f64(3),
      ),
    ),
  ).toEqual([6]);
  const forward = (x: Tensor) => grad((u: Tensor) => mul(u, jvp((y: Tensor) => mul(u, y), [u], [square(u)])[1]))(x);
  expect(numbers(await run(backend, forward, f64(3)))).toEqual([108]);
});

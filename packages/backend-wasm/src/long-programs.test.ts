// Programs far longer and wider than the limits of a loop, a function and the call stack; results in closed form.
import {
  add,
  array,
  concat,
  full,
  grad,
  type HostArray,
  isTensor,
  jvp,
  matmul,
  mul,
  reshape,
  run,
  sliceAxis,
  sum,
  type Tensor,
  type Tree,
  transpose,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { wasmBackend } from "./backend.ts";

/** `y = step(y, x)` over and over, from `y = x`. */
const chain =
  (length: number, step: (y: Tensor, x: Tensor) => Tensor) =>
  (x: Tensor): Tensor => {
    let y = x;
    for (let i = 0; i < length; i++) y = step(y, x);
    return y;
  };
const firstOf = async (fn: (x: Tensor) => Tensor, x: HostArray): Promise<number> =>
  (await run(wasmBackend(), fn, x)).data[0]!;

const f64 = { dtype: "f64" } as const;
const scalar = array(1, f64);
const matrix = array(new Float64Array(4).fill(0.5), { shape: [2, 2] });

describe("chains", () => {
  const sums = process.env.HOOKE_TESTS === "full" ? 100_000 : 30_000;
  it(`of ${sums} sums`, async () => expect(await firstOf(chain(sums, add), scalar)).toBe(sums + 1), 60_000);

  const long = 3000;
  it.each<[string, (x: Tensor) => Tensor, HostArray, number]>([
    ["steps of two operations", chain(long, (y, x) => add(mul(y, 0.5), x)), scalar, 2],
    ["products of matrices", chain(long, matmul), matrix, 0.5],
    ["totals that are added again", chain(long, (y, x) => add(x, mul(0.25, sum(y)))), array([1, 1], f64), 2],
    ["transposes", chain(long, (y, x) => add(mul(transpose(y), 0.5), x)), matrix, 1],
    ["reshapes", chain(long, (y) => reshape(mul(reshape(y, [4]), 1.0001), [2, 2])), matrix, 0.5 * 1.0001 ** long],
    ["joins and cuts", chain(long, (y, x) => sliceAxis(concat([x, y], 0), 0, 1, 3)), array([1, 2], f64), 2],
  ])("of %s", async (_, fn, x, expected) => {
    expect((await firstOf(fn, x)) / expected).toBeCloseTo(1, 9);
  });

  const power = (length: number) => chain(length, mul);
  const [longer, n] = [10_000, long + 1];
  it.each<[string, (x: Tensor) => Tensor, number]>([
    ["in forward mode", (x) => jvp(power(longer), [x], [full([], 1, "f64")])[1], longer + 1],
    ["in reverse mode", grad(power(longer)), longer + 1],
    ["twice", grad(grad(power(long))), n * (n - 1)],
  ])("differentiated %s", async (_, fn, expected) => expect(await firstOf(fn, scalar)).toBe(expected), 60_000);
});

describe("wide programs", () => {
  const wide = 3000;
  const ones = Array.from({ length: wide }, () => scalar);
  const total = (xs: readonly Tensor[]): Tensor => xs.reduce((a, b) => add(a, b));

  it("read one tensor many times, and add up as many cotangents", async () => {
    const uses = (x: Tensor): Tensor => total(ones.map((_, i) => mul(x, i)));
    expect(await firstOf(uses, scalar)).toBe((wide * (wide - 1)) / 2);
    expect(await firstOf(grad(uses), scalar)).toBe((wide * (wide - 1)) / 2);
  });

  it("reduce one sum of many terms", async () => {
    const tree = (xs: readonly Tensor[]): Tensor =>
      xs.length === 1 ? xs[0]! : add(tree(xs.slice(0, xs.length >> 1)), tree(xs.slice(xs.length >> 1)));
    const terms = (x: Tensor): Tensor => sum(tree(ones.map((_, i) => mul(x, i))));
    expect(await firstOf(terms, array([1, 1], f64))).toBe(wide * (wide - 1));
  });

  it("have many inputs and many outputs", async () => {
    const results = await run(wasmBackend(), (xs: readonly Tensor[]) => xs.map((x, i) => mul(x, i)), ones);
    expect(results.every(({ data }, i) => data[0] === i)).toBe(true);
    const gradients = await run(
      wasmBackend(),
      grad((xs: readonly Tensor[]) => total(xs.map((x) => mul(x, x)))),
      ones,
    );
    expect(gradients.every(({ data }) => data[0] === 2)).toBe(true);
  });

  it("take trees of any depth", async () => {
    let tree: Tree<HostArray> = scalar;
    for (let i = 0; i < 50_000; i++) tree = i % 2 === 0 ? [tree] : { a: tree };
    const leafOf = <T>(deep: unknown): T => {
      let inner = deep as { a?: unknown; 0?: unknown };
      while (!isTensor(inner) && !("dtype" in inner)) inner = (inner[0] ?? inner.a) as never;
      return inner as T;
    };
    const square = (x: Tree<Tensor>) => mul(leafOf<Tensor>(x), leafOf<Tensor>(x));
    expect(leafOf<HostArray>(await run(wasmBackend(), grad(square), tree as never)).data[0]).toBe(2);
  });
});

// vmap: its arguments and axes, what programs it leaves, and how it nests. Every primitive against a loop is in testkit.
import { describe, expect, it } from "vitest";
import type { HostArray } from "../../array.ts";
import { run } from "../../compile.ts";
import { referenceBackend } from "../../interpret.ts";
import { array } from "../../make-array.ts";
import { add, exp, full, mul, sin, square, tanh } from "../../ops/elementwise.ts";
import { matmul } from "../../ops/linear.ts";
import { norm } from "../../ops/norm.ts";
import { fold, normal, randomBits, randomKey } from "../../ops/random.ts";
import { max, sum } from "../../ops/reduction.ts";
import { scan } from "../../ops/scan.ts";
import { iota, reshape, transpose } from "../../ops/structure.ts";
import { optimize } from "../../passes/optimize.ts";
import { record } from "../../record.ts";
import type { Tensor } from "../../tensor.ts";
import { grad, valueAndGrad, vjp } from "../grad.ts";
import { hessian, jacobian } from "../jacobian.ts";
import { jvp } from "../jvp.ts";
import { vmap } from "./vmap.ts";

const backend = referenceBackend();
const f64 = (values: Parameters<typeof array>[0]): HostArray => array(values, { dtype: "f64" });
const numbers = ({ data }: HostArray): number[] => Array.from(data);
const call = (fn: unknown, ...args: readonly HostArray[]): Promise<HostArray> =>
  run(backend, fn as never, ...(args as never[])) as Promise<never>;
const close = (found: HostArray, expected: readonly number[]): void => {
  expect(found.data.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(found.data[i]! - value)).toBeLessThan(1e-12);
};
const f64Of = (shape: readonly number[], seed = 1): HostArray => {
  const size = shape.reduce((n, d) => n * d, 1);
  return array(
    Float64Array.from({ length: size }, (_, i) => Math.sin(seed * 13 + 2.3 * i)),
    { shape },
  );
};

describe("the axes", () => {
  const x = f64([
    [1, 2, 3],
    [4, 5, 6],
  ]);

  it("of every argument, of one, and of a part of one", async () => {
    const dot = (a: Tensor, b: Tensor): Tensor => sum(mul(a, b));
    expect(numbers(await call(vmap(dot), x, x))).toEqual([14, 77]);
    expect(numbers(await call(vmap(dot, 1), x, x))).toEqual([17, 29, 45]);
    expect(numbers(await call(vmap(dot, [-1, null]), x, f64([1, 10])))).toEqual([41, 52, 63]);
    const affine = ({ w, b }: { w: Tensor; b: Tensor }, v: Tensor): Tensor => add(sum(mul(w, v)), b);
    const mapped = (w: Tensor, b: Tensor, v: Tensor): Tensor =>
      vmap(affine, [{ b: 0, w: null }, 0] as const)({ w, b }, v);
    expect(numbers(await call(mapped, f64([1, 0, 1]), f64([10, 20]), x))).toEqual([14, 30]);
  });

  it("come first in every leaf of the result, also in one that is the same in every row", async () => {
    const fn = (a: Tensor): Tensor[] => [square(a), add(sum(x), 0)];
    const [own, same] = (await call(vmap(fn, 1), x)) as unknown as HostArray[];
    expect([own!.shape, numbers(own!)]).toEqual([
      [3, 2],
      [1, 16, 4, 25, 9, 36],
    ]);
    expect([same!.shape, numbers(same!)]).toEqual([[3], [21, 21, 21]]);
  });

  it("may have no rows", async () => {
    const none = f64Of([0, 3]);
    const found = await call(
      vmap((a: Tensor) => max(a)),
      none,
    );
    expect(found.shape).toEqual([0]);
    expect(
      (await call((a: Tensor) => grad((b: Tensor) => sum(vmap((c: Tensor) => max(c))(b)))(a), none)).shape,
    ).toEqual([0, 3]);
  });
});

describe("it refuses", () => {
  const two = { shape: [2, 3], dtype: "f32" } as const;
  const three = { shape: [3, 3], dtype: "f32" } as const;
  it.each<[string, () => unknown, string]>([
    ["what is no function", () => vmap(3 as never), "vmap: received 3 as the function"],
    [
      "different numbers of rows",
      () => record((a, b) => vmap(add)(a, b), two, three),
      'vmap: received 2 rows at "0" and 3 at "1"; mapped arguments have the same number.',
    ],
    [
      "no axis at all",
      () => record((a) => vmap(square as (a: Tensor) => Tensor, [null])(a), two),
      "vmap: received no argument to map; at least one leaf has an axis that is not null.",
    ],
    [
      "an axis that is not there",
      () => record((a) => vmap(square as (a: Tensor) => Tensor, 2)(a), two),
      'vmap: received the axis 2 for "0", which is f32[2, 3]; an axis of it, or null where it has no rows.',
    ],
    [
      "what is no axis",
      () => record((a) => vmap(square as (a: Tensor) => Tensor, ["x"] as never)(a), two),
      'vmap: received the axis "x" for "0"',
    ],
    [
      "axes for another number of arguments",
      () => record((a) => vmap(add as (a: Tensor, b: Tensor) => Tensor, [0] as never)(a, a), two),
      "vmap: received axes for 1 arguments; the function was called with 2.",
    ],
    ["host arrays", () => vmap((a: Tensor) => a)(array([1]) as never), "vmap: received object"],
  ])("%s", (_, act, message) => {
    expect(act).toThrow(message);
  });
});

describe("what it leaves", () => {
  const nodesOf = (fn: unknown, ...shapes: readonly (readonly number[])[]) => {
    const avals = shapes.map((shape) => ({ shape, dtype: "f32" }));
    return optimize(record(fn as never, ...(avals as never[])).program).nodes;
  };
  const network = ([w, v]: readonly Tensor[], x: Tensor): Tensor => matmul(tanh(matmul(x, w!)), v!);

  it("a product with what is the same in every row is one product, and nothing is repeated", () => {
    const nodes = nodesOf(
      (w: Tensor, v: Tensor, x: Tensor) => vmap((row: Tensor) => network([w, v], row))(x),
      [4, 5],
      [5, 6],
      [7, 4],
    );
    const products = nodes.filter(({ primitive }) => primitive === "dot");
    expect(products.map(({ inputs }) => inputs.map(({ shape }) => shape))).toEqual([
      [
        [7, 4],
        [4, 5],
      ],
      [
        [7, 5],
        [5, 6],
      ],
    ]);
    expect(nodes.filter(({ primitive }) => primitive === "broadcast")).toEqual([]);
  });

  it("gradients of rows are one outer product each, and as many nodes for every number of rows", () => {
    const gradients = (w: Tensor, v: Tensor, x: Tensor) =>
      vmap(
        grad((p: readonly Tensor[], row: Tensor) => sum(square(network(p, row)))),
        [null, 0],
      )([w, v], x);
    const few = nodesOf(gradients, [4, 5], [5, 6], [7, 4]);
    const many = nodesOf(gradients, [4, 5], [5, 6], [700, 4]);
    expect(many.length).toBe(few.length);
    const shapes = many
      .filter(({ primitive }) => primitive === "dot")
      .map(({ inputs }) => inputs.map(({ shape }) => shape));
    expect(shapes).toContainEqual([
      [700, 1, 5],
      [700, 1, 6],
    ]);
    expect(shapes).toContainEqual([
      [700, 1, 4],
      [700, 1, 5],
    ]);
    // Two products forward, one back to the hidden layer, two outer products.
    expect(shapes.length).toBe(5);
  });

  it("what no row has its own of is computed once", () => {
    const fn = (w: Tensor, x: Tensor): Tensor => vmap((row: Tensor) => mul(sum(exp(w)), row))(x);
    expect(nodesOf(fn, [50], [7]).find(({ primitive }) => primitive === "exp")!.outputs[0]!.shape).toEqual([50]);
  });
});

describe("it nests", () => {
  const w = f64Of([3, 4]);
  const x = f64Of([5, 2, 3], 2);
  const layer = (p: Tensor, row: Tensor): Tensor => sum(tanh(matmul(row, p)));

  it("in itself, along any axes, as the loops do", async () => {
    const twice = vmap(vmap(layer, [null, 0]), [null, 2]);
    const found = await call(twice, w, await call((a: Tensor) => transpose(a, [1, 2, 0]), x));
    const flat = await call((p: Tensor, a: Tensor) => sum(tanh(matmul(reshape(a, [10, 3]), p)), { axes: 1 }), w, x);
    expect(found.shape).toEqual([5, 2]);
    close(found, numbers(flat));
    // Both arguments mapped by one, one of them by the other.
    const outer = vmap(
      vmap((a: Tensor, b: Tensor) => sum(mul(a, b)), [0, null]),
      [null, 0],
    );
    close(
      await call(outer, f64Of([4, 3]), f64Of([2, 3], 5)),
      numbers(
        await call((a: Tensor, b: Tensor) => matmul(b, a, { transposeB: true }), f64Of([4, 3]), f64Of([2, 3], 5)),
      ),
    );
  });

  it("with every derivative, either way round", async () => {
    const rows = f64Of([5, 3], 3);
    const one = (i: number): HostArray => array(rows.data.slice(3 * i, 3 * i + 3) as Float64Array);
    const each = async (fn: unknown): Promise<number[]> => {
      const parts = await Promise.all([0, 1, 2, 3, 4].map((i) => call(fn, w, one(i))));
      return parts.flatMap(numbers);
    };
    const along = (row: Tensor): Tensor => sin(row);
    const shapes: Record<string, (p: Tensor, row: Tensor) => Tensor> = {
      "gradient in the shared": (p, row) => grad((q: Tensor) => layer(q, row))(p),
      "gradient in the row": (p, row) => grad((r: Tensor) => layer(p, r))(row),
      value: (p, row) => valueAndGrad(layer)(p, row)[0],
      "derivative along": (p, row) => jvp((r: Tensor) => tanh(matmul(r, p)), [row], [along(row)])[1],
      pullback: (p, row) => {
        const [y, pull] = vjp((r: Tensor) => tanh(matmul(r, p)), row);
        return pull(y)[0];
      },
      Jacobian: (p, row) => jacobian((r: Tensor) => tanh(matmul(r, p)))(row),
      "Jacobian in the shared": (p, row) => jacobian((q: Tensor) => tanh(matmul(row, q)))(p),
      Hessian: (p, row) => hessian((r: Tensor) => layer(p, r))(row),
      "forward over reverse": (p, row) =>
        jvp(
          grad((r: Tensor) => layer(p, r)),
          [row],
          [along(row)],
        )[1],
      "reverse over forward": (p, row) => grad((r: Tensor) => jvp((s: Tensor) => layer(p, s), [r], [sin(r)])[1])(row),
      norm: (p, row) => grad((r: Tensor) => norm(matmul(r, p)))(row),
    };
    for (const fn of Object.values(shapes)) {
      close(await call(vmap(fn, [null, 0]), w, rows), await each(fn));
      // And the derivative of the mapped function in the shared argument: the sum of those of the rows.
      const total = (p: Tensor, r: Tensor): Tensor => grad((q: Tensor) => sum(square(vmap(fn, [null, 0])(q, r))))(p);
      const alone = (p: Tensor, r: Tensor): Tensor => grad((q: Tensor) => sum(square(fn(q, r))))(p);
      const parts = await each(alone);
      close(
        await call(total, w, rows),
        Array.from({ length: 12 }, (_, i) => [0, 1, 2, 3, 4].reduce((s, k) => s + parts[12 * k + i]!, 0)),
      );
    }
  });

  it("in loops and around them: a carry is mapped if it is in some step", async () => {
    // The first carry holds in a step what the second held in the one before.
    const late = (row: Tensor): Tensor => {
      const nothing = full([], 0, "f64");
      const step = ([, b]: readonly Tensor[], x: Tensor) => [[b!, add(b!, x)], b!] as const;
      return scan(step, [nothing, nothing], row)[0][0]!;
    };
    const rows = f64([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(numbers(await call(vmap(late), rows))).toEqual([3, 9]);
    const around = (a: Tensor): Tensor =>
      scan((c: Tensor, r: Tensor) => [add(c, vmap((v: Tensor) => sum(v))(r)), []] as const, f64([0, 0]), a)[0];
    const three = f64Of([3, 2, 4]);
    close(await call(around, three), numbers(await call((a: Tensor) => sum(a, { axes: [0, 2] }), three)));
  });

  it("of a norm in f64 to second order, whose derivatives are stated", async () => {
    const points = f64Of([4, 3], 9);
    const found = await call(vmap(hessian((v: Tensor) => norm(v))), points);
    const expected = [0, 1, 2, 3].flatMap((k) => {
      const v = Array.from(points.data.slice(3 * k, 3 * k + 3));
      const r = Math.hypot(...v);
      return v.flatMap((a, i) => v.map((b, j) => (i === j ? 1 / r : 0) - (a * b) / r ** 3));
    });
    close(found, expected);
  });
});

it("gives every row the numbers of its key, or of the one they share", async () => {
  const keys = (key: Tensor): Tensor => vmap((i: Tensor) => fold(key, i))(iota([4], 0, "u32"));
  const own = await call((key: Tensor) => vmap((k: Tensor) => randomBits(k, [3]))(keys(key)), randomKey(7));
  const shared = await call(
    (key: Tensor) => vmap((x: Tensor) => add(normal(key, [2]), x))(iota([3], 0, "f32")),
    randomKey(7),
  );
  for (let i = 0; i < 4; i++) {
    const one = await call((key: Tensor) => randomBits(fold(key, i), [3]), randomKey(7));
    expect(numbers(own).slice(3 * i, 3 * i + 3)).toEqual(numbers(one));
  }
  const alone = numbers(await call((key: Tensor) => normal(key, [2]), randomKey(7)));
  const moved = [0, 1, 2].flatMap((by) => alone.map((value) => Math.fround(value + by)));
  expect(numbers(shared)).toEqual(moved);
});

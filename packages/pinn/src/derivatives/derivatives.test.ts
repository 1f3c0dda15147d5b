import { add, array, exp, mul, referenceBackend, reshape, run, sin, sliceAxis, type Tensor } from "@hooke/runtime";
import { expect, test } from "vitest";
import { rowDerivatives } from "./row-derivatives.ts";

test("derivatives of rows are those of the closed form, to fourth order", async () => {
  const points = [
    [0.3, -0.7],
    [1.1, 0.4],
  ];
  const indices = [
    [4, 0],
    [0, 0],
    [1, 2],
    [2, 2],
    [0, 1],
    [2, 0],
  ];
  // sin(2x) exp(3y) and 5 x y: columns of one function.
  const fn = (rows: Tensor): Tensor => {
    const [x, y] = [0, 1].map((axis) => sliceAxis(rows, 1, axis, axis + 1)) as [Tensor, Tensor];
    return reshape(add(mul(sin(mul(x, 2)), exp(mul(y, 3))), mul(mul(x, y), 0)), [2, 1]);
  };
  const found = await run(
    referenceBackend(),
    (rows: Tensor) => [...rowDerivatives(fn, rows, indices)],
    array(points, { dtype: "f64" }),
  );
  const along = [Math.sin, Math.cos, (a: number) => -Math.sin(a), (a: number) => -Math.cos(a)];
  for (const [i, [a, b]] of (indices as [number, number][]).entries()) {
    for (const [j, [x, y]] of (points as [number, number][]).entries()) {
      const known = 2 ** a * along[a % 4]!(2 * x) * 3 ** b * Math.exp(3 * y);
      expect(found[i]!.data[j]! / known).toBeCloseTo(1, 12);
    }
  }
});

// The derivatives of a function of rows: the one place that decides how they are computed.
import { concat, full, jvp, type Tensor } from "@hooke/runtime";
import { axesOf, keyOf, type MultiIndex } from "./multi-index.ts";

/**
 * Partial derivatives of a function that maps each row by itself.
 *
 * @param fn `[n, d]` to `[n, c]`, row by row
 * @param rows `[n, d]`
 * @param indices the derivatives wanted
 * @returns `[n, c]` for each of them
 */
export function rowDerivatives(
  fn: (rows: Tensor) => Tensor,
  rows: Tensor,
  indices: readonly MultiIndex[],
): readonly Tensor[] {
  const found = new Map<string, Tensor>();
  // The longest first: on its way to a high derivative a chain meets lower ones.
  const chains = indices.map(axesOf).sort((a, b) => b.length - a.length);
  for (const axes of chains) {
    const prefixes = axes.map((_, i) => axes.slice(0, i + 1));
    const keys = [[], ...prefixes].map((prefix) => keyAlong(prefix, rows.shape[1]!));
    if (found.has(keys.at(-1)!)) continue;
    for (const [i, tensor] of alongChain(fn, rows, axes).entries()) {
      if (!found.has(keys[i]!)) found.set(keys[i]!, tensor);
    }
  }
  return indices.map((index) => found.get(keyOf(index))!);
}

/** The value and the derivatives along the first, the first two, ... of some coordinates. */
function alongChain(fn: (rows: Tensor) => Tensor, rows: Tensor, axes: readonly number[]): readonly Tensor[] {
  let chain = (x: Tensor): Tensor[] => [fn(x)];
  for (const axis of axes) {
    const before = chain;
    chain = (x) => {
      const [values, tangents] = jvp(before, [x], [unitAlong(x, axis)]);
      return [...values, tangents.at(-1)!];
    };
  }
  return chain(rows);
}

function keyAlong(axes: readonly number[], dimensions: number): string {
  return keyOf(Array.from({ length: dimensions }, (_, i) => axes.filter((axis) => axis === i).length));
}

/** Rows of the unit vector along a coordinate. */
function unitAlong(x: Tensor, axis: number): Tensor {
  const [count, dimensions] = x.shape as [number, number];
  return concat(
    Array.from({ length: dimensions }, (_, i) => full([count, 1], i === axis ? 1 : 0, x.dtype)),
    1,
  );
}

// Mapping gathering and scattering. Rows that have indices of their own lie one after another along one axis, and count from where
// theirs begins.
import { fail } from "../../error.ts";
import { add, and, full, less, lessEqual, mul, select } from "../../ops/elementwise.ts";
import { iota, reshape, transpose } from "../../ops/structure.ts";
import type { indexing as indexingRules } from "../../primitives/indexing.ts";
import type { Tensor } from "../../tensor.ts";
import { apply, type BatchRules, mapped, moveAxis, spread } from "./rule.ts";

/** Places that an index, `i32`, can name. */
const mostPlaces = 2 ** 31;

/** Indices `[rows, ...]` into rows of `length` as indices into all of them; those out of range stay so. */
function offset(indices: Tensor, length: number): Tensor {
  const rows = indices.shape[0]!;
  if (rows * length > mostPlaces)
    fail("vmap", `received ${rows} rows of ${length} places to index; i32 counts to ${mostPlaces}.`, "unsupported");
  const place = (value: number): Tensor => full(indices.shape, value, "i32");
  const inside = and(lessEqual(place(0), indices), less(indices, place(length)));
  const base = mul(iota(indices.shape, 0), place(length));
  return select(inside, add(base, indices), place(-1));
}

/** Axes `from` onward, `count` of them, moved to begin at `to`. */
function moveAxes(x: Tensor, from: number, count: number, to: number): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const moved = axes.splice(from, count);
  return transpose(x, axes.toSpliced(to, 0, ...moved));
}

export const indexing: BatchRules<keyof typeof indexingRules> = {
  gather([x, indices], node) {
    const { axis } = node.params;
    const rank = indices!.tensor.rank - (indices!.mapped ? 1 : 0);
    if (!indices!.mapped) return apply(node, [x!.tensor, indices!.tensor], { axis: axis + 1 }).map(mapped);
    if (!x!.mapped) return apply(node, [x!.tensor, indices!.tensor]).map((y) => mapped(moveAxis(y, axis, 0)));
    const [rows, length, ...others] = moveAxis(x!.tensor, axis + 1, 1).shape as [number, number, ...number[]];
    const places = reshape(moveAxis(x!.tensor, axis + 1, 1), [rows * length, ...others]);
    const [picked] = apply(node, [places, offset(indices!.tensor, length)], { axis: 0 });
    return [mapped(moveAxes(picked!, 1, rank, 1 + axis))];
  },
  scatterAdd([indices, updates], node, rows) {
    const { axis, size } = node.params;
    if (!indices!.mapped) {
      return apply(node, [indices!.tensor, updates!.tensor], { axis: axis + 1, size }).map(mapped);
    }
    const rank = indices!.tensor.rank - 1;
    const values = moveAxes(spread(updates!, rows), 1 + axis, rank, 1);
    const params = { axis: 0, size: rows * size };
    const [added] = apply(node, [offset(indices!.tensor, size), values], params);
    const split = reshape(added!, [rows, size, ...added!.shape.slice(1)]);
    return [mapped(moveAxis(split, 1, 1 + axis))];
  },
  cumsum: ([x], node) => apply(node, [x!.tensor], { ...node.params, axis: node.params.axis + 1 }).map(mapped),
};

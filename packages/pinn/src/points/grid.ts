// Regular grids.
import { foldHost, nothingMore } from "@hooke/runtime";
import { type Sampler, unitNumbers } from "./sampler.ts";

/**
 * A regular grid: `k` points along each of `d` coordinates where the count is `k^d`; of another count, columns of almost as many points. It lies as a whole
 * where the key puts it within its cells, so that points drawn afresh are between those of before.
 */
export function grid(...more: []): Sampler {
  nothingMore("grid", more);
  return {
    name: "grid",
    draw: (key, count, dimensions) => {
      const unit = new Float64Array(count * dimensions);
      fill(unit, dimensions, 0, 0, count, unitNumbers(foldHost(key, "shift"), dimensions));
      return unit;
    },
  };
}

/** Fills rows from `from` on: columns along a coordinate, each a grid of those that follow. */
function fill(
  unit: Float64Array,
  dimensions: number,
  axis: number,
  from: number,
  count: number,
  shifts: Float64Array,
): void {
  if (axis === dimensions) return;
  const columns = axis === dimensions - 1 ? count : Math.max(Math.round(count ** (1 / (dimensions - axis))), 1);
  for (let i = 0; i < columns; i++) {
    const [first, next] = [Math.floor((i * count) / columns), Math.floor(((i + 1) * count) / columns)];
    for (let row = first; row < next; row++) unit[(from + row) * dimensions + axis] = (i + shifts[axis]!) / columns;
    fill(unit, dimensions, axis + 1, from + first, next - first, shifts);
  }
}

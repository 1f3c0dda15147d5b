// Values on a grid, moved: turned about the centre by an orthogonal map, or shifted periodically.
import { fail, type Shape, sizeOf, stridesOf } from "@hooke/runtime";
import { keepsGrid, type Matrix } from "./orthogonal.ts";

/** Values `[...spatial, channels]`; spatial axes in the order (z,) y, x. */
export interface Grid {
  readonly spatial: Shape;
  readonly channels: number;
  readonly values: Float32Array | Float64Array;
}

/** How a grid goes on beyond its edges: mirrored about them, or repeated. */
export type Beyond = "reflect" | "periodic";

/**
 * The grid turned about its centre: the value at `p` comes from `map^-1 p`. Maps of quarter turns and reflections move
 * values as they are, others interpolate linearly between the nearest `2^dimensions`.
 *
 * @throws if a quarter turn would exchange axes of different lengths
 */
export function turnGrid(grid: Grid, map: Matrix, beyond: Beyond): Grid {
  return keepsGrid(map) ? permuted(grid, map) : interpolated(grid, map, beyond);
}

// Component i (x, y, z) belongs to the spatial axis size - 1 - i.
const axisOf = (size: number, component: number): number => size - 1 - component;

/**
 * In words, which axes of different lengths a map exchanges; undefined if it exchanges none, or does not take the grid
 * to itself.
 */
export function exchangedSides(spatial: Shape, map: Matrix): string | undefined {
  if (!keepsGrid(map)) return undefined;
  const size = spatial.length;
  for (const [axis, length] of spatial.entries()) {
    const from = axisOf(
      size,
      map[axisOf(size, axis)]!.findIndex((value) => value !== 0),
    );
    if (spatial[from] !== length) return `exchanges axes of ${length} and ${spatial[from]} points`;
  }
  return undefined;
}

function permuted({ spatial, channels, values }: Grid, map: Matrix): Grid {
  const size = spatial.length;
  const sides = exchangedSides(spatial, map);
  if (sides !== undefined) fail("augment", `a quarter turn ${sides}, though none of the maps of its transform does.`);
  const strides = stridesOf(spatial);
  const moved = values.slice();
  // For each axis of the result: the axis it reads, and whether backwards.
  const sources = spatial.map((_, axis) => {
    const row = map[axisOf(size, axis)]!;
    const component = row.findIndex((value) => value !== 0);
    const from = axisOf(size, component);
    return { stride: strides[from]!, backwards: row[component]! < 0 };
  });
  eachPoint(spatial, (index, point) => {
    let from = 0;
    for (let axis = 0; axis < size; axis++) {
      const { stride, backwards } = sources[axis]!;
      from += stride * (backwards ? spatial[axis]! - 1 - index[axis]! : index[axis]!);
    }
    for (let c = 0; c < channels; c++) moved[point * channels + c] = values[from * channels + c]!;
  });
  return { spatial, channels, values: moved };
}

function interpolated({ spatial, channels, values }: Grid, map: Matrix, beyond: Beyond): Grid {
  const size = spatial.length;
  const strides = stridesOf(spatial);
  const turned = values.slice().fill(0);
  const centre = spatial.map((length) => (length - 1) / 2);
  eachPoint(spatial, (index, point) => {
    // p_in = map^T p_out, in components.
    const base: number[] = [];
    const fraction: number[] = [];
    for (let axis = 0; axis < size; axis++) {
      let position = 0;
      for (let other = 0; other < size; other++) {
        position += map[axisOf(size, other)]![axisOf(size, axis)]! * (index[other]! - centre[other]!);
      }
      position += centre[axis]!;
      base.push(Math.floor(position));
      fraction.push(position - Math.floor(position));
    }
    for (let corner = 0; corner < 2 ** size; corner++) {
      let weight = 1;
      let from = 0;
      for (let axis = 0; axis < size; axis++) {
        const next = (corner >> axis) & 1;
        weight *= next ? fraction[axis]! : 1 - fraction[axis]!;
        from += strides[axis]! * inside(base[axis]! + next, spatial[axis]!, beyond);
      }
      if (weight === 0) continue;
      for (let c = 0; c < channels; c++) turned[point * channels + c]! += weight * values[from * channels + c]!;
    }
  });
  return { spatial, channels, values: turned };
}

/** An index brought back into `0 ... length - 1`. */
function inside(index: number, length: number, beyond: Beyond): number {
  if (beyond === "periodic") return ((index % length) + length) % length;
  const period = 2 * length;
  const at = ((index % period) + period) % period;
  return at < length ? at : period - 1 - at;
}

/** The grid moved by whole points along each spatial axis, what leaves on one side entering on the other. */
export function shiftGrid({ spatial, channels, values }: Grid, shift: readonly number[]): Grid {
  const strides = stridesOf(spatial);
  const moved = values.slice();
  eachPoint(spatial, (index, point) => {
    let from = 0;
    for (const [axis, length] of spatial.entries()) {
      from += strides[axis]! * inside(index[axis]! - shift[axis]!, length, "periodic");
    }
    for (let c = 0; c < channels; c++) moved[point * channels + c] = values[from * channels + c]!;
  });
  return { spatial, channels, values: moved };
}

function eachPoint(spatial: Shape, visit: (index: readonly number[], point: number) => void): void {
  const index = spatial.map(() => 0);
  const count = sizeOf(spatial);
  for (let point = 0; point < count; point++) {
    visit(index, point);
    for (let axis = spatial.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < spatial[axis]!) break;
      index[axis] = 0;
    }
  }
}

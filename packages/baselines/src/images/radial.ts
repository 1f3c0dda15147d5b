// Grids by their distance from the origin: rings of one sample each, and lines along the axes.

/** Places of a grid that are averaged: `bin[i]` of place `i`, or -1, and how many each bin has. */
export interface Bins {
  readonly bin: Int32Array;
  readonly counts: Float64Array;
}

/** The signed place along a periodic axis: 0, 1, ..., then the negative ones. */
const signed = (i: number, size: number): number => (2 * i <= size ? i : i - size);

/** Coordinates of a place, scaled, by axis. */
function placeOf(index: number, shape: readonly number[], scales: readonly number[]): number[] {
  const place = new Array<number>(shape.length);
  for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
    place[axis] = signed(rest % shape[axis]!, shape[axis]!) * scales[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return place;
}

/**
 * Rings around the origin of a grid, whose places run from 0 up and then below 0.
 *
 * @param scales what a step along each axis is long, in ring widths
 * @param most the last ring
 */
export function rings(shape: readonly number[], scales: readonly number[], most: number): Bins {
  return binsOf(shape, most, (index) => {
    const place = placeOf(index, shape, scales);
    return Math.round(Math.sqrt(place.reduce((sum, value) => sum + value * value, 0)));
  });
}

/** Places on an axis through the origin, in both directions. */
export function axisLine(shape: readonly number[], axis: number, most: number): Bins {
  const ones = shape.map(() => 1);
  return binsOf(shape, most, (index) => {
    const place = placeOf(index, shape, ones);
    return place.every((value, other) => other === axis || value === 0) ? Math.abs(place[axis]!) : -1;
  });
}

function binsOf(shape: readonly number[], most: number, binAt: (index: number) => number): Bins {
  const size = shape.reduce((product, length) => product * length, 1);
  const counts = new Float64Array(most + 1);
  const bin = Int32Array.from({ length: size }, (_, index) => {
    const found = binAt(index);
    return found >= 0 && found <= most ? found : -1;
  });
  for (const each of bin) if (each >= 0) counts[each]!++;
  return { bin, counts };
}

/** Means over bins, of so many grids one after another: `[grids, bins]`. */
export function meansOver({ bin, counts }: Bins, values: ArrayLike<number>, grids: number): Float64Array {
  const sums = new Float64Array(grids * counts.length);
  for (let grid = 0; grid < grids; grid++) {
    for (let i = 0; i < bin.length; i++) {
      if (bin[i]! >= 0) sums[grid * counts.length + bin[i]!]! += values[grid * bin.length + i]!;
    }
  }
  return sums.map((sum, i) => sum / counts[i % counts.length]!);
}

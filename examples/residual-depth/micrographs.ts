// The data: two-phase micrographs whose features are elongated, and the direction in which they are.
import { type Dataset, dataset } from "@hooke/data";
import { array, type Backend, compile, fold, foldHost, type Key, normal, randomKey, uniform } from "@hooke/runtime";

/** How micrographs are drawn. */
export interface Ensemble {
  /** Points along each edge. */
  readonly side: number;
  /** Number of directions, evenly spread over half a turn from the x axis; a direction is a class. */
  readonly directions: number;
  /** Correlation lengths along and across the direction, in points: standard deviations of the smoothing Gaussian. */
  readonly lengths: readonly [along: number, across: number];
}

/**
 * Draws micrographs: periodic Gaussian random fields (white noise smoothed by an elongated, turned Gaussian), cut at their
 * median. Each phase takes exactly half of every micrograph, so that its volume fraction says nothing.
 *
 * Inputs `[count, side, side, 1]`: 1 in one phase, -1 in the other. Targets `i32[count]`: the direction.
 */
export async function micrographs(
  backend: Backend,
  { side, directions, lengths }: Ensemble,
  count: number,
  seed: number,
): Promise<Dataset> {
  const filters = Array.from({ length: directions }, (_, k) => smoothing(side, (Math.PI * k) / directions, lengths));
  const draw = compile(backend, (key: Key) => ({
    noise: normal(fold(key, "noise"), [side * side]),
    choice: uniform(fold(key, "direction"), []),
  }));
  const pixels = new Float32Array(count * side * side);
  const classes = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    const { noise, choice } = await draw(foldHost(randomKey(seed), index));
    const direction = Math.floor(choice.data[0]! * directions);
    const field = circularConvolution(side, noise.data, filters[direction]!);
    const median = field.toSorted()[(side * side) / 2]!;
    pixels.set(
      field.map((value) => (value >= median ? 1 : -1)),
      index * side * side,
    );
    classes[index] = direction;
  }
  return dataset({
    inputs: array(pixels, { shape: [count, side, side, 1] }),
    targets: array(classes),
    targetNames: ["direction"],
  });
}

/** A Gaussian of these lengths along and across the angle, by displacement; the nearest periodic image counts. */
function smoothing(side: number, angle: number, [along, across]: readonly [number, number]): Float64Array {
  const signed = (index: number): number => (index < side / 2 ? index : index - side);
  return Float64Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [signed(i % side), signed(Math.floor(i / side))];
    const u = (x * Math.cos(angle) + y * Math.sin(angle)) / along;
    const v = (y * Math.cos(angle) - x * Math.sin(angle)) / across;
    return Math.exp(-(u ** 2 + v ** 2) / 2);
  });
}

/** Row by row sums over all displacements: a few ten thousand products are cheaper than a Fourier transform to read. */
function circularConvolution(side: number, values: ArrayLike<number>, filter: Float64Array): Float64Array {
  const result = new Float64Array(side * side);
  for (let dy = 0; dy < side; dy++) {
    for (let dx = 0; dx < side; dx++) {
      const weight = filter[dy * side + dx]!;
      if (weight < 1e-6) continue;
      for (let y = 0; y < side; y++) {
        const row = ((y + dy) % side) * side;
        for (let x = 0; x < side; x++) result[row + ((x + dx) % side)]! += weight * values[y * side + x]!;
      }
    }
  }
  return result;
}

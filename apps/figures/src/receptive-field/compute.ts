// Which points of a micrograph reach a unit of a convolutional network: the bound, and what is used of it.
import { wasmBackend } from "@hooke/backend-wasm";
import { apply, init, type Layer, sequential } from "@hooke/core";
import { conv2d, maxPool2d } from "@hooke/layers-conv";
import {
  add,
  cos,
  fold,
  grad,
  iota,
  type Key,
  mul,
  randomKey,
  reshape,
  run,
  sin,
  sliceAxis,
  square,
  sum,
  type Tensor,
  uniform,
} from "@hooke/runtime";
import type { Computing } from "../computing.ts";

export interface Looking {
  /** Convolutions of 3 x 3. */
  readonly layers: number;
  /** Whether points are pooled, two by two, after every second of them but the last. */
  readonly pooling: boolean;
  readonly seed: number;
}

export interface Found {
  /** `size` rows of the micrograph, 0 and 1 for its phases. */
  readonly phases: readonly number[];
  /** The same points: how much each moves the unit, root mean square over networks, as part of the largest. */
  readonly pull: readonly number[];
  /** First and last row, and column, that can reach the unit. */
  readonly bound: readonly [low: number, high: number];
  /** Side of the square about the middle of the bound that nine tenths of the squares come from. */
  readonly used: number;
}

export const size = 64;
const networks = 8;
const waves = 60;

type Kind = "convolution" | "pooling";

function kindsOf({ layers, pooling }: Looking): readonly Kind[] {
  return Array.from({ length: layers }, (_, i): readonly Kind[] => {
    const pooled = pooling && i % 2 === 1 && i < layers - 1;
    return pooled ? ["convolution", "pooling"] : ["convolution"];
  }).flat();
}

/** From the unit back to the points that it sees: a convolution sees one more on each side, pooling two for each. */
function boundOf(kinds: readonly Kind[], unit: number): readonly [number, number] {
  return kinds.reduceRight<readonly [number, number]>(
    ([low, high], kind) => (kind === "convolution" ? [low - 1, high + 1] : [2 * low, 2 * high + 1]),
    [unit, unit],
  );
}

export async function compute(looking: Looking, { signal, show }: Computing<Found>): Promise<Found> {
  // Tiles round what cancels: points that reach nothing would move the unit by rounding.
  const backend = wasmBackend({ winograd: false });
  const kinds = kindsOf(looking);
  const network = sequential(
    kinds.map(
      (kind): Layer =>
        kind === "pooling" ? maxPool2d({ kernelSize: 2 }) : conv2d({ filters: 8, kernelSize: 3, activation: "relu" }),
    ),
  );
  const unit = size / 2 ** (kinds.filter((kind) => kind === "pooling").length + 1);
  const bound = boundOf(kinds, unit);
  const field = await run(backend, waveField, randomKey(looking.seed));
  const phases = Array.from(field.data, (value) => (value > 0 ? 1 : 0));

  const slopes = (key: Key, image: Tensor): Tensor => {
    const variables = init(network, [size, size, 1], key);
    const middle = (x: Tensor): Tensor => {
      const rows = sliceAxis(apply(network, variables, x).output, 1, unit, unit + 1);
      return sum(sliceAxis(rows, 2, unit, unit + 1));
    };
    return square(grad(middle)(image));
  };
  const image = { ...field, shape: [1, size, size, 1], data: Float32Array.from(phases) };
  const total = new Float64Array(size * size);
  for (let i = 0; i < networks && !signal.aborted; i++) {
    const { data } = await run(backend, slopes, randomKey(networks * looking.seed + i), image);
    for (const [point, value] of data.entries()) total[point]! += value;
    show(foundOf(phases, total, bound));
  }
  return foundOf(phases, total, bound);
}

/** Waves of one length, 12 points, in all directions: where their sum is positive is one of two entangled phases. J. W. Cahn, 1965. */
function waveField(key: Key): Tensor {
  const drawn = (name: string): Tensor => mul(uniform(fold(key, name), [waves, 1, 1]), 2 * Math.PI);
  const [angle, phase] = [drawn("angle"), drawn("phase")];
  const number = (2 * Math.PI) / 12;
  const along = (shape: readonly number[]): Tensor => reshape(iota([size], 0, "f32"), shape);
  const x = mul(mul(cos(angle), number), along([1, 1, size]));
  const y = mul(mul(sin(angle), number), along([1, size, 1]));
  return sum(cos(add(add(x, y), phase)), { axes: 0 });
}

function foundOf(phases: readonly number[], squares: Float64Array, bound: readonly [number, number]): Found {
  const [low, high] = bound;
  const within = (margin: number): number => {
    let inside = 0;
    for (let row = low + margin; row <= high - margin; row++)
      for (let column = low + margin; column <= high - margin; column++) inside += squares[row * size + column] ?? 0;
    return inside;
  };
  const most = squares.reduce((sum, value) => sum + value, 0);
  let margin = 0;
  while (2 * (margin + 1) < high - low && within(margin + 1) >= 0.9 * most) margin++;
  const largest = Math.max(...squares) || 1;
  return {
    phases,
    pull: Array.from(squares, (value) => Math.sqrt(value / largest)),
    bound,
    used: high - low + 1 - 2 * margin,
  };
}

// The numbers every peer computes on. problem.py makes the same ones, bit for bit.

/** Uniform values in [-1, 1) times `scale`: value `i` of stream `seed` is a hash of both. */
export function values(size: number, seed: number, scale = 1): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    let h = Math.imul(i + 1, 2654435761) + Math.imul(seed, 0x9e3779b9);
    h = Math.imul(h ^ (h >>> 16), 2246822507);
    h = Math.imul(h ^ (h >>> 13), 3266489909);
    return (((h ^ (h >>> 16)) >>> 0) / 2 ** 31 - 1) * scale;
  });
}

/** Widths of the networks, input to output. */
export const surrogateWidths = [10, 64, 64, 1] as const;
export const burgersWidths = [2, 32, 32, 32, 1] as const;

export const publishedWidths = [2, 20, 20, 20, 20, 20, 20, 20, 20, 1] as const;
export const plateWidths = [2, 32, 32, 32, 1] as const;

export const batchSize = 64;
/** Rows of the training set in the measurement of the training loop: 25 batches. */
export const trainingRows = 1600;
export const learningRate = 1e-3;
export const weightDecay = 1e-4;

/** Collocation points, and the viscosity of Burgers' equation u_t + u u_x = viscosity u_xx. */
export const points = 1000;
export const viscosity = 0.01 / Math.PI;

/** Burgers as published (Raissi et al. 2019), and how many more points show what a point costs then. */
export const publishedPoints = 10_000;
export const edgePoints = 50;
export const manyPoints = 100_000;

/** `count` rows of two columns in [-1, 1], in f64. */
function pairs(seed: number, count: number): Float64Array {
  const [x, t] = [values(count, seed), values(count, seed + 1)];
  return Float64Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? x : t)[i >> 1]!);
}

/** Rows x, t in [-1, 1] x [0, 1]: inside, at the walls, at the start. */
export function publishedRows(inside = publishedPoints): Record<"inside" | "walls" | "start", Float64Array> {
  const inTime = (rows: Float64Array) => rows.map((value, i) => (i % 2 === 0 ? value : (value + 1) / 2));
  return {
    inside: inTime(pairs(1, inside)),
    walls: inTime(pairs(3, edgePoints)).map((value, i) => (i % 2 === 1 ? value : i % 4 === 0 ? -1 : 1)),
    start: pairs(5, edgePoints).map((value, i) => (i % 2 === 1 ? 0 : value)),
  };
}

/** Rows in [-1, 1] x [-1, 1]. */
export const plateRows = (): Float64Array => pairs(1, points);

export interface DenseValues {
  readonly shape: readonly [inputs: number, outputs: number];
  /** Row-major, `[inputs, outputs]`. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Kernels and biases of a network, uniform within 1 / sqrt(inputs). */
export function network(widths: readonly number[]): DenseValues[] {
  return widths.slice(1).map((outputs, i) => {
    const inputs = widths[i]!;
    const bound = 1 / Math.sqrt(inputs);
    return {
      shape: [inputs, outputs],
      kernel: values(inputs * outputs, 10 + 2 * i, bound),
      bias: values(outputs, 11 + 2 * i, bound),
    };
  });
}

/** Rows that boosted trees and a Gaussian process learn from. */
export const boostingRows = 10_000;
export const processRows = 300;

/** Columns `x0` to `x9` of the surrogate's inputs, and its targets with noise, in f64. */
export function noisyColumns(rows: number): { inputs: Float64Array[]; targets: Float64Array } {
  const { inputs, targets } = surrogateRows(rows);
  const noise = values(rows, 2, 0.5);
  return {
    inputs: Array.from({ length: 10 }, (_, column) =>
      Float64Array.from({ length: rows }, (_, row) => inputs[row * 10 + column]!),
    ),
    targets: Float64Array.from(targets, (target, row) => target + noise[row]!),
  };
}

/** Inputs `[rows, 10]` and targets `[rows, 1]` of the surrogate: y = x0^2 + x1 x2 - x3. */
export function surrogateRows(rows: number): { inputs: Float32Array; targets: Float32Array } {
  const inputs = values(rows * 10, 1, 2);
  const targets = Float32Array.from({ length: rows }, (_, row) => {
    const [x0, x1, x2, x3] = inputs.subarray(row * 10, row * 10 + 4) as unknown as [number, number, number, number];
    return x0 * x0 + x1 * x2 - x3;
  });
  return { inputs, targets };
}

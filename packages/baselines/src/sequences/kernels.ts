// Random convolution kernels, as MiniRocket's (Dempster, Schmidt and Webb, KDD 2021): of nine weights three are 2 and six are -1, so that the
// level of a sequence does not count; what a sequence gets is the share of steps at which the kernel says more than a bias.
import { type Form, forms } from "../method/form.ts";
import type { Random } from "../method/random.ts";

const kernelSize = 9;

/** Kernels, by index. */
export type Kernels = {
  /** `[kernels, 3]`: where the weights are 2. */
  readonly places: Int32Array;
  /** Steps between two weights. */
  readonly dilations: Int32Array;
  readonly biases: Float64Array;
  /** `[kernels, channels]`: 1 for those that are added up. */
  readonly channels: Int32Array;
  /** `[channels]`: what each is divided by. */
  readonly scales: Float64Array;
};

/** Expects kernels. */
export const kernelsForm = (): Form<Kernels> => {
  const { f64, i32, record } = forms;
  return record({ places: i32, dilations: i32, biases: f64, channels: i32, scales: f64 });
};

/** Sequences of one row by channel. */
export type Row = readonly Float64Array[];

/**
 * Draws kernels: dilations evenly in their logarithms, up to a kernel as long as the longest sequence, channels one or some, the bias from what the kernel
 * says of a row.
 *
 * @param rowAt rows to draw biases from
 */
export function drawKernels(count: number, rowAt: (row: number) => Row, rowCount: number, random: Random): Kernels {
  const rows = Array.from({ length: rowCount }, (_, row) => rowAt(row));
  const width = rows[0]!.length;
  const scales = Float64Array.from({ length: width }, (_, c) => spread(rows.map((row) => row[c]!)));
  const longest = Math.max(...rows.flatMap((row) => row.map(({ length }) => length)));
  const choices = dilationsFor(longest);
  const kernels: Kernels = {
    places: new Int32Array(3 * count),
    dilations: new Int32Array(count),
    biases: new Float64Array(count),
    channels: new Int32Array(count * width),
    scales,
  };
  for (let k = 0; k < count; k++) {
    kernels.places.set(random.choose(kernelSize, 3).sort(), 3 * k);
    kernels.dilations[k] = choices[random.below(choices.length)]!;
    // One channel as often as two, as often as three or more.
    const some = 1 + random.below(Math.min(width, 1 + random.below(3)));
    for (const c of random.choose(width, some)) kernels.channels[k * width + c] = 1;
    const said = convolve(kernels, k, rows[random.below(rowCount)]!).sort();
    kernels.biases[k] = said.length === 0 ? 0 : said[random.below(said.length)]!;
  }
  return kernels;
}

/** The share of steps at which a kernel says more than its bias; 0 of a sequence without steps. */
export function shareAbove(kernels: Kernels, kernel: number, row: Row): number {
  const said = convolve(kernels, kernel, row);
  const bias = kernels.biases[kernel]!;
  let above = 0;
  for (let t = 0; t < said.length; t++) if (said[t]! > bias) above++;
  return said.length === 0 ? 0 : above / said.length;
}

/** Some of the kernels. */
export function someKernels(
  { places, dilations, biases, channels, scales }: Kernels,
  kept: readonly number[],
): Kernels {
  const width = scales.length;
  return {
    places: Int32Array.from(kept.flatMap((k) => [...places.subarray(3 * k, 3 * k + 3)])),
    dilations: Int32Array.from(kept, (k) => dilations[k]!),
    biases: Float64Array.from(kept, (k) => biases[k]!),
    channels: Int32Array.from(kept.flatMap((k) => [...channels.subarray(k * width, (k + 1) * width)])),
    scales,
  };
}

/** What a kernel says at each step; before the first and after the last step stand these. */
function convolve({ places, dilations, channels, scales }: Kernels, kernel: number, row: Row): Float64Array {
  const width = scales.length;
  let length = Number.POSITIVE_INFINITY;
  for (let c = 0; c < width; c++) {
    if (channels[kernel * width + c] === 1) length = Math.min(length, row[c]!.length);
  }
  const said = new Float64Array(length);
  for (let c = 0; c < width && length > 0; c++) {
    if (channels[kernel * width + c] !== 1) continue;
    const values = row[c]!;
    for (let tap = 0; tap < kernelSize; tap++) {
      const isHigh = places[3 * kernel] === tap || places[3 * kernel + 1] === tap || places[3 * kernel + 2] === tap;
      const shift = (tap - (kernelSize - 1) / 2) * dilations[kernel]!;
      addShifted(said, values, (isHigh ? 2 : -1) / scales[c]!, shift);
    }
  }
  return said;
}

/** Adds `weight * values[t + shift]` to each step. */
function addShifted(said: Float64Array, values: Float64Array, weight: number, shift: number): void {
  const { length } = said;
  const from = Math.min(length, Math.max(0, -shift));
  const to = Math.max(from, Math.min(length, length - shift));
  const [first, last] = [weight * values[0]!, weight * values[length - 1]!];
  for (let t = 0; t < from; t++) said[t]! += first;
  for (let t = from; t < to; t++) said[t]! += weight * values[t + shift]!;
  for (let t = to; t < length; t++) said[t]! += last;
}

/** 1, 2, 3, 4, 6, 8, 12 ... as long as nine weights so far apart fit into so many steps. */
function dilationsFor(steps: number): number[] {
  const found = [1];
  for (let power = 2; (kernelSize - 1) * power < steps; power *= 2) {
    found.push(power);
    if ((kernelSize - 1) * 1.5 * power < steps) found.push(1.5 * power);
  }
  return found;
}

/** The standard deviation of all values; 1 where they are one. */
function spread(sequences: readonly Float64Array[]): number {
  let [count, sum, square] = [0, 0, 0];
  for (const values of sequences) {
    count += values.length;
    for (const value of values) sum += value;
  }
  for (const values of sequences) for (const value of values) square += (value - sum / count) ** 2;
  return Math.sqrt(square / count) || 1;
}

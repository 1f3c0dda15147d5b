// Convolutions of small whole numbers, of which every sum is exact, and their gradients, beside the interpreter.
import {
  array,
  conv,
  grad,
  type HostArray,
  interpret,
  mul,
  optimize,
  type Program,
  record,
  sizeOf,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { expect } from "vitest";
import { WasmBackend } from "../../backend.ts";

/** Of an axis: its size, window, stride, padding below and above, dilation. */
export type Axis = readonly [size: number, window: number, stride: number, low: number, high: number, dilation: number];

/** A convolution. */
export interface Exact {
  readonly dtype: "f32" | "f64";
  readonly images: number;
  readonly axes: readonly Axis[];
  readonly channels: number;
  readonly filters: number;
  readonly groups: number;
}

/** One thread and nothing divided; two and everything. */
export const backends = {
  whole: new WasmBackend({ threads: 1 }, 1e12),
  divided: new WasmBackend({ threads: 2 }, 1e-3),
};

/** From -3 to 4. */
export function wholeNumbers(shape: readonly number[], seed: number, dtype: "f32" | "f64" = "f32"): HostArray {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 29) - 3;
  };
  return array(Array.from({ length: sizeOf(shape) }, next), { shape: [...shape], dtype });
}

/**
 * Runs a convolution and the gradients of its input and its kernel, and expects what the interpreter finds. Returns the program.
 *
 * @param tolerances how far off each of the three may be, relative to the largest of its numbers
 */
export async function expectExact(
  backend: WasmBackend,
  { dtype, images, axes, channels, filters, groups }: Exact,
  tolerances: readonly number[] = [0, 0, 0],
): Promise<Program> {
  const options = {
    stride: axes.map(([, , stride]) => stride),
    padding: axes.map(([, , , low, high]) => [low, high] as const),
    dilation: axes.map(([, , , , , dilation]) => dilation),
    groups,
  };
  const outputs = axes.map(
    ([size, window, stride, low, high, dilation]) =>
      Math.floor((size + low + high - dilation * (window - 1) - 1) / stride) + 1,
  );
  const x = wholeNumbers([images, ...axes.map(([size]) => size), channels], 1, dtype);
  const kernel = wholeNumbers([...axes.map(([, window]) => window), channels / groups, filters], 2, dtype);
  const ct = wholeNumbers([images, ...outputs, filters], 3, dtype);
  const value = (x: Tensor, kernel: Tensor): Tensor => conv(x, kernel, options);
  const all = (x: Tensor, kernel: Tensor, ct: Tensor): Tensor[] => [
    value(x, kernel),
    grad((x: Tensor) => sum(mul(value(x, kernel), ct)))(x),
    grad((kernel: Tensor) => sum(mul(value(x, kernel), ct)))(kernel),
  ];
  const program = optimize(record(all, x, kernel, ct).program);
  const executable = await backend.prepare(program);
  const inputs = [x, kernel, ct].map((input) => backend.upload(input));
  const results = executable.run(inputs);
  const expected = interpret(program, [x, kernel, ct]);
  for (const [i, result] of results.entries()) {
    const { data } = await backend.read(result);
    const truth = expected[i]!.data;
    const tolerance = tolerances[i]!;
    const largest = (values: Iterable<number>): number => [...values].reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    if (tolerance === 0) expect(data).toEqual(truth);
    else {
      const errors = Float64Array.from(data, (value, at) => value - truth[at]!);
      expect(largest(errors)).toBeLessThan(tolerance * largest(truth));
    }
  }
  for (const buffer of [...inputs, ...results]) backend.free(buffer);
  executable.free();
  return program;
}

// Convolution as a product in frequency space: a kernel as wide as the domain, known by its lowest frequencies.
import { defineLayer, type InitializerFunction, refuseLengths } from "@hooke/core";
import {
  add,
  type Check,
  checks,
  concat,
  describe,
  einsum,
  full,
  HookeError,
  irfft,
  rfft,
  type Shape,
  sliceAxis,
  sub,
  type Tensor,
  uniform,
} from "@hooke/runtime";

/** Options of {@link spectralConvolution}. */
export interface SpectralConvolutionConfig {
  /** Channels of the output. */
  readonly channels: number;
  /** How many frequencies count, from the lowest, by spatial axis: `[12]`, `[12, 12]`. Of all axes but the last those below zero count too, as many again. */
  readonly modes: readonly number[];
}

/** Expects numbers of modes, one for each spatial axis. */
export const modesCheck: Check = (value) =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= 3 &&
  value.every((each) => checks.count(each) === undefined)
    ? undefined
    : "one to three whole numbers above 0, one for each spatial axis, such as [12] or [12, 12]";

/** Refuses an input that is not `[batch, ...space, channels]` with one spatial axis for each number of modes. */
export function checkGrid(x: Tensor, modes: readonly number[]): Shape {
  if (x.rank !== modes.length + 2) {
    const axes = modes.map((_, axis) => `n${axis + 1}`).join(", ");
    throw new HookeError(
      `received ${describe(x)}; expected [batch, ${axes}, channels], a spatial axis for each of the modes [${modes.join(", ")}].`,
      {
        code: "mismatch",
      },
    );
  }
  return x.shape.slice(1, -1);
}

/**
 * The layer of Fourier neural operators: `irfft(weights rfft(x))` over the spatial axes, with a complex matrix of channels for each of the lowest frequencies and nothing of the
 * others: `[batch, ...space, inputs]` to `[batch, ...space, channels]`, of functions on a periodic grid. The weights do not know how fine the grid is: what was trained on one
 * works on another. Li, Kovachki, Azizzadenesheli, Liu, Bhattacharya, Stuart and Anandkumar, "Fourier neural operator for parametric partial
 * differential equations", ICLR 2021, whose start it has: uniform in `[0, 1 / (inputs channels))`.
 *
 * Parameters: `kernelReal` and `kernelImaginary`, `[...frequencies, inputs, channels]`, where there are `modes` frequencies along the last spatial axis, and twice as many along others:
 * 0, 1, ..., then -modes, ..., -1.
 *
 * @throws on a grid too coarse for the modes: an axis has at least `2 modes` places, the last at least `2 modes - 1`
 */
export const spectralConvolution = /* @__PURE__ */ defineLayer({
  type: "spectralConvolution",
  options: { required: { channels: checks.count, modes: modesCheck } },
  params: ({ channels, modes }: SpectralConvolutionConfig, inputShape) => {
    const inputs = inputShape.at(-1);
    if (inputs === undefined)
      throw new HookeError("expected an input [batch, ...space, channels], received [batch].", { code: "mismatch" });
    const kept = modes.map((count, axis) => (axis === modes.length - 1 ? count : 2 * count));
    const initializer: InitializerFunction = (key, shape, dtype) =>
      uniform(key, shape, { low: 0, high: 1 / (inputs * channels), dtype });
    const kernel = { shape: [...kept, inputs, channels], initializer };
    return { kernelReal: kernel, kernelImaginary: kernel };
  },
  apply: ({ config: { modes }, params: { kernelReal, kernelImaginary }, extras: { lengths } }, x) => {
    refuseLengths(lengths, "give functions on the whole grid");
    const space = checkGrid(x, modes);
    const axes = space.map((_, axis) => axis + 1);
    const last = axes.at(-1)!;
    for (const [i, count] of modes.entries()) {
      const least = axes[i] === last ? 2 * count - 1 : 2 * count;
      if (space[i]! >= least) continue;
      throw new HookeError(
        `received ${describe(x)} for the modes [${modes.join(", ")}]; spatial axis ${i} needs at least ${least} places. Give a finer grid or fewer modes.`,
        { code: "mismatch" },
      );
    }
    const { re, im } = rfft(x, { axes });
    const lowest = (part: Tensor): Tensor =>
      axes.reduce((value, axis, i) => {
        const count = modes[i]!;
        if (axis === last) return sliceAxis(value, axis, 0, count);
        const size = value.shape[axis]!;
        return concat([sliceAxis(value, axis, 0, count), sliceAxis(value, axis, size - count, size)], axis);
      }, part);
    const [real, imaginary] = [lowest(re), lowest(im)];
    const letters = "xyz".slice(0, axes.length);
    const product = (value: Tensor, kernel: Tensor): Tensor =>
      einsum(`b${letters}i,${letters}io->b${letters}o`, value, kernel);
    // Frequencies that do not count are zeros between those above and those below.
    const whole = (part: Tensor): Tensor =>
      axes.reduce((value, axis, i) => {
        const count = modes[i]!;
        const size = axis === last ? Math.floor(space[i]! / 2) + 1 : space[i]!;
        const kept = value.shape[axis]!;
        if (kept === size) return value;
        const zeros = full(
          value.shape.map((each, a) => (a === axis ? size - kept : each)),
          0,
          value.dtype,
        );
        return concat([sliceAxis(value, axis, 0, count), zeros, sliceAxis(value, axis, count, kept)], axis);
      }, part);
    return irfft(
      {
        re: whole(sub(product(real, kernelReal), product(imaginary, kernelImaginary))),
        im: whole(add(product(real, kernelImaginary), product(imaginary, kernelReal))),
      },
      { axes, length: space.at(-1)! },
    );
  },
});

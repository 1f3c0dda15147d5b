// Sequences, `[batch, steps, features]`: what layers check about them and their lengths, and which steps count.
import {
  add,
  checkArgument,
  convert,
  describe,
  div,
  gather,
  greater,
  HookeError,
  iota,
  isFloat,
  less,
  maximum,
  mean,
  minimum,
  mul,
  reshape,
  select,
  sizeOf,
  sliceAxis,
  squeeze,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { tensorCheck } from "./input.ts";

/**
 * Checks that a layer's input is a batch of sequences.
 *
 * @param axes how the layer calls them, e.g. `"[batch, time, features]"`
 * @throws on another rank, and on whole numbers
 */
export function checkSequence(x: Tensor, axes: string): void {
  checkArgument("checkSequence", "the sequences", x, tensorCheck);
  if (x.rank === 3 && isFloat(x.dtype)) return;
  throw new HookeError(`expected ${axes} in f32 or f64, received ${describe(x)}.`, { code: "mismatch" });
}

/**
 * The lengths of the sequences of a batch, none above the number of steps; undefined where none are given and sequences
 * are whole.
 *
 * @param lengths an extra, `i32[batch]`
 * @param x `[batch, steps, ...]`
 * @param name of the extra, for the message. Default `"lengths"`
 * @throws if there is not one whole number (i32) for each row
 */
export function sequenceLengths(lengths: Tensor | undefined, x: Tensor, name = "lengths"): Tensor | undefined {
  checkArgument("sequenceLengths", "the sequences", x, tensorCheck);
  if (lengths === undefined) return undefined;
  checkArgument("sequenceLengths", "the lengths", lengths, tensorCheck);
  const [batch, steps] = x.shape as [number, number];
  if (lengths.dtype !== "i32" || lengths.rank !== 1 || lengths.shape[0] !== batch) {
    throw new HookeError(`received ${name} ${describe(lengths)} for a batch of ${batch}; expected i32[${batch}].`, {
      code: "mismatch",
    });
  }
  return minimum(lengths, steps);
}

/**
 * Which steps are part of their sequence: `bool[batch, steps, 1]` for `i32[batch]`.
 *
 * @param rank of the mask, for values with more axes, `[batch, steps, ...]`. Default 3
 */
export function validSteps(lengths: Tensor, steps: number, rank = 3): Tensor {
  checkArgument("validSteps", "the lengths", lengths, tensorCheck);
  const ones = Array.from({ length: rank - 2 }, () => 1);
  return less(iota([1, steps, ...ones], 1), reshape(lengths, [lengths.shape[0]!, 1, ...ones]));
}

/**
 * Values with 0 behind the end of each sequence: what a layer reads there, even NaN, then reaches nothing, no derivative either.
 *
 * @param x `[batch, steps, ...]`
 * @param lengths as {@link sequenceLengths} returns them; default: sequences are whole
 */
export function withinLengths(x: Tensor, lengths: Tensor | undefined): Tensor {
  checkArgument("withinLengths", "the sequences", x, tensorCheck);
  return lengths === undefined ? x : select(validSteps(lengths, x.shape[1]!, x.rank), x, 0);
}

/**
 * The mean of all axes between batch and channels, over the steps of each sequence: `[batch, steps, ..., channels]` to
 * `[batch, channels]`, 0 for a sequence of length 0.
 *
 * @param lengths as {@link sequenceLengths} returns them; default: sequences are whole
 */
export function meanOverSteps(x: Tensor, lengths: Tensor | undefined): Tensor {
  checkArgument("meanOverSteps", "the sequences", x, tensorCheck);
  const axes = x.shape.slice(1, -1).map((_, axis) => axis + 1);
  if (lengths === undefined) return mean(x, { axes });
  const count = mul(maximum(lengths, 1), sizeOf(x.shape.slice(2, -1)));
  return div(sum(withinLengths(x, lengths), { axes }), reshape(convert(count, x.dtype), [x.shape[0]!, 1]));
}

/** @throws if sequences have lengths: for a layer that looks at steps together and would count what pads them */
export function refuseLengths(lengths: Tensor | undefined, cure: string): void {
  if (lengths === undefined) return;
  throw new HookeError(
    `looks at several steps at once and cannot leave out what pads sequences with lengths; ${cure}, or leave lengths out.`,
    { code: "mismatch" },
  );
}

/**
 * The last step of each sequence: `[batch, steps, features]` to `[batch, features]`, 0 for a sequence of length 0.
 *
 * @param lengths as {@link sequenceLengths} returns them; default: sequences are whole
 * @throws if there are no steps
 */
export function lastStepOf(x: Tensor, lengths: Tensor | undefined): Tensor {
  checkArgument("lastStepOf", "the sequences", x, tensorCheck);
  const [batch, steps, features] = x.shape as [number, number, number];
  if (steps === 0)
    throw new HookeError(`expected sequences of at least one step, received ${describe(x)}.`, { code: "invalid-data" });
  if (lengths === undefined) return squeeze(sliceAxis(x, 1, steps - 1, steps), 1);
  const row = add(mul(iota([batch]), steps), sub(lengths, 1));
  // What is out of range reads 0.
  return gather(reshape(x, [batch * steps, features]), select(greater(lengths, 0), row, -1));
}

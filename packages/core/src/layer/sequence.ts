// Sequences, `[batch, steps, features]`: what layers check about them and their lengths, and which steps count.
import {
  add,
  describe,
  gather,
  greater,
  HookeError,
  iota,
  isFloat,
  less,
  minimum,
  mul,
  reshape,
  select,
  sliceAxis,
  squeeze,
  sub,
  type Tensor,
} from "@hooke/runtime";

/**
 * Checks that a layer's input is a batch of sequences.
 *
 * @param axes how the layer calls them, e.g. `"[batch, time, features]"`
 * @throws on another rank, and on whole numbers
 */
export function checkSequence(x: Tensor, axes: string): void {
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
  if (lengths === undefined) return undefined;
  const [batch, steps] = x.shape as [number, number];
  if (lengths.dtype !== "i32" || lengths.rank !== 1 || lengths.shape[0] !== batch) {
    throw new HookeError(`received ${name} ${describe(lengths)} for a batch of ${batch}; expected i32[${batch}].`, {
      code: "mismatch",
    });
  }
  return minimum(lengths, steps);
}

/** Which steps are part of their sequence: `bool[batch, steps, 1]` for `i32[batch]`. */
export function validSteps(lengths: Tensor, steps: number): Tensor {
  return less(iota([1, steps, 1], 1), reshape(lengths, [lengths.shape[0]!, 1, 1]));
}

/**
 * The last step of each sequence: `[batch, steps, features]` to `[batch, features]`, 0 for a sequence of length 0.
 *
 * @param lengths as {@link sequenceLengths} returns them; default: sequences are whole
 * @throws if there are no steps
 */
export function lastStepOf(x: Tensor, lengths: Tensor | undefined): Tensor {
  const [batch, steps, features] = x.shape as [number, number, number];
  if (steps === 0)
    throw new HookeError(`expected sequences of at least one step, received ${describe(x)}.`, { code: "invalid-data" });
  if (lengths === undefined) return squeeze(sliceAxis(x, 1, steps - 1, steps), 1);
  const row = add(mul(iota([batch]), steps), sub(lengths, 1));
  // What is out of range reads 0.
  return gather(reshape(x, [batch * steps, features]), select(greater(lengths, 0), row, -1));
}

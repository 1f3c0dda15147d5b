// Sequences of different lengths in one array: which steps count, what stands in the padding, and making them from lists.
import {
  type Aval,
  array,
  describe,
  fail,
  type HostArray,
  isFloat,
  isHostArray,
  type Nested,
  show,
  zeros,
} from "@hooke/runtime";

/** What says how long the sequences are, besides the arrays. */
export type SequenceExtras = Readonly<Record<string, HostArray>>;

/** The extra `lengths`, where there is one. */
export const lengthsOf = (extras: SequenceExtras): HostArray | undefined =>
  Object.hasOwn(extras, "lengths") ? extras.lengths : undefined;

/**
 * Checks the extra `lengths`: one whole number for each row, from 0 to the steps of the inputs, not all 0.
 *
 * @param inputs `[rows, time, ...]`
 * @throws on anything else, with the row
 */
export function checkLengths(
  who: string,
  lengths: HostArray,
  inputs: HostArray,
  nameOf: (row: number) => string = (row) => `row ${row}`,
  name = "lengths",
): void {
  const [rows, time] = inputs.shape;
  if (time === undefined || lengths.shape.length !== 1 || lengths.shape[0] !== rows) {
    fail(
      who,
      `received the extra "${name}" ${describe(lengths)} with inputs ${describe(inputs)}; lengths are i32[rows] and belong to ` +
        "sequences, [rows, time, ...].",
      "mismatch",
    );
  }
  let steps = 0;
  for (let row = 0; row < lengths.data.length; row++) {
    const length = lengths.data[row]!;
    if (!(Number.isInteger(length) && length >= 0 && length <= time)) {
      fail(
        who,
        `the extra "${name}" holds ${length} for ${nameOf(row)}; a length is a whole number of steps, ` +
          `from 0 to the ${time} of the inputs.`,
        "invalid-data",
      );
    }
    steps += length;
  }
  if (lengths.dtype !== "i32") {
    fail(
      who,
      `received the extra "${name}" ${describe(lengths)}; give it as i32: array([...], { dtype: "i32" }).`,
      "mismatch",
    );
  }
  if (steps === 0) fail(who, `every length in the extra "${name}" is 0: there is no step to use.`, "invalid-data");
}

/**
 * The lengths that rule targets: those of the extra `targetLengths`, where targets are no steps of the inputs, such as those of a graph's edges; else those of
 * the extra `lengths`, if the array has a value for each step. Numbers do as `[rows, time, columns]`, classes (of an integer dtype) also as `[rows, time]`.
 *
 * @param inputs `[rows, time, ...]`
 */
export function stepLengths(values: HostArray, inputs: Aval, extras: SequenceExtras): HostArray | undefined {
  const own = Object.hasOwn(extras, "targetLengths") ? extras.targetLengths : undefined;
  if (own !== undefined) return own;
  const { shape, dtype } = values;
  const perStep = shape.length >= (isFloat(dtype) ? 3 : 2) && shape[1] === inputs.shape[1];
  return perStep ? lengthsOf(extras) : undefined;
}

/** Values between two steps that follow one another: what one step holds. */
const stepWidth = ({ data, shape }: HostArray): number => data.length / (shape[0]! * shape[1]!);

/**
 * Values with what stands behind the end of each sequence replaced by its last step: a value that whatever reads it can take, in
 * place of what may be NaN. A sequence without steps gets the first step of all.
 *
 * @param values `[rows, time, ...]`
 * @returns the values themselves where nothing is behind an end
 */
export function fillPadding(values: HostArray, { data: lengths }: HostArray): HostArray {
  const time = values.shape[1]!;
  if (lengths.every((length: number) => length === time)) return values;
  const width = stepWidth(values);
  const filled = { ...values, data: values.data.slice() } as HostArray;
  const { data } = filled;
  const first = lengths.findIndex((length: number) => length > 0) * time * width;
  for (let row = 0; row < lengths.length; row++) {
    const length = lengths[row]!;
    const start = row * time * width;
    const last = length === 0 ? first : start + (length - 1) * width;
    for (let step = length; step < time; step++) data.copyWithin(start + step * width, last, last + width);
  }
  return filled;
}

/** The steps that count, one after the other: `[rows, time, ...]` to `[steps, ...]`. */
export function countedSteps(values: HostArray, { data: lengths }: HostArray): HostArray {
  const [, time, ...step] = values.shape as readonly [number, number, ...number[]];
  const width = stepWidth(values);
  let total = 0;
  for (const length of lengths) total += length;
  const valid = zeros([total, ...step], values.dtype);
  let to = 0;
  for (let row = 0; row < lengths.length; row++) {
    const from = row * time * width;
    const part = values.data.subarray(from, from + lengths[row]! * width);
    valid.data.set(part, to);
    to += part.length;
  }
  return valid;
}

/** The row of each of the {@link countedSteps}. */
export function rowsOfSteps({ data: lengths }: HostArray): Int32Array {
  const rows: number[] = [];
  for (const [row, length] of lengths.entries()) for (let step = 0; step < length; step++) rows.push(row);
  return Int32Array.from(rows);
}

/** A sequence: an array `[time, ...]`, or nested lists of numbers. */
export type Sequence = HostArray | readonly Nested[];

/** Sequences in one array, as {@link dataset} takes them. */
export interface PaddedSequences {
  /** `[rows, time, ...]`: as many steps as the longest sequence has; 0 behind the end of others. */
  readonly inputs: HostArray;
  /** `lengths`: `i32[rows]`. */
  readonly extras: { readonly lengths: HostArray };
}

/**
 * Sequences of different lengths to one array and their lengths. Losses, metrics and preprocessing count the steps of each
 * sequence and not what pads it, and layers that read the extra `lengths` do not look at it.
 *
 * @param inputs a `[time, ...]` for each row
 * @throws on no sequences, on sequences that differ in more than their number of steps, and on targets that do not have the
 *   steps of their inputs, with the row
 * @example
 * ```ts
 * import { dataset, padSequences } from "@hooke/data";
 *
 * const loads = [[[1], [2], [3]], [[4]]];
 * const damage = [[[0.1], [0.2], [0.4]], [[0.3]]];
 * const { inputs, extras } = dataset(padSequences(loads, damage));
 * console.log(inputs.shape, extras.lengths!.data); // [ 2, 3, 1 ] Int32Array(2) [ 3, 1 ]
 * ```
 */
export function padSequences(inputs: readonly Sequence[]): PaddedSequences;
/**
 * As above, with targets for each step.
 *
 * @param inputs a `[time, ...]` for each row
 * @param targets a `[time, ...]` for each row, of as many steps as its inputs
 */
export function padSequences(
  inputs: readonly Sequence[],
  targets: readonly Sequence[],
): PaddedSequences & { readonly targets: HostArray };
export function padSequences(inputs: readonly Sequence[], targets?: readonly Sequence[]): PaddedSequences {
  const sequences = sequencesOf("inputs", inputs);
  const lengths = sequences.map(({ shape }) => shape[0]!);
  const extras = { lengths: array(Int32Array.from(lengths)) };
  const padded = { inputs: stacked(sequences), extras };
  if (targets === undefined) return padded;
  const expected = sequencesOf("targets", targets);
  if (expected.length !== lengths.length) {
    fail(
      "padSequences",
      `received ${lengths.length} inputs and ${expected.length} targets; give one for each.`,
      "mismatch",
    );
  }
  const row = expected.findIndex(({ shape }, i) => shape[0] !== lengths[i]);
  if (row >= 0) {
    fail(
      "padSequences",
      `the targets of row ${row} are ${describe(expected[row]!)}, its inputs ${describe(sequences[row]!)}; they have the same ` +
        "steps. Where a sequence has one target, give the targets to dataset.",
      "mismatch",
    );
  }
  return { ...padded, targets: stacked(expected) } as PaddedSequences;
}

function sequencesOf(what: string, list: readonly Sequence[]): HostArray[] {
  if (!Array.isArray(list) || list.length === 0) {
    fail("padSequences", `expected ${what} as a list of sequences, [time, ...] each, at least one.`, "invalid-data");
  }
  const sequences = list.map((item: unknown, row) => {
    if (isHostArray(item)) return item;
    if (Array.isArray(item) || ArrayBuffer.isView(item)) return array(item as Nested);
    return fail(
      "padSequences",
      `${what} of row ${row} are ${show(item)}; expected a sequence, [time, ...], such as [[1], [2]].`,
    );
  });
  const [first] = sequences as [HostArray];
  const odd = sequences.findIndex(
    ({ shape, dtype }) =>
      shape.length === 0 || dtype !== first.dtype || shape.slice(1).join() !== first.shape.slice(1).join(),
  );
  if (odd >= 0) {
    fail(
      "padSequences",
      `the ${what} of row ${odd} are ${describe(sequences[odd]!)}, those of row 0 ${describe(first)}; sequences differ in their ` +
        "steps, the first axis, alone.",
      "mismatch",
    );
  }
  return sequences;
}

function stacked(sequences: readonly HostArray[]): HostArray {
  const [first] = sequences as [HostArray];
  const time = Math.max(...sequences.map(({ shape }) => shape[0]!));
  const all = zeros([sequences.length, time, ...first.shape.slice(1)], first.dtype);
  const width = all.data.length / sequences.length;
  for (const [row, { data }] of sequences.entries()) all.data.set(data, row * width);
  return all;
}

// Sequences of a table as one array, all of one length: what networks take.
import { checkArgument, checks, type HostArray } from "@hooke/runtime";
import type { Input, Inputs } from "../method/samples.ts";
import { isInputs, numberInput, othersOf, sequenceLayout, sequencesOf } from "./steps.ts";

/** Sequences of one length, and what belongs to their rows. */
export interface SequenceArray {
  /** `[rows, steps, channels]`; `NaN` where a row has no step of a channel. */
  readonly values: HostArray;
  /** Columns that are no steps, and how many steps each row had: `"length of load"`. */
  readonly beside: readonly Input[];
}

/**
 * The sequences of a table, drawn out or shortened to one length: each step is the mean over its share of the row's own steps.
 *
 * @param most steps at most; there are as many as the longest sequence has columns, or so many
 * @throws where no columns are a sequence
 */
export function sequenceArray(inputs: Inputs, most: number): SequenceArray {
  const who = "sequenceArray";
  checkArgument(who, "the inputs", inputs, isInputs);
  checkArgument(who, "the steps", most, checks.count);
  const layout = sequenceLayout(who, inputs);
  const { rowCount } = inputs;
  const steps = Math.min(most, Math.max(...layout.channels.map((channel) => channel.steps.length)));
  const count = layout.channels.length;
  const data = new Float64Array(rowCount * steps * count);
  const beside = othersOf(layout, inputs);
  for (const [c, channel] of layout.channels.entries()) {
    const rows = sequencesOf(channel, inputs);
    beside.push(
      numberInput(
        `length of ${channel.name}`,
        Float64Array.from(rows, ({ length }) => length),
      ),
    );
    for (const [row, own] of rows.entries()) {
      const even = stretched(own, steps);
      for (let t = 0; t < steps; t++) data[(row * steps + t) * count + c] = even[t]!;
    }
  }
  return { values: { shape: [rowCount, steps, count], dtype: "f64", data }, beside };
}

/** Means over equal shares of a sequence, whose steps hold until the next one. */
function stretched(values: Float64Array, steps: number): Float64Array {
  const share = values.length / steps;
  return Float64Array.from({ length: steps }, (_, t) => {
    const [from, to] = [t * share, (t + 1) * share];
    let sum = 0;
    for (let i = Math.floor(from); i < Math.min(Math.ceil(to), values.length); i++) {
      sum += values[i]! * (Math.min(to, i + 1) - Math.max(from, i));
    }
    return sum / share;
  });
}

// Sequences as tables hold them: a column for each step, "load 0", "load 1", ...; what stands in other columns belongs to the row.
import { type Check, checkArgument, fail } from "@hooke/runtime";
import { correlation, meanOf } from "../explaining/correlation.ts";
import type { Input, Inputs, NumberInput } from "../method/samples.ts";

/** Fewer numbered columns than this are no sequence. */
const fewest = 9;

/** One quantity over the steps, in columns. */
export interface Channel {
  readonly name: string;
  /** Names of the columns, by step. */
  readonly steps: readonly string[];
}

/** Which inputs are steps of which sequence, and which are none. */
export interface Layout {
  readonly channels: readonly Channel[];
  readonly others: readonly string[];
}

/** Columns of numbers whose names end in a number, nine at least of one name before it, are a sequence in the order of these numbers. */
export function layoutOf({ columns }: Pick<Inputs, "columns">): Layout {
  const groups = new Map<string, { readonly step: number; readonly name: string }[]>();
  for (const { name, type } of columns) {
    const [, channel, step] = /^(.*?)[\s._-]*(\d+)$/.exec(name) ?? [];
    if (type !== "number" || channel === undefined) continue;
    groups.set(channel, [...(groups.get(channel) ?? []), { step: Number(step), name }]);
  }
  const channels = [...groups]
    .filter(([, members]) => members.length >= fewest)
    .map(([name, members]) => ({ name, steps: members.sort((a, b) => a.step - b.step).map((member) => member.name) }));
  const taken = new Set(channels.flatMap(({ steps }) => steps));
  return { channels, others: columns.filter(({ name }) => !taken.has(name)).map(({ name }) => name) };
}

/** {@link layoutOf} of columns that a sequence is needed of. @throws where no columns are a sequence */
export function sequenceLayout(who: string, inputs: Pick<Inputs, "columns">): Layout {
  const layout = layoutOf(inputs);
  if (layout.channels.length > 0) return layout;
  const names = inputs.columns.slice(0, 4).map(({ name }) => `"${name}"`);
  return fail(
    who,
    `found no sequence among ${names.join(", ")}${inputs.columns.length > 4 ? " ..." : ""}; give nine or more columns of numbers, ` +
      '"load 0", "load 1", ..., or sequenceTable(dataset).',
    "mismatch",
  );
}

/** The names of the sequences among columns: `"load"` of `"load 0"`, `"load 1"`, ..., nine or more. */
export function sequenceChannels(inputs: Pick<Inputs, "columns">): string[] {
  checkArgument("sequenceChannels", "the inputs", inputs, isInputs);
  return layoutOf(inputs).channels.map(({ name }) => name);
}

/**
 * How much steps of sequences tell of the next one: the mean size of the correlation, over rows that have both, of columns whose numbers follow each other.
 * 0 where no columns are a sequence. Of a load history or a spectrum it is near to 1; columns that are only numbered, `"x0"`, `"x1"`, ..., need not go together.
 */
export function stepCorrelation(inputs: Pick<Inputs, "columns">): number {
  checkArgument("stepCorrelation", "the inputs", inputs, isInputs);
  const valuesOf = new Map(inputs.columns.map(({ name, values }) => [name, values]));
  const sizes = layoutOf(inputs).channels.flatMap(({ steps }) =>
    steps.slice(1).map((step, i) => Math.abs(correlationOfKnown(valuesOf.get(steps[i]!)!, valuesOf.get(step)!))),
  );
  return sizes.length === 0 ? 0 : meanOf(Float64Array.from(sizes));
}

/** Over rows that have both. */
function correlationOfKnown(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const rows = Array.from(a, (_, row) => row).filter((row) => !Number.isNaN(a[row]!) && !Number.isNaN(b[row]!));
  return correlation(
    Float64Array.from(rows, (row) => a[row]!),
    Float64Array.from(rows, (row) => b[row]!),
  );
}

/** Expects samples, or inputs. */
export const isInputs: Check = (value) =>
  Array.isArray((value as Partial<Inputs> | null)?.columns)
    ? undefined
    : "samples, such as samplesOf(table, target, {})";

/** The sequences of one channel, a row each, without what is missing at their end. */
export function sequencesOf(channel: Channel, inputs: Inputs): Float64Array[] {
  const columns = channel.steps.map((step) => columnNamed(inputs, step).values);
  return Array.from({ length: inputs.rowCount }, (_, row) => {
    const values = Float64Array.from(columns, (column) => column[row]!);
    return filled(values.subarray(0, values.findLastIndex((value) => !Number.isNaN(value)) + 1));
  });
}

/** Columns that are no steps, as they are. */
export const othersOf = (layout: Layout, inputs: Inputs): Input[] =>
  layout.others.map((name) => columnNamed(inputs, name));

const columnNamed = ({ columns }: Inputs, name: string): Input => columns.find((column) => column.name === name)!;

/** A column of computed numbers. */
export const numberInput = (name: string, values: Float64Array): NumberInput => ({ name, type: "number", values });

/** Gaps bridged by straight lines; before the first known value stands that. */
function filled(values: Float64Array): Float64Array {
  let last = -1;
  for (let t = 0; t < values.length; t++) {
    if (Number.isNaN(values[t]!)) continue;
    const from = last < 0 ? values[t]! : values[last]!;
    for (let u = last + 1; u < t; u++) values[u] = from + ((values[t]! - from) * (u - last)) / (t - last);
    last = t;
  }
  return values;
}

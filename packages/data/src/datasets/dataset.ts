// Datasets: inputs and targets as host arrays with one row per sample, column names, and where each row came from.
import {
  type Aval,
  type Check,
  checkArgument,
  checkHostArray,
  checkOptions,
  checks,
  describe,
  fail,
  type HostArray,
  nothingMore,
  type OptionTable,
  quoted,
  zeros,
} from "@hooke/runtime";
import { anyDatasetCheck, hostArrayCheck, labelCheck, namesCheck } from "../arguments.ts";
import { allFinite } from "./all-finite.ts";
import { checkClasses, checkLabelDType } from "./classes.ts";
import { rowName } from "./row-name.ts";
import type { Dataset, Precision } from "./samples.ts";
import { checkLengths, fillPadding, lengthsOf, stepLengths } from "./sequences.ts";
import { isStreamed, type StreamedArray, takeStreamed } from "./streamed-array.ts";

/** Options of {@link dataset}. */
export interface DatasetOptions<Inputs extends Aval = HostArray> {
  readonly inputs: Inputs;
  readonly targets: HostArray;
  /** Default none. */
  readonly extras?: Readonly<Record<string, HostArray>>;
  /** Default `input0`, `input1`, ... along the last axis. */
  readonly inputNames?: readonly string[];
  /** Default `target0`, `target1`, ... along the last axis. */
  readonly targetNames?: readonly string[];
  /** What models compute in; numbers are converted after preprocessing. Default: the dtype of f64 inputs, else `"f32"`. */
  readonly dtype?: Precision;
  /** The speaker of error messages. Default `"dataset"`. */
  readonly source?: string;
  readonly categories?: Readonly<Record<string, readonly string[]>>;
  /** Names of the classes that `targets`, i32 or u32, number from 0. Default none. */
  readonly classes?: readonly string[];
  /** A label among `targets` that says that the class is not known; the loss needs it, too. Default none. */
  readonly ignoreLabel?: number;
  readonly lines?: Int32Array;
}

const record: Check = (value) => (typeof value === "object" && !Array.isArray(value) ? undefined : "a record");

/** The options of every dataset but its inputs. */
export const datasetTable = {
  required: { targets: hostArrayCheck },
  optional: {
    extras: record,
    classes: namesCheck,
    inputNames: namesCheck,
    targetNames: namesCheck,
    categories: record,
    ignoreLabel: labelCheck,
    dtype: (value) => checks.oneOf(value, ["f32", "f64"]),
    source: (value) => (typeof value === "string" ? undefined : "a text"),
    lines: (value) => (value instanceof Int32Array ? undefined : "an Int32Array"),
  },
} satisfies OptionTable<Omit<DatasetOptions, "inputs">>;

/**
 * A dataset from arrays whose first axis counts the samples. Every value must be finite.
 *
 * Where sequences have the extra `lengths`, `i32[count]`, what stands behind their ends may hold anything: it is replaced, in
 * inputs and in targets that have a value for each step, by the last step of the sequence, and counts nowhere. See
 * `padSequences`.
 *
 * @throws if the row counts differ, a name count does not match the last axis, or a value is NaN or infinite (row, column)
 */
export function dataset(options: DatasetOptions): Dataset {
  const { required, optional } = datasetTable;
  checkOptions<DatasetOptions>("dataset", options, { required: { inputs: hostArrayCheck, ...required }, optional });
  const { source = "dataset", lines } = options;
  checkHostArray(`${source}: inputs`, options.inputs);
  checkRows(options);
  const { inputs, targets } = withoutPadding(options, source, lines);
  const described = describeRows({ ...options, inputs, targets });
  checkFinite(inputs, described.inputNames, source, (row) => rowName(row, lines));
  checkFinite(targets, described.targetNames, source, (row) => rowName(row, lines));
  return { ...described, inputs };
}

/** @throws if targets and extras are no arrays, or not of as many rows as the inputs, one at least */
export function checkRows({ inputs, targets, extras = {}, source = "dataset", lines }: DatasetOptions<Aval>): void {
  for (const [name, value] of Object.entries({ targets, ...extras })) checkHostArray(`${source}: ${name}`, value);
  const count = inputs.shape[0];
  if (count === undefined || count !== targets.shape[0]) {
    fail(
      source,
      `received inputs ${describe(inputs)} and targets ${describe(targets)}; ` +
        "the first axis of both counts the samples and must have the same length.",
      "mismatch",
    );
  }
  if (count === 0) fail(source, "received no rows; a dataset needs at least one.", "invalid-data");
  for (const [name, extra] of Object.entries(extras)) {
    if (extra.shape[0] !== count) {
      fail(
        source,
        `received extra "${name}" ${describe(extra)} for ${count} rows; its first axis counts the samples too.`,
        "mismatch",
      );
    }
    checkFinite(extra, [], source, (row) => rowName(row, lines));
  }
}

/** All of a dataset but its inputs. @throws on names that do not fit, and on classes that targets do not have */
export function describeRows(options: DatasetOptions<Aval>): Omit<Dataset, "inputs"> {
  const { inputs, targets, extras = {}, source = "dataset", categories = {}, lines, classes, ignoreLabel } = options;
  const inputNames = checkNames(source, "inputNames", inputs, options.inputNames, "input");
  const targetNames = checkNames(source, "targetNames", targets, options.targetNames, "target");
  const { dtype = inputs.dtype === "f64" ? "f64" : "f32" } = options;
  const labelled = { ...(ignoreLabel !== undefined && { ignoreLabel }), ...(lines && { lines }) };
  if (ignoreLabel !== undefined) checkLabelDType(source, `ignoreLabel ${ignoreLabel}`, targets);
  if (classes !== undefined) checkClasses(source, classes, targets, labelled);
  return {
    count: inputs.shape[0]!,
    targets,
    extras,
    inputNames,
    targetNames,
    categories,
    dtype,
    source,
    ...(classes && { classes }),
    ...labelled,
  };
}

/** Inputs and targets whose padding can be read. */
function withoutPadding(
  { inputs, targets, extras = {} }: DatasetOptions,
  source: string,
  lines: Int32Array | undefined,
): Pick<Dataset, "inputs" | "targets"> {
  const lengths = lengthsOf(extras);
  if (lengths === undefined) return { inputs, targets };
  checkLengths(source, lengths, inputs, (row) => rowName(row, lines));
  const ruling = stepLengths(targets, inputs, extras);
  if (ruling !== undefined && ruling !== lengths)
    checkLengths(source, ruling, targets, (row) => rowName(row, lines), "targetLengths");
  return {
    inputs: fillPadding(inputs, lengths),
    targets: ruling === undefined ? targets : fillPadding(targets, ruling),
  };
}

/** Expects numbers of rows. */
export const rowNumbers: Check = (value) =>
  typeof value === "object" && typeof (value as Partial<ArrayLike<number>> | null)?.length === "number"
    ? undefined
    : "a list of row numbers";

/** The rows `indices` of an array, `[indices.length, ...]`, in that order. `into`, where given, is filled and returned. */
export function takeRows(values: HostArray, indices: ArrayLike<number>, into?: HostArray): HostArray {
  checkArgument("takeRows", "the values", values, hostArrayCheck);
  checkArgument("takeRows", "the rows", indices, rowNumbers);
  const count = values.shape[0] ?? fail("takeRows", `received ${describe(values)}, which has no rows.`, "invalid-data");
  const width = count === 0 ? 0 : values.data.length / count;
  const shape = [indices.length, ...values.shape.slice(1)];
  const out = into ?? zeros(shape, values.dtype);
  if (out.data.length !== indices.length * width || out.dtype !== values.dtype) {
    fail("takeRows", `received ${describe(out)} to hold ${indices.length} rows of ${describe(values)}.`);
  }
  const { data: source } = values;
  const { data: target } = out;
  for (let i = 0, to = 0; i < indices.length; i++) {
    const row = indices[i]!;
    if (!(Number.isInteger(row) && row >= 0 && row < count))
      fail("takeRows", `received row ${row} of ${describe(values)}; rows run from 0 to ${count - 1}.`);
    const from = row * width;
    // A copy call costs more than the copy itself for short rows.
    if (width > 64) {
      target.set(source.subarray(from, from + width), to);
      to += width;
    } else {
      for (let j = 0; j < width; j++) target[to++] = source[from + j]!;
    }
  }
  return out;
}

/** The rows `indices` of a dataset, in that order. */
export function take(data: Dataset, indices: ArrayLike<number>): Dataset;
export function take(data: Dataset<StreamedArray>, indices: ArrayLike<number>): Dataset<StreamedArray>;
export function take(
  data: Dataset | Dataset<StreamedArray>,
  indices: ArrayLike<number>,
): Dataset | Dataset<StreamedArray>;
export function take(
  data: Dataset<HostArray | StreamedArray>,
  indices: ArrayLike<number>,
  ...more: []
): Dataset<HostArray | StreamedArray> {
  nothingMore("take", more);
  checkArgument("take", "the data", data, anyDatasetCheck);
  checkArgument("take", "the rows", indices, rowNumbers);
  const { lines, inputs } = data;
  const rows = {
    ...data,
    count: indices.length,
    inputs: isStreamed(inputs) ? takeStreamed(inputs, indices) : takeRows(inputs, indices),
    targets: takeRows(data.targets, indices),
    extras: takeExtras(data.extras, indices),
  };
  return lines === undefined ? rows : { ...rows, lines: Int32Array.from(indices, (row) => lines[row]!) };
}

/** The rows `indices` of every extra. `into`, where given, is filled and returned. */
export function takeExtras(
  extras: Readonly<Record<string, HostArray>>,
  indices: ArrayLike<number>,
  into?: Readonly<Record<string, HostArray>>,
): Readonly<Record<string, HostArray>> {
  return Object.fromEntries(
    Object.entries(extras).map(([name, values]) => [name, takeRows(values, indices, into?.[name])]),
  );
}

/** Throws on the first NaN or infinity, naming its row and column. @param nameOf the row at a place, such as "row 7" */
export function checkFinite(
  values: HostArray,
  names: readonly string[],
  source: string,
  nameOf: (place: number) => string,
): void {
  if (allFinite(values)) return;
  const { data, shape } = values;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const place = Math.floor(i / (data.length / shape[0]!));
    const column = names.length === 0 ? "" : ` in column "${names[i % names.length]}"`;
    const cure = Number.isNaN(data[i])
      ? 'a missing cell of a CSV file is NaN: parseCsv takes onMissing: "dropRows"'
      : 'where a cell such as 1e400 means that a value is missing, parseCsv takes missing: ["1e400"]';
    fail(
      source,
      `${nameOf(place)} holds ${data[i]}${column}; correct the value or leave the row out (${cure}).`,
      "invalid-data",
    );
  }
}

function checkNames(
  source: string,
  option: string,
  values: Aval,
  names: readonly string[] | undefined,
  prefix: string,
): readonly string[] {
  const width = values.shape.length < 2 ? 1 : values.shape.at(-1)!;
  if (names === undefined) return Array.from({ length: width }, (_, i) => `${prefix}${i}`);
  if (names.length !== width) {
    fail(
      source,
      `received ${names.length} ${option} (${quoted(names)}) for ${describe(values)}, whose last axis is ${width}.`,
      "mismatch",
    );
  }
  return names;
}

// Column transforms: standardise, min-max, log. Fitted once, on training rows, into plain JSON values; applied and inverted anywhere.
import {
  type Check,
  checkArgument,
  checkOptions,
  describe,
  fail,
  type HostArray,
  isHostArray,
  quoted,
  show,
  suggestion,
  zeros,
} from "@hooke/runtime";
import { hostArrayCheck, isDataset, namesCheck } from "../arguments.ts";
import { rowName } from "../datasets/row-name.ts";

/** What to fit: a kind of transform and the columns it acts on. */
export interface TransformSpec {
  readonly type: Transform["type"];
  /** Default: every column. */
  readonly columns?: readonly string[];
}

/** Options of {@link standardize}, {@link minMax} and {@link logTransform}. */
export type TransformOptions = Pick<TransformSpec, "columns">;

/** A fitted transform: plain values that survive JSON bit for bit. The numbers belong to `columns`, in order. */
export type Transform = StandardizeTransform | MinMaxTransform | LogTransform;

/**
 * `(x - mean) / std`, with the population standard deviation (divisor `n`, as scikit-learn's `StandardScaler`). A column that is
 * constant in the fitted rows has `std` 0 and is not scaled: `x - mean`.
 */
export interface StandardizeTransform {
  readonly type: "standardize";
  readonly columns: readonly string[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** `(x - min) / (max - min)`: the fitted rows lie in [0, 1]. A column with `min` = `max` is not scaled: `x - min`. */
export interface MinMaxTransform {
  readonly type: "minMax";
  readonly columns: readonly string[];
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** The natural logarithm. */
export interface LogTransform {
  readonly type: "log";
  readonly columns: readonly string[];
}

/** Columns to mean 0 and standard deviation 1; a constant one to 0, with a warning (see {@link warningsOf}). */
export function standardize(options: TransformOptions = {}): TransformSpec {
  return specOf("standardize", "standardize", options);
}

/** Columns to the range [0, 1]; a constant one to 0, with a warning (see {@link warningsOf}). */
export function minMax(options: TransformOptions = {}): TransformSpec {
  return specOf("minMax", "minMax", options);
}

/** Columns to their natural logarithm; every value must be above 0. */
export function logTransform(options: TransformOptions = {}): TransformSpec {
  return specOf("logTransform", "log", options);
}

function specOf(who: string, type: Transform["type"], options: TransformOptions): TransformSpec {
  if (typeof options !== "object" || Array.isArray(options) || isHostArray(options) || isDataset(options)) {
    fail(
      who,
      `received ${isDataset(options) ? "a dataset" : show(options)}; some columns are named as ${who}({ columns: ["..."] }), ` +
        `and fitPreprocessing(train, { inputs: ${who}() }) fits it.`,
    );
  }
  checkOptions<TransformOptions>(who, options, { optional: { columns: namesCheck } });
  return { type, ...options };
}

const transformCheck: Check = (value) => {
  const { type, columns } = (value ?? {}) as Partial<TransformSpec>;
  return typeof type === "string" && (columns === undefined || namesCheck(columns) === undefined)
    ? undefined
    : "a transform, such as standardize()";
};

/** Where values came from, for error messages. */
export interface RowSource {
  /** The row each step belongs to, where values are the steps of sequences, one after the other. */
  readonly rowOfStep?: Int32Array;
  readonly source?: string;
  readonly lines?: Int32Array;
}

/**
 * Fits a transform to the columns of `values`.
 *
 * @param values `[rows, columns]` (or `[rows]` for one column); hand in training rows only
 * @param names one per column
 * @throws on NaN and infinities (standardise, min-max), a value that is not above 0 (log), an unknown column name
 */
export function fitTransform(
  spec: TransformSpec,
  values: HostArray,
  names: readonly string[],
  where: RowSource = {},
): Transform {
  checkTransform("fitTransform", spec, values, names);
  const { type, columns = names } = spec;
  const indices = columnIndices(type, columns, names);
  checkWidth(type, values, names);
  switch (type) {
    case "standardize": {
      const moments = indices.map((index) => columnMoments(values, names.length, index));
      moments.forEach(({ min, max }, i) => void checkNumbers(type, columns[i]!, min, max));
      return { type, columns, mean: moments.map(({ mean }) => mean), std: moments.map(({ std }) => std) };
    }
    case "minMax": {
      const moments = indices.map((index) => columnMoments(values, names.length, index));
      moments.forEach(({ min, max }, i) => void checkNumbers(type, columns[i]!, min, max));
      return { type, columns, min: moments.map(({ min }) => min), max: moments.map(({ max }) => max) };
    }
    case "log":
      checkPositive(values, names, indices, where);
      return { type, columns };
    default:
      return failUnknownType(type);
  }
}

/**
 * Applies a fitted transform. Arithmetic is in double precision whatever the dtype.
 *
 * @param values `[..., columns]`, f32 or f64
 * @param names one per column of `values`
 * @throws if a fitted column is not among `names`, and on a value that is not above 0 (log)
 */
export function applyTransform(
  transform: Transform,
  values: HostArray,
  names: readonly string[],
  where: RowSource = {},
): HostArray {
  checkTransform("applyTransform", transform, values, names);
  if (transform.type === "log") {
    checkWidth("log", values, names);
    checkPositive(values, names, columnIndices("log", transform.columns, names), where);
  }
  return mapColumns(transform, values, names, (column) => {
    switch (transform.type) {
      case "standardize": {
        const [mean, std] = [transform.mean[column]!, scaleOf(transform.std[column]!)];
        return (x) => (x - mean) / std;
      }
      case "minMax": {
        const [min, scale] = [transform.min[column]!, scaleOf(transform.max[column]! - transform.min[column]!)];
        return (x) => (x - min) / scale;
      }
      case "log":
        return Math.log;
      default:
        return failUnknownType((transform as { type: unknown }).type);
    }
  });
}

/** Undoes {@link applyTransform}: predictions back to units. */
export function invertTransform(transform: Transform, values: HostArray, names: readonly string[]): HostArray {
  checkTransform("invertTransform", transform, values, names);
  return mapColumns(transform, values, names, (column) => {
    switch (transform.type) {
      case "standardize": {
        const [mean, std] = [transform.mean[column]!, scaleOf(transform.std[column]!)];
        return (x) => x * std + mean;
      }
      case "minMax": {
        const [min, scale] = [transform.min[column]!, scaleOf(transform.max[column]! - transform.min[column]!)];
        return (x) => x * scale + min;
      }
      case "log":
        return Math.exp;
      default:
        return failUnknownType((transform as { type: unknown }).type);
    }
  });
}

/**
 * How strongly {@link applyTransform} stretches each value: its derivative. 1 in columns that are not transformed.
 *
 * @param values `[..., columns]`, before the transform
 */
export function transformSlopes(transform: Transform, values: HostArray, names: readonly string[]): HostArray {
  checkTransform("transformSlopes", transform, values, names);
  const ones = zeros(values.shape, "f64");
  ones.data.fill(1);
  if (transform.type === "log") {
    const indices = new Set(columnIndices("log", transform.columns, names));
    for (let i = 0; i < ones.data.length; i++) if (indices.has(i % names.length)) ones.data[i] = 1 / values.data[i]!;
    return ones;
  }
  // The others are linear: what one more of a value changes.
  const spreads =
    transform.type === "standardize" ? transform.std : transform.max.map((max, i) => max - transform.min[i]!);
  return mapColumns(transform, ones, names, (column) => (one) => one / scaleOf(spreads[column]!));
}

function checkTransform(who: string, transform: unknown, values: HostArray, names: readonly string[]): void {
  checkArgument(who, "the transform", transform, transformCheck);
  checkArgument(who, "the values", values, hostArrayCheck);
  checkArgument(who, "the names of the columns", names, namesCheck);
}

/** What to divide by: 1 where there is no spread. */
const scaleOf = (spread: number): number => (spread === 0 ? 1 : spread);

/**
 * What a fitted transform found that deserves a look, a sentence each: columns that are constant in the fitted rows, such as the
 * one-hot column of a category that none of them has.
 */
export function transformWarnings(transform: Transform): string[] {
  if (transform.type === "log") return [];
  const { type, columns } = transform;
  const [spreads, values] =
    type === "standardize"
      ? [transform.std, transform.mean]
      : [transform.max.map((max, i) => max - transform.min[i]!), transform.min];
  return columns.flatMap((name, i) =>
    spreads[i] === 0
      ? `${type}: column "${name}" is constant in the training rows (every value is ${values[i]}), so that it is not scaled and tells the model nothing.`
      : [],
  );
}

function mapColumns(
  transform: Transform,
  values: HostArray,
  names: readonly string[],
  functionOf: (column: number) => (x: number) => number,
): HostArray {
  checkWidth(transform.type, values, names);
  const out = zeros(values.shape, values.dtype);
  out.data.set(values.data);
  columnIndices(transform.type, transform.columns, names).forEach((index, column) => {
    const map = functionOf(column);
    for (let i = index; i < out.data.length; i += names.length) out.data[i] = map(values.data[i]!);
  });
  return out;
}

function columnMoments(values: HostArray, width: number, index: number) {
  const { data } = values;
  let [sum, squares, min, max] = [0, 0, Infinity, -Infinity];
  const count = data.length / width;
  const offset = data[index]!;
  for (let i = index; i < data.length; i += width) {
    const value = data[i]!;
    // Sums from the first value: of seconds since 1970 they would lose the seconds.
    sum += value - offset;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  // Exactly: rounding would leave a spread of its own to scale by.
  if (min === max) return { mean: min, std: 0, min, max };
  const mean = offset + sum / count;
  // A second pass over deviations: the difference of raw sums loses all digits where the mean dwarfs the spread.
  for (let i = index; i < data.length; i += width) squares += (data[i]! - mean) ** 2;
  return { mean, std: Math.sqrt(squares / count), min, max };
}

function columnIndices(type: string, columns: readonly string[], names: readonly string[]): number[] {
  const places = new Map(names.map((name, index) => [name, index]));
  return columns.map((name) => {
    const index = places.get(name);
    if (index === undefined)
      fail(
        type,
        `there is no column "${name}".${suggestion(name, names)} The columns are ${quoted(names)}.`,
        "mismatch",
      );
    return index;
  });
}

function checkWidth(type: string, values: HostArray, names: readonly string[]): void {
  const width = values.shape.length === 1 ? 1 : values.shape.at(-1);
  if ((values.dtype !== "f32" && values.dtype !== "f64") || width !== names.length) {
    fail(
      type,
      `received ${describe(values)}; it takes f32 or f64 with ${names.length} columns (${quoted(names)}) on the last axis.`,
      "mismatch",
    );
  }
}

function checkNumbers(type: string, name: string, min: number, max: number): void {
  if (!Number.isFinite(min) || !Number.isFinite(max))
    fail(type, `column "${name}" holds NaN or an infinity; correct the data first.`, "invalid-data");
}

function checkPositive(
  { data, shape }: HostArray,
  names: readonly string[],
  indices: readonly number[],
  { source = "log", lines, rowOfStep }: RowSource,
): void {
  for (const index of indices) {
    for (let i = index; i < data.length; i += names.length) {
      if (data[i]! > 0) continue;
      const at = Math.floor(i / (data.length / shape[0]!));
      const row = rowName(rowOfStep?.[at] ?? at, lines);
      fail(
        source,
        `${row} holds ${data[i]} in column "${names[index]}"; the log transform takes values above 0.`,
        "invalid-data",
      );
    }
  }
}

function failUnknownType(type: unknown): never {
  return fail(
    "transform",
    `received the type ${JSON.stringify(type)}; known types are "standardize", "minMax" and "log".`,
  );
}

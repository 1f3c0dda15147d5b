// Comparing methods that one chooses oneself, on the same folds.
import { type FitProgress, isMethod, type Method, pausing, samplesOf } from "@hooke/baselines";
import { type Table, tableCheck } from "@hooke/data";
import {
  type Backend,
  checkArgument,
  checkOptions,
  checks,
  fail,
  type OptionTable,
  quoted,
  randomKey,
} from "@hooke/runtime";
import { type Split, splits } from "../splits/splits.ts";
import { type Comparison, comparisonOf } from "./comparison.ts";
import { Measurement } from "./measurement.ts";
import { defaultError, type ErrorName, errorKinds } from "./metrics.ts";

/** Options of {@link compare}. */
export interface CompareOptions {
  /** The column to predict. */
  readonly target: string;
  /** By the names they shall have. A method called `dummy` is what the others are measured against. */
  readonly methods: Readonly<Record<string, Method>>;
  /** How rows are held back. Default `splits.random()`, or `splits.grouped()` where there are `groups`. */
  readonly split?: Split;
  /** The column that names specimens, heats or subjects; it is no input. */
  readonly groups?: string;
  /** Default: all columns but the target and the groups. */
  readonly inputs?: readonly string[];
  /** Columns of numbers that are names. */
  readonly categories?: readonly string[];
  /** Makes the target classes. Default: it is where its column is text. */
  readonly classes?: boolean;
  /** Default `"rmse"`, or `"crossEntropy"` of classes. */
  readonly error?: ErrorName;
  /** Times that all rows are divided anew. Default 1; where there are few rows, 5 tell more. */
  readonly repeats?: number;
  /** The share of an error that makes no difference. Default 0.03. */
  readonly equivalence?: number;
  /** Default 0. */
  readonly seed?: number;
  /** For methods that need one. */
  readonly backend?: Backend;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FitProgress) => void;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? undefined : "the name of a column");
const names = (value: unknown): string | undefined =>
  Array.isArray(value) && value.every((name) => typeof name === "string") ? undefined : "a list of columns";

/** Checks of what {@link compare} and `advise` have in common. */
export const sharedChecks = {
  groups: text,
  inputs: names,
  categories: names,
  classes: checks.flag,
  error: (value: unknown) => checks.oneOf(value, Object.keys(errorKinds)),
  equivalence: checks.nonNegative,
  seed: checks.wholeNumber,
  backend: checks.backend,
  signal: checks.signal,
  onProgress: (value: unknown) => (typeof value === "function" ? undefined : "a function of the progress"),
};

const table: OptionTable<CompareOptions> = {
  required: {
    target: text,
    methods: (value) =>
      typeof value === "object" &&
      value !== null &&
      Object.keys(value).length > 0 &&
      Object.values(value).every(isMethod)
        ? undefined
        : "methods by name, such as { ridge: ridge() }",
  },
  optional: {
    ...sharedChecks,
    split: (value) =>
      typeof (value as Partial<Split> | null)?.kind === "string"
        ? undefined
        : `a split, such as splits.${quoted(Object.keys(splits))}`,
    repeats: checks.count,
  },
};

/**
 * Measures methods on the same folds. Whatever a method prepares (scales, categories, tuning) it prepares from the rows it learns from.
 *
 * @throws on columns and cells that cannot be used; the signal's reason. A method that fails on a fold is listed in `failed`
 * @example
 * ```ts
 * import { dummy, ridge } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 * import { compare } from "@hooke/model-advisor";
 *
 * const x = Array.from({ length: 60 }, (_, i) => i / 10);
 * const table = tableOf({ x, y: x.map((value, i) => 3 * value + (i % 3)) });
 * const { methods, pair } = await compare(table, { target: "y", methods: { dummy: dummy(), ridge: ridge() } });
 * console.log(methods[0]!.method, methods[0]!.skill > 0.8, pair("ridge", "dummy").better > 0.99); // ridge true true
 * ```
 */
export async function compare(data: Table, options: CompareOptions): Promise<Comparison> {
  checkArgument("compare", "the data", data, tableCheck);
  checkOptions<CompareOptions>("compare", options, table);
  const { target, methods, repeats = 1, equivalence = 0.03, seed = 0, backend, signal, onProgress } = options;
  const samples = samplesOf(data, target, options);
  const split = options.split ?? (samples.groups === undefined ? splits.random() : splits.grouped());
  const error = options.error ?? defaultError(samples.target);
  if (errorKinds[error].of !== samples.target.type) {
    const is = samples.target.type === "number" ? "numbers" : "classes";
    fail("compare", `received the error "${error}"; "${target}" is ${is}.`, "mismatch");
  }
  const key = randomKey(seed);
  const pause = pausing(signal, onProgress);
  let done = 0;
  const entries = Object.entries(methods);
  let total = 1;
  const measurement = new Measurement({
    samples,
    split,
    error,
    key,
    backend,
    signal,
    pause: (progress) => pause(() => ({ fraction: (done + progress().fraction) / total, text: progress().text })),
  });
  total = entries.length * repeats * measurement.foldsOf(0).length;
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const fold of measurement.foldsOf(repeat).keys()) {
      for (const [name, method] of entries) {
        signal?.throwIfAborted();
        await measurement.run(name, method, repeat, fold);
        done++;
      }
    }
  }
  return comparisonOf(measurement, equivalence);
}

// What people hand to the functions that train and predict: of the right kind, or refused with the right call.

import { anyDatasetCheck, hostArrayCheck, isDataset, preprocessingCheck } from "@hooke/data";
import { type Check, checkOptions, checks, fail, type OptionTable, quoted, suggestion } from "@hooke/runtime";
import { layerCheck } from "../model/layer.ts";
import { isModel } from "../model/trained-model.ts";
import { variablesCheck } from "../model/variables.ts";
import { optimizerCheck } from "../optimizers/optimizer.ts";
import type { FitOptions } from "./callback.ts";
import type { CheckpointOptions, TrainOptions } from "./options.ts";

type Loose = Readonly<Record<string, unknown>>;

const record = (value: unknown): Loose | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Loose) : undefined;

/** Whether a value has these methods. */
const has = (value: unknown, ...methods: readonly string[]): boolean =>
  methods.every((name) => typeof record(value)?.[name] === "function");

/** Expects what `ok` says it is; else `expected`. */
const kind =
  (ok: (value: unknown) => boolean, expected: string): Check =>
  (value) =>
    ok(value) ? undefined : expected;

const aFunction = (expected: string): Check => kind((value) => typeof value === "function", expected);

const validation: Check = (value) =>
  typeof value === "number"
    ? 'a dataset: split(data, { train: "rest", validation: 0.2 }, 0) makes both'
    : anyDatasetCheck(value);

const data: Check = (value) => {
  if (isDataset(value)) return "{ train, validation }: write data: { train: ... }";
  return record(value)?.train === undefined ? "{ train, validation } with datasets" : undefined;
};

const learningRate: Check = (value) =>
  has(value, "at") || checks.positive(value) === undefined
    ? undefined
    : "a number above 0, such as 1e-3, or a schedule, such as cosineAnnealing({ ... })";

const isMetric = (value: unknown): boolean => has(value, "compute") && typeof record(value)!.name === "string";
export const metricsCheck: Check = kind(
  (value) => Array.isArray(value) && value.every(isMetric),
  "a list of metrics, such as [metrics.rmse]",
);

const hooks = ["onStep", "onEpoch", "onValidation", "onCheckpoint", "onRecovery", "onEnd"];

const callback: Check = (value) => {
  const given = record(value);
  if (given === undefined) return `a list of callbacks, objects with ${quoted(hooks)}`;
  const names = [...Object.keys(given), ...Object.getOwnPropertyNames(Object.getPrototypeOf(given) ?? {})];
  const unknown = names.find((name) => /^on[A-Z]/.test(name) && !hooks.includes(name));
  if (unknown !== undefined) {
    const known = `It has ${quoted(hooks)}.${suggestion(unknown, hooks)}`;
    fail("callback", `received the unknown hook "${unknown}". ${known}`, "unknown-option");
  }
  const wrong = hooks.find((name) => given[name] !== undefined && typeof given[name] !== "function");
  if (wrong !== undefined) return `a function as ${wrong} of a callback`;
  return Object.keys(given).length === 0 || hooks.some((name) => name in given)
    ? undefined
    : `callbacks with ${quoted(hooks)}`;
};

const callbacks: Check = (value) =>
  Array.isArray(value) ? value.map(callback).find((expected) => expected !== undefined) : callback(undefined);

const variables: Check = (value) => {
  if (isModel(value)) return "variables: give its .variables";
  return variablesCheck(value);
};

const isBytes = (value: unknown): boolean => value instanceof Uint8Array;

/** A check for every option of `fit`. */
export const fitChecks: Readonly<Record<keyof FitOptions, Check>> = {
  backend: checks.backend,
  model: layerCheck,
  data,
  loss: aFunction("a loss, such as mse()"),
  optimizer: optimizerCheck,
  epochs: checks.count,
  batchSize: checks.count,
  seed: checks.wholeNumber,
  learningRate,
  activations: aFunction("packed of @hooke/runtime"),
  penalty: aFunction("a penalty, such as l2(1e-4)"),
  metrics: metricsCheck,
  monitor: kind((value) => typeof value === "string", '"loss" or the name of a metric'),
  preprocessing: preprocessingCheck,
  augment: aFunction("a function of a batch and a key, such as augment([ ... ]) makes"),
  variables,
  shuffle: checks.flag,
  lastBatch: (value) => checks.oneOf(value, ["keep", "drop"]),
  checkpoint: kind((value) => record(value) !== undefined, "{ every, save }"),
  resume: kind(
    (value) => isBytes(value) || isModel(record(value)?.model),
    "the bytes of a checkpoint, such as await readFile(path), or what decodeCheckpoint returns",
  ),
  ranks: kind((value) => has(value, "share"), "processes, such as await mpi() of @hooke/distributed-mpi"),
  signal: kind(
    (value) => has(value, "addEventListener"),
    "an AbortSignal, such as the .signal of new AbortController()",
  ),
  callbacks,
};

/** The options that every training needs. */
const needed = ["backend", "model", "data", "loss", "optimizer", "epochs", "batchSize", "seed", "learningRate"];
const table = (names: (name: string) => boolean): Readonly<Record<string, Check>> =>
  Object.fromEntries(Object.entries(fitChecks).filter(([name]) => names(name)));

const dataTable: OptionTable<TrainOptions["data"]> = {
  required: { train: anyDatasetCheck },
  optional: { validation, sampleWeights: hostArrayCheck, validationWeights: hostArrayCheck },
};

/** @throws on parts that a training does not look at, such as the third of what `split` returns */
function checkParts(who: string, parts: TrainOptions["data"]): void {
  const known = Object.keys({ ...dataTable.required, ...dataTable.optional });
  const part = Object.keys(parts).find((name) => !known.includes(name) && isDataset(record(parts)![name]));
  if (part === undefined) return;
  const cure = suggestion(part, known) || ` Keep it for evaluate: const { ${part}, ...data } = split(...).`;
  fail(
    who,
    `received the part "${part}" in data; a training looks at train and validation alone.${cure}`,
    "unknown-option",
  );
}

const every: Check = (value) =>
  value === "epoch" || checks.count(value) === undefined
    ? undefined
    : 'a whole number of updates, 1 or more, or "epoch"';
const checkpointTable: OptionTable<CheckpointOptions> = {
  required: { every, save: aFunction("a function that stores the bytes") },
  optional: { open: aFunction("a function"), close: aFunction("a function") },
};

/** @throws on unknown options of `fit` or `train`, on missing ones, and on values of another kind */
export function checkFitOptions(who: "fit" | "train", options: FitOptions): void {
  const { validation: part } = (record(options) ?? {}) as { readonly validation?: unknown };
  if (part !== undefined) {
    const cure =
      'the validation part is one of the data: split(data, { train: "rest", validation: 0.2 }, 0) makes both, then';
    fail(who, `received the unknown option "validation"; ${cure} data: { train, validation }.`, "unknown-option");
  }
  checkOptions<Loose>(who, options, {
    required: table((name) => needed.includes(name)) as never,
    optional: table((name) => !needed.includes(name) && (who === "fit" || name !== "callbacks")) as never,
  });
  checkParts(who, options.data);
  checkOptions<TrainOptions["data"]>(`${who}: data`, options.data, dataTable);
  if (options.checkpoint) checkOptions<CheckpointOptions>(`${who}: checkpoint`, options.checkpoint, checkpointTable);
  const { metrics = [] } = options;
  if (options.data.validation === undefined && metrics.length > 0) {
    const cure = "give data.validation, or leave metrics out: evaluate computes them on any dataset";
    fail(who, `received metrics, which are computed on the validation part, and no validation part; ${cure}.`);
  }
}

// Permutation importance of any model: what the error rises by when an input changes rows.
import {
  correlatedInputs,
  type Fitted,
  type ImportanceOptions as FittedImportanceOptions,
  type Importances,
  importancesOf,
  permutationImportance as ofFitted,
  randomFrom,
  rowWeights,
} from "@hooke/baselines";
import { apply, precisionOf, type TrainedModel, trainedModelCheck } from "@hooke/core";
import {
  alignColumns,
  type Dataset,
  datasetCheck,
  inPrecision,
  preprocessInputs,
  restoreTargets,
  type Table,
  tableOf,
} from "@hooke/data";
import {
  checkArgument,
  checkOptions,
  checks,
  describe,
  fail,
  foldHost,
  type HostArray,
  isFloat,
  quoted,
  randomKey,
  sameShape,
  zeros,
} from "@hooke/runtime";
import { createBatched, type RunOptions } from "../model/batched.ts";
import { isFitted, listenerCheck, runChecks } from "../model/checks.ts";
import type { ExplainProgress } from "../model/options.ts";
import { outputRows } from "../model/output.ts";

/** Options of {@link permutationImportance} for networks. */
export interface ImportanceOptions extends RunOptions {
  /** Inputs that are shuffled together, by name; those left out are not shuffled. Default: such as say the same (`correlatedInputs`). */
  readonly together?: readonly (readonly string[])[];
  /** Times that each group is shuffled. Default 10. */
  readonly repeats?: number;
  /** The share of draws of rows and shuffles between `lower` and `upper`. Default 0.9. */
  readonly level?: number;
  /** How much each row counts. Default 1 each. */
  readonly weights?: ArrayLike<number>;
  /** Default 0. */
  readonly seed?: number;
  readonly onProgress?: (progress: ExplainProgress) => void;
}

/**
 * Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019): what the error of rows rises by when the cells of an input change
 * rows. Inputs that say the same are shuffled together, as each alone would seem worth nothing.
 *
 * Of a fitted method and a table it is that of `@hooke/baselines`, which learns anew in folds and judges by rows held back. A network is not
 * trained again: give it rows that it has not learned from. Its inputs are the columns of the last axis, such as the channels of a history,
 * which change rows whole. Classes are judged by the cross-entropy of the network's logits.
 *
 * @param data with targets in the units of the data: `[rows, targets]`, or labels `[rows]`
 * @param options `backend` is needed. Defaults: 10 `repeats`, `level` 0.9, `seed` 0, batches of 64
 * @throws on inputs that there are not, on data with extras such as `lengths`, on predictions that are not finite; the signal's reason if it
 *   is aborted
 * @example
 * ```ts
 * import { dense, initialize } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { permutationImportance } from "@hooke/explain";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const backend = referenceBackend();
 * const layer = dense({ units: 1, bias: false, kernelInitializer: "ones" });
 * const model = { layer, inputShape: [2], variables: await initialize(backend, layer, [2], 0) };
 * const rows = Array.from({ length: 30 }, (_, i) => [10 * ((i * 7) % 30), (i * 11) % 13]);
 * const targets = array(rows.map(([a, b]) => [a! + b!]));
 * const data = dataset({ inputs: array(rows), targets, inputNames: ["load", "hour"] });
 * const { groups, error } = await permutationImportance(model, data, { backend });
 * console.log(groups.map(({ inputs }) => inputs.join()), error); // [ 'load', 'hour' ] 0
 * ```
 */
export function permutationImportance(
  model: Fitted,
  data: Table,
  options?: FittedImportanceOptions,
): Promise<Importances>;
export function permutationImportance(
  model: TrainedModel,
  data: Dataset,
  options: ImportanceOptions,
): Promise<Importances>;
export async function permutationImportance(
  model: Fitted | TrainedModel,
  data: Table | Dataset,
  options: FittedImportanceOptions | ImportanceOptions = {},
): Promise<Importances> {
  if (isFitted(model)) return ofFitted(model, data as Table, options as FittedImportanceOptions);
  return ofNetwork(model, data as Dataset, options as ImportanceOptions);
}

async function ofNetwork(model: TrainedModel, given: Dataset, options: ImportanceOptions): Promise<Importances> {
  const who = "permutationImportance";
  checkArgument(who, "the model", model, trainedModelCheck);
  checkArgument(who, "the data", given, datasetCheck);
  checkOptions<ImportanceOptions>(who, options, {
    required: { backend: checks.backend },
    optional: {
      batchSize: runChecks.batchSize,
      signal: runChecks.signal,
      together: (value) =>
        Array.isArray(value) && value.every((part) => Array.isArray(part) && part.length > 0)
          ? undefined
          : 'lists of inputs, such as [["carbon", "nitrogen"], ["temper"]]',
      repeats: checks.count,
      level: checks.betweenZeroAndOne,
      weights: rowWeights,
      seed: checks.wholeNumber,
      onProgress: listenerCheck,
    },
  });
  const { repeats = 10, level = 0.9, seed = 0, onProgress } = options;
  const { preprocessing, layer, variables } = model;
  const data = preprocessing === undefined ? given : alignColumns(preprocessing, given);
  const names = Object.keys(data.extras);
  if (names.length > 0)
    fail(who, `the data have the extras ${quoted(names)}; it shuffles inputs of rows that have none.`, "unsupported");
  const weights = weightsFor(who, options.weights, data.count);
  const groups = groupsOf(who, data, options.together);
  const key = foldHost(randomKey(seed), who);
  const batched = createBatched(model, options, (given, x, extras) => ({
    outputs: outputRows(who, apply(layer, given, x, { extras }).output),
  }));
  const lossesOf = async (inputs: HostArray): Promise<Float64Array> => {
    const prepared = preprocessing === undefined ? inputs : preprocessInputs(preprocessing, inputs);
    const { outputs } = await batched.run({ inputs: inPrecision(prepared, precisionOf(variables), who), extras: {} });
    return isFloat(data.targets.dtype)
      ? squaredErrors(
          who,
          preprocessing === undefined ? outputs! : restoreTargets(preprocessing, outputs!),
          data.targets,
        )
      : crossEntropies(who, outputs!, data);
  };
  try {
    const own = await lossesOf(data.inputs);
    const shuffled: Float64Array[][] = groups.map(() => []);
    for (const [g, columns] of groups.entries()) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        const text = `shuffling ${columns.map((column) => data.inputNames[column]).join(", ")}`;
        onProgress?.({ fraction: (g + repeat / repeats) / groups.length, text });
        const order = randomFrom(key, "shuffle", g, repeat).choose(data.count, data.count);
        shuffled[g]!.push(await lossesOf(withShuffled(data.inputs, columns, order)));
      }
    }
    return importancesOf({
      samples: { rowCount: data.count, target: { type: isFloat(data.targets.dtype) ? "number" : "class" } },
      weights,
      inputs: groups.map((columns) => columns.map((column) => data.inputNames[column]!)),
      own,
      shuffled,
      level,
      key,
    });
  } finally {
    batched.free();
  }
}

function weightsFor(who: string, given: ArrayLike<number> | undefined, count: number): Float64Array {
  const weights = given === undefined ? new Float64Array(count).fill(1) : Float64Array.from(given);
  if (weights.length !== count)
    fail(who, `received ${weights.length} weights for ${count} rows; give one for each.`, "mismatch");
  if (weights.every((weight) => weight >= 0 && weight < Infinity) && weights.some((weight) => weight > 0))
    return weights;
  return fail(who, "received weights below 0, that are not finite, or all 0.", "invalid-data");
}

/** Places of the inputs that change rows together. */
function groupsOf(
  who: string,
  { inputs, inputNames: names }: Dataset,
  together: ImportanceOptions["together"],
): number[][] {
  const width = inputs.shape.at(-1)!;
  if (together === undefined && inputs.shape.length > 2) return names.map((_, place) => [place]);
  const columns = (place: number) =>
    Float64Array.from({ length: inputs.shape[0]! }, (_, row) => Number(inputs.data[row * width + place]!));
  const groups =
    together ??
    correlatedInputs(
      tableOf(Object.fromEntries(names.map((name, place) => [name, columns(place)]))),
      names.map((name) => ({ name, type: "number" })),
    );
  return groups.map((members) =>
    members.map((name) => {
      const place = names.indexOf(name);
      return place >= 0 ? place : fail(who, `has no input "${name}"; the inputs are ${quoted(names)}.`, "mismatch");
    }),
  );
}

/** Rows with some inputs of others: those of the last axis, whole. */
function withShuffled(inputs: HostArray, columns: readonly number[], order: Int32Array): HostArray {
  const all = zeros(inputs.shape, inputs.dtype);
  all.data.set(inputs.data as Float64Array);
  const width = inputs.shape.at(-1)!;
  const size = inputs.data.length / order.length;
  for (const [row, other] of order.entries()) {
    for (const column of columns) {
      for (let i = column; i < size; i += width) all.data[row * size + i] = inputs.data[other * size + i]!;
    }
  }
  return all;
}

/** Of each row the mean over targets. */
function squaredErrors(who: string, predictions: HostArray, targets: HostArray): Float64Array {
  const count = targets.shape[0]!;
  const width = targets.data.length / count;
  if (!sameShape([count, width], predictions.shape)) {
    fail(who, `the model gives ${describe(predictions)}, the targets are ${describe(targets)}.`, "mismatch");
  }
  return finite(
    who,
    Float64Array.from({ length: count }, (_, row) => {
      let sum = 0;
      for (let i = row * width; i < (row + 1) * width; i++)
        sum += (Number(predictions.data[i]!) - Number(targets.data[i]!)) ** 2;
      return sum / width;
    }),
  );
}

/** Of each row the negative logarithm of the probability of its class. */
function crossEntropies(who: string, logits: HostArray, { targets, count }: Dataset): Float64Array {
  const classes = logits.shape[1]!;
  if (targets.data.length !== count)
    fail(who, `the labels are ${describe(targets)}; one a row can be judged.`, "unsupported");
  return finite(
    who,
    Float64Array.from({ length: count }, (_, row) => {
      const label = Number(targets.data[row]!);
      if (!(label >= 0 && label < classes))
        fail(who, `row ${row} has the label ${label}; the model knows ${classes} classes.`, "invalid-data");
      const own = Array.from(logits.data.subarray(row * classes, (row + 1) * classes), Number);
      const highest = Math.max(...own);
      return highest + Math.log(own.reduce((sum, logit) => sum + Math.exp(logit - highest), 0)) - own[label]!;
    }),
  );
}

function finite(who: string, losses: Float64Array): Float64Array {
  const row = losses.findIndex((loss) => !Number.isFinite(loss));
  return row < 0 ? losses : fail(who, `the model predicts what is not finite for row ${row}.`, "non-finite");
}

// The learning-rate finder: a short training whose rate rises from update to update, and where its loss falls fastest.
import {
  type Batch,
  batchReader,
  createTrainer,
  type FitOptions,
  fitChecks,
  initialize,
  inputShapeOf,
  lossFor,
  lossWeights,
} from "@hooke/core";
import { reopening } from "@hooke/core/recovery";
import {
  anyDatasetCheck,
  batches,
  type Dataset,
  datasetInPrecision,
  isStreamed,
  loadRows,
  preprocess,
  type StreamedArray,
  takeRows,
} from "@hooke/data";
import { type Check, checkOptions, checks, createPauses, foldHost, type HostArray, randomKey } from "@hooke/runtime";
import { curveOf, type LearningRateCurve, smoother } from "./learning-rate-curve.ts";

/**
 * Options of {@link findLearningRate}: those of `fit` that shape an update, and the search. Other options of `fit` are
 * allowed and not used.
 */
export interface FindLearningRateOptions
  extends Pick<
    FitOptions,
    | "backend"
    | "model"
    | "data"
    | "loss"
    | "penalty"
    | "optimizer"
    | "batchSize"
    | "seed"
    | "preprocessing"
    | "augment"
    | "variables"
    | "signal"
  > {
  /** First and last rate. Default 1e-7 and 10. */
  readonly range?: readonly [first: number, last: number];
  /** Updates from the first rate to the last; at least 20. Default 100. */
  readonly steps?: number;
}

const rising: Check = (value) => {
  const [first, last, ...more] = Array.isArray(value) ? value : [];
  const isRange = checks.positive(first) === undefined && checks.positive(last) === undefined && more.length === 0;
  return isRange && first < last ? undefined : "two numbers above 0 that rise, such as [1e-7, 10]";
};
const enough: Check = (value) =>
  checks.count(value) === undefined && (value as number) >= 20 ? undefined : "a whole number of at least 20";
const trainingData: Check = (value) => {
  const expected = fitChecks.data(value) ?? anyDatasetCheck((value as FitOptions["data"]).train);
  return expected === undefined ? undefined : `the data of fit, ${expected}`;
};

/**
 * Trains for a few updates while the learning rate rises exponentially, from weights that are thrown away. A rate at or
 * a little below `suggestion` is a good first try. It takes what `fit` will be given: `findLearningRate({ ...options,
 * steps: 200 })`; batches are always shuffled and full.
 *
 * Smith, "Cyclical learning rates for training neural networks" (WACV 2017); the smoothing is that of fastai and
 * Lightning, the slope is taken over more points.
 *
 * Where the backend loses its device and can open it again, the search begins anew.
 *
 * @throws on a range that does not rise from above 0, on fewer than 20 steps, and the signal's reason if it is aborted
 * @example
 * ```ts
 * import { dataset } from "@hooke/data";
 * import { dense, mse, sgd } from "@hooke/core";
 * import { findLearningRate } from "@hooke/regularization";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const x = Array.from({ length: 64 }, (_, i) => [Math.sin(i)]);
 * const { suggestion } = await findLearningRate({
 *   backend: referenceBackend(),
 *   model: dense({ units: 1 }),
 *   data: { train: dataset({ inputs: array(x), targets: array(x.map(([at]) => [5 * at! + 10])) }) },
 *   loss: mse(),
 *   optimizer: sgd(),
 *   batchSize: 32,
 *   seed: 0,
 * });
 * console.log(suggestion! > 1e-3 && suggestion! < 1); // true
 * ```
 */
export async function findLearningRate(options: FindLearningRateOptions): Promise<LearningRateCurve> {
  const { backend, model, loss, optimizer, batchSize: size, seed: start, data: _, ...others } = fitChecks;
  checkOptions<Readonly<Record<string, unknown>>>("findLearningRate", options, {
    required: { backend, model, data: trainingData, loss, optimizer, batchSize: size, seed: start } as never,
    optional: { ...others, range: rising, steps: enough } as never,
  });
  // What it holds is thrown away in the end: a device that is lost costs the search so far.
  return reopening(options.backend, "findLearningRate", () => search(options));
}

async function search(options: FindLearningRateOptions): Promise<LearningRateCurve> {
  const { batchSize, seed, preprocessing, signal, range = [1e-7, 10], steps = 100 } = options;
  const [first, last] = range;
  const train: Part = options.data.train;
  const exact = preprocessing === undefined ? train : preprocess(preprocessing, train);
  const ofClasses = lossFor(options.loss, train.classes);
  const data = datasetInPrecision(exact, train.dtype);
  const trainer = createTrainer({
    ...options,
    loss: ofClasses,
    variables: options.variables ?? (await newVariables(options, data)),
  });
  const { accumulation = 1 } = options.optimizer;
  const batchOf = batchMaker({ ...options, loss: ofClasses }, data);
  const pause = createPauses();
  const rates: number[] = [];
  const losses: number[] = [];
  const smooth = smoother();
  try {
    const order = rowsInTurn(data.count, batchSize, seed, steps * accumulation);
    for (let i = 0; i < steps; i++) {
      const learningRate = first * (last / first) ** (i / (steps - 1));
      const union = order.slice(i * accumulation, (i + 1) * accumulation);
      const of = union.reduce((sum, { length }) => sum + length, 0);
      // The loss and, where there is one, the penalty: the mean over the batches of the update.
      let loss = 0;
      for (const [k, rows] of union.entries()) {
        signal?.throwIfAborted();
        const number = i * accumulation + k + 1;
        const batch = await batchOf(rows, number);
        const prepared = await trainer.prepare(batch, k === union.length - 1 ? "update" : "gather");
        const buffer = prepared.run(batch, { step: i + 1, learningRate, batch: number, of });
        const reading = options.backend.read(buffer);
        options.backend.free(buffer);
        const reported = await reading;
        loss += (Array.from(reported.data).reduce((total, part) => total + part) * rows.length) / of;
        const pausing = pause();
        if (pausing !== undefined) await pausing;
      }
      const { value, diverged } = smooth(loss);
      if (!Number.isFinite(value)) break;
      rates.push(learningRate);
      losses.push(value);
      if (diverged) break;
    }
  } finally {
    trainer.free();
  }
  return curveOf(rates, losses);
}

type Part = Dataset<HostArray | StreamedArray>;

function newVariables({ backend, model, seed }: FindLearningRateOptions, { inputs, extras, dtype }: Part) {
  return initialize(backend, model, inputShapeOf(inputs, extras), seed, dtype);
}

/** The batch of some rows, of a number counted from 1, as `fit` makes it. */
function batchMaker(
  { data: { sampleWeights }, loss, augment, seed, signal }: FindLearningRateOptions,
  { inputs, ...rest }: Part,
): (rows: Int32Array, number: number) => Promise<Batch<HostArray>> {
  const key = foldHost(randomKey(seed), "augment");
  const weights = lossWeights({ ...rest, inputs }, loss, sampleWeights)?.given;
  const read = isStreamed(inputs) ? undefined : batchReader({ ...rest, inputs }, weights);
  const streamed = async (rows: Int32Array): Promise<Batch<HostArray>> => {
    const part = await loadRows({ ...rest, inputs: inputs as StreamedArray }, rows, signal);
    return { ...part, ...(weights && { weights: takeRows(weights, rows) }) };
  };
  return async (rows, number) => {
    const batch = read?.(rows) ?? (await streamed(rows));
    return augment === undefined ? batch : augment(batch, foldHost(key, number));
  };
}

/** Whole batches, epoch after epoch. */
function rowsInTurn(count: number, batchSize: number, seed: number, steps: number): Int32Array[] {
  const rows: Int32Array[] = [];
  for (let epoch = 0; rows.length < steps; epoch++) {
    rows.push(...batches({ count, batchSize: Math.min(batchSize, count), seed, epoch, lastBatch: "drop" }));
  }
  return rows.slice(0, steps);
}

// The learning-rate finder: a short training whose rate rises from update to update, and where its loss falls fastest.
import {
  batches,
  createTrainer,
  type Dataset,
  type FitOptions,
  fitPreprocessing,
  initialize,
  type PreprocessingOptions,
  preprocess,
  takeRows,
} from "@hooke/core";
import { fail, scalarOf } from "@hooke/runtime";

/** Options of {@link findLearningRate}. */
export interface FindLearningRateOptions
  extends Pick<FitOptions, "backend" | "model" | "loss" | "optimizer" | "batchSize" | "seed"> {
  readonly data: Dataset;
  /** Fitted on the data. Default none. */
  readonly preprocessing?: PreprocessingOptions;
  /** First and last rate. Default 1e-7 and 10. */
  readonly range?: readonly [first: number, last: number];
  /** Updates from the first rate to the last; at least 20. Default 100. */
  readonly steps?: number;
}

/** What {@link findLearningRate} finds. */
export interface LearningRateCurve {
  /** The rate at which the smoothed loss falls fastest; undefined if it never falls. */
  readonly suggestion: number | undefined;
  /** Rates tried, ascending; the search ends when the smoothed loss is four times its smallest value, or not finite. */
  readonly rates: readonly number[];
  /** Loss before the update with each rate, smoothed exponentially (weight 0.05) without bias. */
  readonly losses: readonly number[];
  /** The curve over the rate's decimal logarithm, as `writeReport` of @hooke/core/node takes it among its `charts`. */
  readonly chart: {
    readonly title: string;
    readonly caption: string;
    readonly xLabel: string;
    readonly yLabel: string;
    readonly x: readonly number[];
    readonly series: readonly { readonly label: string; readonly values: readonly number[] }[];
  };
}

const weight = 0.05;
const diverged = 4;
/** Until then the average is of few batches, and differences between them look like slopes. */
const settled = 10;
/** Slopes are taken over this many updates to either side: what batches differ by averages out. */
const reach = 5;

/**
 * Trains for a few updates while the learning rate rises exponentially, from new weights that are thrown away. A rate at or a little below
 * `suggestion` is a good first try. Smith 2017; the smoothing is that of fastai and Lightning, the slope is taken over more points.
 *
 * @throws on a range that does not rise from above 0, and on fewer than 20 steps
 * @example
 * ```ts
 * import { dataset, dense, mse, sgd } from "@hooke/core";
 * import { findLearningRate } from "@hooke/regularization";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const x = Array.from({ length: 64 }, (_, i) => [Math.sin(i)]);
 * const { suggestion } = await findLearningRate({
 *   backend: referenceBackend(),
 *   model: dense({ units: 1 }),
 *   data: dataset({ inputs: array(x), targets: array(x.map(([at]) => [5 * at! + 10])) }),
 *   loss: mse(),
 *   optimizer: sgd(),
 *   batchSize: 32,
 *   seed: 0,
 * });
 * console.log(suggestion! > 1e-3 && suggestion! < 1); // true
 * ```
 */
export async function findLearningRate(options: FindLearningRateOptions): Promise<LearningRateCurve> {
  const { backend, model, batchSize, seed, preprocessing, range = [1e-7, 10], steps = 100 } = options;
  const [first, last] = range;
  if (!(first > 0 && last > first && Number.isFinite(last))) {
    fail(
      "findLearningRate",
      `received the range [${first}, ${last}]; it rises from a number above 0, e.g. [1e-7, 10].`,
    );
  }
  if (!(Number.isInteger(steps) && steps >= 20)) {
    fail("findLearningRate", `received steps ${steps}; expected a whole number of at least 20.`);
  }
  const data =
    preprocessing === undefined
      ? options.data
      : preprocess(fitPreprocessing(options.data, preprocessing), options.data);
  const dtype = data.inputs.dtype === "f64" ? "f64" : "f32";
  const input = { shape: data.inputs.shape.slice(1), dtype: data.inputs.dtype, extras: rowSpecs(data) };
  const variables = await initialize(backend, model, input, seed, dtype);
  const trainer = createTrainer({ ...options, variables });
  const rates: number[] = [];
  const losses: number[] = [];
  let average = 0;
  let smallest = Number.POSITIVE_INFINITY;
  try {
    for (const [i, rows] of rowsInTurn(data.count, batchSize, seed, steps).entries()) {
      const extras = Object.fromEntries(
        Object.entries(data.extras).map(([name, values]) => [name, takeRows(values, rows)]),
      );
      const batch = {
        ...{ inputs: takeRows(data.inputs, rows), targets: takeRows(data.targets, rows) },
        ...(Object.keys(extras).length > 0 && { extras }),
      };
      const learningRate = first * (last / first) ** (i / (steps - 1));
      const buffer = (await trainer.prepare(batch)).run(batch, { step: i + 1, learningRate });
      const loss = scalarOf(await backend.read(buffer));
      backend.free(buffer);
      average = (1 - weight) * average + weight * loss;
      const smoothed = average / (1 - (1 - weight) ** (i + 1));
      if (!Number.isFinite(smoothed)) break;
      rates.push(learningRate);
      losses.push(smoothed);
      smallest = Math.min(smallest, smoothed);
      if (smoothed > diverged * smallest) break;
    }
  } finally {
    trainer.free();
  }
  const suggestion = steepest(rates, losses);
  return {
    ...{ suggestion, rates, losses },
    chart: {
      title: "Learning rate",
      caption:
        suggestion === undefined
          ? "The loss never falls."
          : `The loss falls fastest at a learning rate of ${suggestion.toPrecision(2)}.`,
      xLabel: "logarithm of the learning rate (base 10)",
      yLabel: "smoothed loss",
      x: rates.map((rate) => Math.log10(rate)),
      series: [{ label: "loss", values: losses }],
    },
  };
}

const rowSpecs = ({ extras }: Dataset) =>
  Object.fromEntries(
    Object.entries(extras).map(([name, { shape, dtype }]) => [name, { shape: shape.slice(1), dtype }]),
  );

/** Whole batches, epoch after epoch. */
function rowsInTurn(count: number, batchSize: number, seed: number, steps: number): Int32Array[] {
  const rows: Int32Array[] = [];
  for (let epoch = 0; rows.length < steps; epoch++) {
    rows.push(...batches({ count, batchSize: Math.min(batchSize, count), seed, epoch, lastBatch: "drop" }));
  }
  return rows.slice(0, steps);
}

/** The rate where the loss falls fastest over the rate's logarithm, by wide central differences. */
function steepest(rates: readonly number[], losses: readonly number[]): number | undefined {
  let found: number | undefined;
  let slope = 0;
  for (let i = settled; i < rates.length - reach; i++) {
    const change = losses[i + reach]! - losses[i - reach]!;
    if (change < slope) {
      slope = change;
      found = rates[i];
    }
  }
  return found;
}

// Head: a small network on features that are there already.
import {
  adam,
  crossEntropy,
  dense,
  dropout,
  type FitOptions,
  type FitResult,
  fit,
  type Layer,
  mse,
  sequential,
  type TrainingData,
} from "@hooke/core";
import { type Dataset, dataset, datasetCheck, fitPreprocessing, standardize } from "@hooke/data";
import { checkArgument, checkOptions, checks, fail, type HostArray, zeros } from "@hooke/runtime";
import { fitScaling, rowsOf, targetsOf } from "../linear/rows.ts";
import { normalizeChannels } from "../model/normalize-channels.ts";

/** Options of {@link head}: those of `fit`, most of them with a default. */
export interface HeadOptions
  extends Pick<FitOptions, "backend" | "seed">,
    Partial<Omit<FitOptions, "backend" | "data" | "seed" | "model" | "preprocessing" | "variables" | "resume">> {
  readonly data: TrainingData;
  /** Units of the hidden layer. Default 128. */
  readonly hidden?: number;
  /** Fraction of hidden units dropped in training. Default 0.3. */
  readonly dropoutRate?: number;
}

/**
 * Trains a hidden layer and an output on features `[images, width]` or `[images, views, width]`, whose views are rows of their own. Defaults
 * besides those of `fit`: 100 epochs of batches of 32 with Adam at 1e-3; the mean squared error of standardised targets, or the
 * cross-entropy of classes. Features are scaled as those of `probe`, by a layer in front.
 *
 * @returns as `fit` does; with a validation part, `best` is what to take
 * @throws what `fit` throws
 * @example
 * ```ts
 * import { dataset } from "@hooke/data";
 * import { array, referenceBackend } from "@hooke/runtime";
 * import { head } from "@hooke/transfer";
 *
 * const train = dataset({ inputs: array([[0, 1], [1, 0], [2, 2]]), targets: array([1, 3, 5]) });
 * const { model } = await head({ backend: referenceBackend(), data: { train }, epochs: 2, seed: 0 });
 * console.log(model.inputShape); // [ 2 ]
 * ```
 */
export async function head(options: HeadOptions): Promise<FitResult> {
  checkArgument("head", "the options", options, (value) =>
    typeof value === "object" && value !== null ? undefined : "{ backend, data: { train }, seed }",
  );
  const { hidden = 128, dropoutRate = 0.3, data, ...rest } = options;
  for (const part of [data?.train, data?.validation ?? data?.train]) {
    checkArgument("head", "the data", part, datasetCheck);
  }
  checkOptions<Pick<HeadOptions, "hidden" | "dropoutRate">>(
    "head",
    { hidden, dropoutRate },
    { optional: { hidden: checks.count, dropoutRate: checks.fraction } },
  );
  const train = viewsAsRows(data.train);
  const { columns, classes } = targetsOf("head", data.train);
  const { mean, scale } = fitScaling("head", rowsOf("head", train.inputs));
  const { validation } = data;
  return fit({
    learningRate: 1e-3,
    epochs: 100,
    batchSize: 32,
    optimizer: adam(),
    loss: classes === undefined ? mse() : crossEntropy(),
    ...rest,
    model: headLayer({ mean: [...mean], std: [...scale], hidden, dropoutRate, outputs: classes?.length ?? columns }),
    data: { ...data, train, ...(validation && { validation: viewsAsRows(validation) }) },
    preprocessing: fitPreprocessing(train, classes === undefined ? { targets: standardize() } : {}),
  });
}

interface HeadParts {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly hidden: number;
  readonly dropoutRate: number;
  readonly outputs: number;
}

const headLayer = ({ mean, std, hidden, dropoutRate, outputs }: HeadParts): Layer =>
  sequential({
    scaled: normalizeChannels({ mean, std }),
    hidden: dense({ units: hidden, activation: "relu" }),
    dropout: dropout({ rate: dropoutRate }),
    output: dense({ units: outputs }),
  });

/** Every view as a row, with the target of its image. */
function viewsAsRows(data: Dataset): Dataset {
  const { inputs, targets, targetNames, classes, ignoreLabel, source } = data;
  const [count, views, width] = inputs.shape;
  const rows = width === undefined ? 1 : views!;
  if (Object.keys(data.extras).length > 0) fail("head", "received extras; features have none.", "mismatch");
  const flat: HostArray = width === undefined ? inputs : { ...inputs, shape: [count! * views!, width] };
  const size = targets.data.length / count!;
  const repeated = zeros([count! * rows, ...targets.shape.slice(1)], targets.dtype);
  for (let i = 0; i < count! * rows; i++) {
    for (let j = 0; j < size; j++) repeated.data[i * size + j] = targets.data[Math.floor(i / rows) * size + j]!;
  }
  // A prediction has an axis for its one output.
  const column = classes === undefined && targets.shape.length === 1;
  return dataset({
    inputs: flat,
    targets: column ? { ...repeated, shape: [count! * rows, 1] } : repeated,
    targetNames,
    source,
    ...(classes && { classes }),
    ...(ignoreLabel !== undefined && { ignoreLabel }),
  });
}

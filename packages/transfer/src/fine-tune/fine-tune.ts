// Fine-tuning: from a probe on, block after block from the top, as long as it pays.
import {
  adam,
  crossEntropy,
  type FitOptions,
  fit,
  fitChecks,
  frozenExcept,
  groups,
  init,
  type Layer,
  mse,
  predict,
  sequential,
  type TrainedModel,
  trainedModelCheck,
  type Variables,
} from "@hooke/core";
import { type Dataset, datasetCheck, metrics } from "@hooke/data";
import {
  checkArgument,
  checkOptions,
  checks,
  fail,
  type HostArray,
  type Key,
  randomKey,
  record,
  treeLeaves,
} from "@hooke/runtime";
import { checkVarying, targetsOf } from "../linear/rows.ts";
import { type ImageFeaturesConfig, imageFeatures } from "../model/image-features.ts";

/** Options of {@link fineTune}. */
export interface FineTuneOptions extends Pick<FitOptions, "backend" | "seed" | "signal" | "callbacks" | "augment"> {
  /** What `withHead` made of a backbone and a probe, or a head. */
  readonly model: TrainedModel;
  /** Images. The validation part decides what is kept: rows that the probe has not seen, or nothing can be better than the probe. */
  readonly data: { readonly train: Dataset; readonly validation: Dataset };
  /** How many blocks of the backbone are released, one more in each stage, from the top. Default 1. */
  readonly blocks?: number;
  /** Epochs of each stage. Default 10. */
  readonly epochs?: number;
  /** Default 16. */
  readonly batchSize?: number;
  /** Of the head. Default 1e-3. */
  readonly learningRate?: number;
  /** The factor of the learning rate from the head to the first block, and from each block to the one below. Default 0.3. */
  readonly ratio?: number;
}

/** A stage of {@link fineTune}; the first is the model as it was given. */
export interface Stage {
  /** Paths of the blocks that were trained besides the head. */
  readonly released: readonly string[];
  /** On the validation part: r2 (the mean over the targets), or accuracy. */
  readonly score: number;
}

/** What {@link fineTune} found. */
export interface FineTuned {
  /** That of the stage with the best score; of equal ones the earlier. */
  readonly model: TrainedModel;
  /** Its place among the stages; 0 where fine-tuning did not pay. */
  readonly best: number;
  readonly stages: readonly Stage[];
}

/**
 * Fine-tunes a backbone from the top. A stage begins with the best model so far, releases one block more, trains the head and what is released
 * with learning rates that fall with depth, and keeps its best epoch by the validation loss. What is not released stays as it is, running statistics
 * too. A head that fits the features already, as a probe's does, keeps the first steps from spoiling them (Kumar et al., "Fine-Tuning can
 * Distort Pretrained Features and Underperform Out-of-Distribution", ICLR 2022).
 *
 * Images go through it one view at a time; `augment` turns them. Its model predicts with the views of the one that was given.
 *
 * @throws on a model that `withHead` did not make, on more blocks than it has, on a validation part whose targets are all the same, and the signal's reason if it is aborted
 */
export async function fineTune(options: FineTuneOptions): Promise<FineTuned> {
  checkOptions<FineTuneOptions>("fineTune", options, {
    required: {
      backend: (value) => (typeof value === "object" && value !== null ? undefined : "a backend"),
      seed: checks.wholeNumber,
      model: trainedModelCheck,
      data: (value) => datasetCheck((value as { train?: unknown } | null)?.train),
    },
    optional: {
      signal: fitChecks.signal,
      callbacks: checks.list,
      augment: (value) => (typeof value === "function" ? undefined : "a function of a batch"),
      blocks: checks.count,
      epochs: checks.count,
      batchSize: checks.count,
      learningRate: checks.positive,
      ratio: checks.positive,
    },
  });
  const {
    model: given,
    data,
    blocks = 1,
    learningRate = 1e-3,
    ratio = 0.3,
    epochs = 10,
    batchSize = 16,
    ...rest
  } = options;
  checkArgument("fineTune", "data.validation", data.validation, datasetCheck);
  const { signal } = rest;
  const { network, head } = partsOf(given.layer);
  const paths = blocksOf(network, given.inputShape);
  if (blocks > paths.length) {
    fail("fineTune", `received ${blocks} blocks; the backbone has ${paths.length}: ${paths.join(", ")}.`, "mismatch");
  }
  const { classes } = targetsOf("fineTune", data.train);
  const judged = targetsOf("fineTune", data.validation);
  if (classes === undefined) checkVarying("fineTune", data.validation, judged);
  const whole = sequential({ features: imageFeatures({ layer: network }), head });
  const [train, validation] = [data.train, data.validation].map(withColumns) as [Dataset, Dataset];
  const scoreOf = (model: TrainedModel): Promise<number> => scored(model, validation, options);
  let best: TrainedModel = given;
  const stages: Stage[] = [{ released: [], score: await scoreOf(given) }];
  let kept = 0;
  for (let count = 1; count <= blocks; count++) {
    const released = paths.slice(0, count).map((path) => `features.layer.${path}`);
    const result = await fit({
      ...rest,
      model: frozenExcept(whole, ["head", ...released]),
      data: { train, validation },
      loss: classes === undefined ? mse() : crossEntropy(),
      optimizer: groups(
        released.map((path, i) => ({ paths: `${path}.**`, optimizer: adam(), learningRateFactor: ratio ** (i + 1) })),
        adam(),
      ),
      learningRate,
      epochs,
      batchSize,
      variables: best.variables,
      ...(given.preprocessing && { preprocessing: given.preprocessing }),
    });
    signal?.throwIfAborted();
    const { variables } = (result.best ?? result).model;
    const tuned = { ...given, variables };
    const score = await scoreOf(tuned);
    stages.push({ released: released.map((path) => path.slice("features.layer.".length)), score });
    if (score > stages[kept]!.score) [best, kept] = [tuned, count];
  }
  return { model: best, best: kept, stages };
}

async function scored(model: TrainedModel, data: Dataset, { backend, signal }: FineTuneOptions): Promise<number> {
  const predictions = await predict(model, data, { backend, batchSize: 32, ...(signal && { signal }) });
  return (data.classes === undefined ? metrics.r2 : metrics.accuracy).compute(predictions, data.targets);
}

/** Targets with an axis for the one output. */
function withColumns(data: Dataset): Dataset {
  const { targets, classes, count } = data;
  return classes === undefined && targets.shape.length === 1
    ? { ...data, targets: { ...targets, shape: [count, 1] } }
    : data;
}

/** The backbone's network and the head of a model that `withHead` made. */
function partsOf(layer: Layer): { readonly network: Layer; readonly head: Layer } {
  const { features, head } = layer.config as Partial<Record<"features" | "head", Layer>>;
  const inner = features?.type === "frozen" ? (features.config as Layer) : undefined;
  if (layer.type !== "sequential" || inner?.type !== "imageFeatures" || head === undefined) {
    fail("fineTune", `received a model (${layer.type}) of another making; give what withHead(backbone, head) returns.`);
  }
  return { network: (inner as Layer<ImageFeaturesConfig>).config.layer, head: head! };
}

/** Paths of the blocks that a network is made of and that have parameters, from the top; inside of the only one, its own. */
function blocksOf(network: Layer, inputShape: TrainedModel["inputShape"]): string[] {
  const make = (key: Key): Variables => init(network, inputShape, key);
  const { params } = record(make as never, randomKey(0)).result as unknown as Variables<HostArray>;
  const paths = treeLeaves<HostArray>(params).map(({ path }) => path.split("."));
  for (let depth = 1; ; depth++) {
    const inside = [
      ...new Set(paths.filter((path) => path.length > depth).map((path) => path.slice(0, depth).join("."))),
    ];
    if (inside.length !== 1 || paths.some((path) => path.length <= depth + 1)) return inside.reverse();
  }
}

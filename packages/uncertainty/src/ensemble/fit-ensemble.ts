// Training an ensemble: all members at once, each on rows in an order of its own.
import {
  constant,
  type FitOptions,
  fitChecks,
  initialize,
  inputShapeOf,
  lossFor,
  lossWeights,
  type TrainedModel,
} from "@hooke/core";
import { reopening } from "@hooke/core/recovery";
import {
  type BatchOptions,
  batchCount,
  batches,
  type Dataset,
  datasetCheck,
  datasetInPrecision,
  preprocess,
  takeRows,
  trainingWarnings,
  withoutTransforms,
} from "@hooke/data";
import { checkArgument, checkOptions, checks, createPauses, fail, type HostArray, zeros } from "@hooke/runtime";
import { functionCheck } from "../checks.ts";
import { createMembers, type MemberBatch, type MembersCopy } from "./members.ts";

/** Milliseconds of training at least between two copies of what the members hold. */
const betweenCopies = 10_000;

/** Options of {@link fitEnsemble}: those of `fit` that all members share. */
export interface FitEnsembleOptions
  extends Pick<
    FitOptions,
    | "backend"
    | "model"
    | "loss"
    | "penalty"
    | "optimizer"
    | "epochs"
    | "batchSize"
    | "seed"
    | "learningRate"
    | "preprocessing"
    | "shuffle"
    | "lastBatch"
    | "signal"
  > {
  /** The training part, in memory. */
  readonly data: { readonly train: Dataset };
  /** From 2. Default 5. */
  readonly members?: number;
  /** Called after every epoch, with the mean loss of each member in it. */
  readonly onEpoch?: (event: {
    readonly epoch: number;
    readonly epochs: number;
    readonly losses: readonly number[];
  }) => void;
}

/** What {@link fitEnsemble} returns. */
export interface Ensemble {
  /** A trained model for each member, with the preprocessing of all. */
  readonly models: readonly TrainedModel[];
  /** Mean losses, `[epochs][members]`. */
  readonly history: readonly (readonly number[])[];
  /** What deserves a look in the data, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Trains the members of a deep ensemble (Lakshminarayanan, Pritzel and Blundell, NeurIPS 2017) together, in one program: member `m` is what `fit` makes of the seed
 * `seed + m`, to rounding. It begins with weights of its own and meets the rows in an order of its own.
 *
 * Small networks gain most, whose steps cost more around the arithmetic than in it; each member's convolutions are groups of one large one, which gains
 * nothing. Where the backend loses its device and can open it again, what it held is computed again. Validation, checkpoints and callbacks are those of `fit`: where they are needed, `predictMembers` takes models that were trained one by one.
 *
 * @throws what `fit` throws; on an ensemble of one; if the loss of a member is not finite, with its number; the signal's reason if it is aborted
 * @example
 * ```ts
 * import { adam, dense, mse, sequential } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { array, referenceBackend } from "@hooke/runtime";
 * import { fitEnsemble, mixtureOf, predictMembers } from "@hooke/uncertainty";
 *
 * const backend = referenceBackend();
 * const train = dataset({ inputs: array([[0], [1], [2]]), targets: array([[1], [3], [5]]) });
 * const { models } = await fitEnsemble({ backend, model: sequential([dense({ units: 4, activation: "tanh" }), dense({ units: 1 })]),
 *   data: { train }, loss: mse(), optimizer: adam(), learningRate: 0.03, epochs: 40, batchSize: 3, seed: 0, members: 3 });
 * const { modelDeviation } = mixtureOf(await predictMembers(models, array([[1], [9]]), { backend }));
 * console.log(models.length, modelDeviation.data[1]! > modelDeviation.data[0]!); // 3 true
 * ```
 */
export async function fitEnsemble(options: FitEnsembleOptions): Promise<Ensemble> {
  checkFitEnsemble(options);
  const { backend, model, data, epochs, batchSize, seed, members = 5, learningRate, signal, onEpoch } = options;
  const { shuffle = true, lastBatch = "keep", preprocessing = withoutTransforms(data.train) } = options;
  const loss = lossFor(options.loss, preprocessing.classes);
  const rows = datasetInPrecision(preprocess(preprocessing, data.train), data.train.dtype);
  const weights = lossWeights(rows, loss)?.given;
  const inputShape = inputShapeOf(rows.inputs, rows.extras);
  const seeds = Array.from({ length: members }, (_, member) => seed + member);
  const { optimizer, penalty } = options;
  const spec = { model, loss, optimizer, predicted: preprocessing, ...(penalty && { penalty }) };
  const schedule = typeof learningRate === "number" ? constant(learningRate) : learningRate;
  const sizes: Omit<BatchOptions, "seed" | "epoch"> = { count: rows.count, batchSize, shuffle, lastBatch };
  const stepsPerEpoch = batchCount(sizes);
  const batchOf = memberBatches(rows, weights);
  const history: number[][] = [];
  const pause = createPauses();
  const trained = await reopening(backend, "fitEnsemble", async () => {
    const starts = [];
    for (const own of seeds) {
      starts.push({ seed: own, variables: await initialize(backend, model, inputShape, own, rows.dtype) });
    }
    return createMembers(backend, spec, starts);
  });

  /** Mean losses of the members over an epoch. */
  const trainEpoch = async (epoch: number): Promise<number[]> => {
    const orders = seeds.map((own) => batches({ ...sizes, seed: own, epoch }));
    const sums = new Float64Array(members);
    for (let batch = 0, step = epoch * stepsPerEpoch + 1; batch < stepsPerEpoch; batch++, step++) {
      signal?.throwIfAborted();
      const rate = schedule.at({ step, epoch, stepsPerEpoch, epochs, history: [] });
      const chosen = orders.map((order) => order[batch]!);
      const { data: losses, shape } = await trained.step(batchOf(chosen), step, rate);
      const width = shape[1] ?? 1;
      for (let member = 0; member < members; member++) {
        const value = losses[member * width]!;
        if (!Number.isFinite(value + (losses[member * width + width - 1] ?? 0)))
          diverged(member, seeds[member]!, step, epoch, value);
        sums[member]! += value * chosen[member]!.length;
      }
      await pause();
    }
    const seen = orders[0]!.reduce((count, { length }) => count + length, 0);
    return [...sums.map((sum) => sum / seen)];
  };

  // What a lost device held is computed again from a copy, which costs little beside the epochs since the last one.
  let copied: { readonly epoch: number; readonly state?: MembersCopy } = { epoch: 0 };
  let next = performance.now() + betweenCopies;
  const safely = <T>(work: () => Promise<T>): Promise<T> =>
    reopening(backend, "fitEnsemble", async (losses) => {
      if (losses > 0) {
        trained.write(copied.state);
        for (let epoch = copied.epoch; epoch < history.length; epoch++) await trainEpoch(epoch);
      }
      return work();
    });
  try {
    while (history.length < epochs) {
      const epoch = history.length;
      const losses = await safely(() => trainEpoch(epoch));
      history.push(losses);
      onEpoch?.({ epoch, epochs, losses });
      if (backend.reopen !== undefined && performance.now() >= next) {
        copied = { epoch: history.length, state: await safely(() => trained.copy()) };
        next = performance.now() + betweenCopies;
      }
    }
    const variables = await safely(() => trained.read());
    return {
      models: variables.map((own) => ({ layer: model, inputShape, variables: own, preprocessing })),
      history,
      warnings: trainingWarnings(data.train, preprocessing),
    };
  } finally {
    trained.free();
  }
}

function checkFitEnsemble(options: FitEnsembleOptions): void {
  const { backend, model, loss, penalty, optimizer, epochs, batchSize, seed, learningRate } = fitChecks;
  const { preprocessing, shuffle, lastBatch, signal } = fitChecks;
  checkOptions<FitEnsembleOptions>("fitEnsemble", options, {
    required: { backend, model, data: fitChecks.data, loss, optimizer, epochs, batchSize, seed, learningRate },
    optional: { penalty, preprocessing, shuffle, lastBatch, signal, members: checks.count, onEpoch: functionCheck },
  });
  checkArgument("fitEnsemble", "the training part", options.data.train, datasetCheck);
  const { validation } = options.data as { readonly validation?: unknown };
  if (validation !== undefined)
    fail(
      "fitEnsemble",
      "received a validation part, which it does not look at; fit does, for one member at a time.",
      "unsupported",
    );
  if (options.members === 1) {
    fail(
      "fitEnsemble",
      "received members: 1, whose spread is 0; an ensemble has two at least, five as a rule.",
      "invalid-argument",
    );
  }
  if ((options.optimizer.accumulation ?? 1) > 1)
    fail(
      "fitEnsemble",
      "received an optimizer that accumulates; give a larger batchSize, or fit the members one by one.",
      "unsupported",
    );
}

/** Batches of all members, in memory that the next of the same size reuses. */
function memberBatches(
  rows: Dataset,
  weights: HostArray | undefined,
): (chosen: readonly Int32Array[]) => MemberBatch<HostArray> {
  const held = new Map<number, MemberBatch<HostArray>>();
  const make = (members: number, size: number, { shape, dtype }: HostArray) =>
    zeros([members, size, ...shape.slice(1)], dtype);
  return (chosen) => {
    const size = chosen[0]!.length;
    const parts = (like: (values: HostArray) => HostArray): MemberBatch<HostArray> => ({
      inputs: like(rows.inputs),
      targets: like(rows.targets),
      ...(weights && { weights: like(weights) }),
      extras: Object.fromEntries(Object.entries(rows.extras).map(([name, values]) => [name, like(values)])),
    });
    const batch = held.get(size) ?? parts((values) => make(chosen.length, size, values));
    held.set(size, batch);
    const fill = (values: HostArray, all: HostArray): void => {
      const width = all.data.length / chosen.length;
      for (const [member, own] of chosen.entries()) {
        const data = all.data.subarray(member * width, (member + 1) * width);
        takeRows(values, own, { shape: all.shape.slice(1), dtype: all.dtype, data } as HostArray);
      }
    };
    fill(rows.inputs, batch.inputs);
    fill(rows.targets, batch.targets);
    if (weights !== undefined) fill(weights, batch.weights!);
    for (const [name, values] of Object.entries(rows.extras)) fill(values, batch.extras[name]!);
    return batch;
  };
}

function diverged(member: number, seed: number, step: number, epoch: number, loss: number): never {
  return fail(
    "fitEnsemble",
    `the loss of member ${member} is ${loss} in update ${step} (epoch ${epoch}). Lower the learning rate, clip gradients or standardize the data; ` +
      `fit with the seed ${seed} trains this member alone and says where it comes from.`,
    "non-finite",
  );
}

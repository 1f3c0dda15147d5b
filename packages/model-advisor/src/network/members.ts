// What networks as methods have in common: members that are begun and fed differently learn from an array of rows, and what they say is averaged.
import { foldsOf, type LearnContext, randomFrom, type Samples, spreadOf } from "@hooke/baselines";
import { adamw, crossEntropy, fit, type Layer, mse, type Schedule, type TrainedModel } from "@hooke/core";
import { type Dataset, dataset, take } from "@hooke/data";
import { checks, fail, type HostArray } from "@hooke/runtime";

/** How networks are trained. */
export interface TrainingOptions {
  /** Networks that are begun and fed differently, and whose predictions are averaged. */
  readonly members?: number;
  /** Updates of each, of 32 rows. */
  readonly updates?: number;
  /** Default 0.002. */
  readonly learningRate?: number;
  /** Decay of weights beside it. Default 0.01. */
  readonly weightDecay?: number;
}

export const trainingChecks = {
  members: checks.count,
  updates: checks.count,
  learningRate: checks.positive,
  weightDecay: checks.nonNegative,
};

/** What is learned from, and by what. */
export interface Lesson {
  readonly who: string;
  readonly samples: Samples;
  /** `[rows, ...]`. */
  readonly inputs: HostArray;
  /** A network with so many outputs. */
  readonly model: (outputs: number) => Layer;
  readonly options: TrainingOptions & Required<Pick<TrainingOptions, "members" | "updates">>;
  readonly context: LearnContext;
}

/** What outputs mean. */
export type Readout = {
  /** Of numbers: what outputs are multiplied by, and what is added. */
  readonly mean: number;
  readonly scale: number;
  /** Of classes: how many; 0 of numbers. */
  readonly classes: number;
};

const batchSize = 32;

/** Trains all members; of each a tenth of the rows, whole groups of them, is held out and says which epoch is kept. @throws without a backend */
export async function trainMembers(
  lesson: Lesson,
): Promise<{ readonly models: readonly TrainedModel[]; readonly readout: Readout }> {
  const { who, samples, options, context } = lesson;
  if (context.backend === undefined) {
    fail(who, "computes on a backend: fit(table, target, { backend: wasmBackend() }).", "unavailable");
  }
  const { target } = samples;
  const { mean, scale } = target.type === "number" ? spreadOf(target.values, samples.weights) : { mean: 0, scale: 1 };
  const readout = { mean, scale: scale || 1, classes: target.type === "class" ? target.classes.length : 0 };
  const data = datasetOf(lesson, readout);
  const models: TrainedModel[] = [];
  for (let member = 0; member < options.members; member++) models.push(await trained(lesson, data, readout, member));
  return { models, readout };
}

async function trained(lesson: Lesson, data: Dataset, { classes }: Readout, member: number): Promise<TrainedModel> {
  const { who, samples, model, options, context } = lesson;
  const { members, updates, learningRate = 0.002, weightDecay = 0.01 } = options;
  const { train, test } = foldsOf(who, samples, 10, context.key, `member ${member}`)[0]!;
  const size = Math.min(batchSize, train.length);
  const epochs = Math.max(1, Math.round((updates * size) / train.length));
  let done = 0;
  const total = epochs * Math.ceil(train.length / size);
  const weighing = samples.weights && Float32Array.from(train, (row) => samples.weights![row]!);
  const { best, model: last } = await fit({
    backend: context.backend!,
    model: model(Math.max(1, classes)),
    data: {
      train: take(data, train),
      validation: take(data, test),
      ...(weighing && { sampleWeights: { shape: [train.length], dtype: "f32", data: weighing } as HostArray }),
    },
    loss: classes > 0 ? crossEntropy() : mse(),
    optimizer: adamw({ weightDecay }),
    learningRate: falling(learningRate, total),
    epochs,
    batchSize: size,
    seed: randomFrom(context.key, "network", member).below(2 ** 31),
    callbacks: [
      {
        onStep: () => {
          done++;
          const fraction = (member + done / total) / members;
          return context.pause(() => ({
            fraction,
            text: `network ${member + 1} of ${members}, update ${done} of ${total}`,
          }));
        },
      },
    ],
  });
  return best?.model ?? last;
}

/** It falls to 0 along half a cosine: the last epochs settle. */
const falling = (from: number, updates: number): Schedule => ({
  type: "falling",
  config: { from, updates },
  at: ({ step }) => 0.5 * from * (1 + Math.cos((Math.PI * Math.min(step, updates)) / updates)),
});

function datasetOf({ samples: { target }, inputs }: Lesson, { mean, scale }: Readout): Dataset {
  if (target.type === "class") {
    const { classes, values } = target;
    return dataset({ inputs, targets: { shape: [values.length], dtype: "i32", data: values }, classes, dtype: "f32" });
  }
  const data = target.values.map((value) => (value - mean) / scale);
  return dataset({ inputs, targets: { shape: [data.length, 1], dtype: "f64", data }, dtype: "f32" });
}

/** What members say together. @param outputs of each member, `[rows, outputs]`, before a softmax */
export function predictionOf(outputs: readonly ArrayLike<number>[], { mean, scale, classes }: Readout): Float64Array {
  if (classes > 0) return meanProbabilities(outputs, classes);
  return Float64Array.from(outputs[0]!, (_, i) => {
    const average = outputs.reduce((sum, each) => sum + each[i]!, 0) / outputs.length;
    return mean + scale * average;
  });
}

function meanProbabilities(outputs: readonly ArrayLike<number>[], classes: number): Float64Array {
  const mean = new Float64Array(outputs[0]!.length);
  for (const logits of outputs) {
    for (let from = 0; from < logits.length; from += classes) {
      const row = Array.from({ length: classes }, (_, c) => logits[from + c]!);
      const most = Math.max(...row);
      const total = row.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
      for (let c = 0; c < classes; c++) mean[from + c]! += Math.exp(row[c]! - most) / total / outputs.length;
    }
  }
  return mean;
}

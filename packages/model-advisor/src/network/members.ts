// What networks as methods have in common: members that are begun and fed differently learn from an array of rows, and what they say is averaged.
import {
  type Form,
  foldsOf,
  forms,
  type LearnContext,
  randomFrom,
  type Samples,
  type State,
  spreadOf,
} from "@hooke/baselines";
import { adamw, crossEntropy, fit, type Layer, type Schedule, type TrainedModel } from "@hooke/core";
import { type Dataset, dataset, take } from "@hooke/data";
import { checks, fail, type HostArray } from "@hooke/runtime";
import { heads, type Said, saidBy, type Uncertainty, uncertainties } from "./heads.ts";

/** How networks are trained. */
export interface TrainingOptions {
  /** Networks that are begun and fed differently, and whose predictions are averaged. */
  readonly members?: number;
  /**
   * How the networks say how sure they are of a number. `"ensemble"`: members differ, the more the less they know, and targets scatter about them as on rows that
   * were held out; 5 members where `members` does not say. `"gaussian"`: each says the variance beside the mean. `"quantiles"`: each says the median, which is
   * predicted, and the quantiles 0.05 and 0.95, which need not be as far from it. What is believed is not yet true: `conformal` gives it the width that holds.
   * Default `"ensemble"` of as many members as there are; one alone knows its scatter, which is the same everywhere.
   */
  readonly uncertainty?: Uncertainty;
  /** Updates of each, of 32 rows. */
  readonly updates?: number;
  /** Default 0.002. */
  readonly learningRate?: number;
  /** Decay of weights beside it. Default 0.01. */
  readonly weightDecay?: number;
}

export const trainingChecks = {
  members: checks.count,
  uncertainty: (value: unknown) => checks.oneOf(value, uncertainties),
  updates: checks.count,
  learningRate: checks.positive,
  weightDecay: checks.nonNegative,
};

/** What options of a network may not be together. */
export function trainingFault({ members, uncertainty }: TrainingOptions): string | undefined {
  return uncertainty === "ensemble" && members === 1
    ? 'received members: 1 for uncertainty: "ensemble", which is how members differ; give 2 at least, 5 is usual.'
    : undefined;
}

/** How many members there are. @param usual where nothing is said */
export const membersIn = ({ members, uncertainty }: TrainingOptions, usual: number): number =>
  members ?? (uncertainty === "ensemble" ? 5 : usual);

/** What is learned from, and by what. */
export interface Lesson {
  readonly who: string;
  readonly samples: Samples;
  /** `[rows, ...]`, or rows with extras, whose targets are not looked at. */
  readonly inputs: HostArray | Dataset;
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
  readonly uncertainty: Uncertainty;
  /** Standard deviation of targets about a member, on the rows that it did not learn from, over `scale`; 0 of classes. */
  readonly noise: number;
};

/** Forms of the parts of a readout. */
export const readoutForms = () => ({
  mean: forms.number,
  scale: forms.number,
  classes: forms.number,
  uncertainty: forms.oneOf(uncertainties),
  noise: forms.number,
});

/** Expects the variables of each member. */
export const membersForm = (): Form<readonly State[]> =>
  forms.list(forms.record({ params: forms.tree, state: forms.tree }) as Form<State>);

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
  const { uncertainty = "ensemble" } = options;
  const classes = target.type === "class" ? target.classes.length : 0;
  const readout = { mean, scale: scale || 1, classes, uncertainty };
  if (classes > 0 && options.uncertainty !== undefined) {
    const cure = `leave uncertainty: "${uncertainty}" out`;
    fail(who, `predicts classes here, whose probabilities say how sure it is; ${cure}.`, "mismatch");
  }
  const data = datasetOf(lesson, readout);
  const members: Trained[] = [];
  for (let member = 0; member < options.members; member++) members.push(await trained(lesson, data, readout, member));
  const square = members.reduce((sum, { error }) => sum + error, 0) / members.length;
  const noise = classes === 0 && uncertainty === "ensemble" ? Math.max(leastNoise, Math.sqrt(square)) : 0;
  return { models: members.map(({ model }) => model), readout: { ...readout, noise } };
}

/** Over the spread of the targets: of a member that hits every row held out. */
const leastNoise = 1e-3;

interface Trained {
  readonly model: TrainedModel;
  /** The loss on the rows held out. */
  readonly error: number;
}

async function trained(
  lesson: Lesson,
  data: Dataset,
  { classes, uncertainty }: Omit<Readout, "noise">,
  member: number,
): Promise<Trained> {
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
    model: model(outputCount({ classes, uncertainty })),
    data: {
      train: take(data, train),
      validation: take(data, test),
      ...(weighing && { sampleWeights: { shape: [train.length], dtype: "f32", data: weighing } as HostArray }),
    },
    loss: classes > 0 ? crossEntropy() : heads[uncertainty].loss(),
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
  // Rows are held out, so that there is a best epoch, but where every loss is NaN.
  return { model: best?.model ?? last, error: best?.value ?? Number.NaN };
}

/** Of the last layer. */
export const outputCount = ({ classes, uncertainty }: Pick<Readout, "classes" | "uncertainty">): number =>
  classes > 0 ? classes : heads[uncertainty].outputs;

/** It falls to 0 along half a cosine: the last epochs settle. */
const falling = (from: number, updates: number): Schedule => ({
  type: "falling",
  config: { from, updates },
  at: ({ step }) => 0.5 * from * (1 + Math.cos((Math.PI * Math.min(step, updates)) / updates)),
});

function datasetOf(
  { samples: { target }, inputs: given }: Lesson,
  { mean, scale }: Pick<Readout, "mean" | "scale">,
): Dataset {
  const { inputs, extras, batchExtras }: Partial<Dataset> & Pick<Dataset, "inputs"> =
    "shape" in given ? { inputs: given } : given;
  const rows = { inputs, ...(extras && { extras }), dtype: "f32" } as const;
  const withUnion = (data: Dataset): Dataset => (batchExtras ? { ...data, batchExtras } : data);
  if (target.type === "class") {
    const { classes, values } = target;
    const labels = { shape: [values.length], dtype: "i32", data: values } as const;
    return withUnion(dataset({ ...rows, targets: labels, classes }));
  }
  const data = target.values.map((value) => (value - mean) / scale);
  return withUnion(dataset({ ...rows, targets: { shape: [data.length, 1], dtype: "f64", data } }));
}

/** What members say together. @param outputs of each member, `[rows, outputs]`, before a softmax */
export function predictionOf(outputs: readonly ArrayLike<number>[], readout: Readout): Float64Array {
  return readout.classes > 0 ? meanProbabilities(outputs, readout.classes) : saidOf(outputs, readout).values;
}

/** What members say together of numbers, in the unit of the target. */
export function saidOf(outputs: readonly ArrayLike<number>[], { mean, scale, uncertainty, noise }: Readout): Said {
  const { values, below, above } = saidBy(uncertainty, outputs, noise);
  return {
    values: values.map((value) => mean + scale * value),
    below: below.map((value) => scale * value),
    above: above.map((value) => scale * value),
  };
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

// Networks that look at steps of sequences, as a method.

import { sequenceTransformer } from "@hooke/attention";
import {
  type Design,
  defineMethod,
  designForm,
  designMatrix,
  fitDesign,
  forms,
  type Input,
  type Inputs,
  type State,
  sequenceArray,
} from "@hooke/baselines";
import { activation, batchNorm, dense, type Layer, sequential, type Variables } from "@hooke/core";
import { conv1d, globalAveragePool } from "@hooke/layers-conv";
import { lstm } from "@hooke/layers-seq";
import { checks, type HostArray } from "@hooke/runtime";
import { type Scales, scaled, scalesForm, scalesOf } from "./channels.ts";
import { believedBounds, believedDeviation } from "./heads.ts";
import { outputsOf } from "./layered.ts";
import {
  membersForm,
  membersIn,
  outputCount,
  predictionOf,
  type Readout,
  readoutForms,
  saidOf,
  type TrainingOptions,
  trainingChecks,
  trainingFault,
  trainMembers,
} from "./members.ts";

const convolutions = (outputs: number): Layer =>
  sequential([
    ...[
      { filters: 16, kernelSize: 7, stride: 2 },
      { filters: 32, kernelSize: 5 },
      { filters: 32, kernelSize: 3 },
    ].flatMap((config) => [conv1d({ ...config, bias: false }), batchNorm(), activation("relu")]),
    globalAveragePool(),
    dense({ units: outputs }),
  ]);

const models = {
  convolution: convolutions,
  lstm: (outputs: number): Layer =>
    sequential([lstm({ hiddenSize: 32, returns: "last", forgetBias: 1 }), dense({ units: outputs })]),
  transformer: (outputs: number): Layer =>
    sequenceTransformer({ outputs, width: 32, heads: 4, blocks: 2, feedForwardSize: 64 }),
} as const;

/** What reads the steps. */
export const sequenceNetworkKinds = ["convolution", "lstm", "transformer"] as const;

/** Options of {@link sequenceNetwork}. Default one member, 600 updates. */
export interface SequenceNetworkOptions extends TrainingOptions {
  /** `"convolution"`: three along the steps, and the average over them. `"lstm"`: 32 states. `"transformer"`: two blocks of width 32. */
  readonly kind: (typeof sequenceNetworkKinds)[number];
  /** Steps at most: longer sequences are shortened, by means. Default 128 of convolutions, 64 of the others. */
  readonly steps?: number;
}

/** What is learned. */
export type SequenceNetworkState = {
  readonly members: readonly State[];
  readonly steps: Scales;
  /** Of what belongs to the row; null where that is nothing, or the same in every row. */
  readonly design: Design | null;
  readonly readout: Readout;
};

const stepsOf = ({ kind, steps = kind === "convolution" ? 128 : 64 }: SequenceNetworkOptions): number => steps;

/**
 * A network that reads sequences step by step, trained by AdamW, with a tenth of the rows held out to say which epoch is kept. Sequences are columns as for
 * `randomKernels`; what stands in other columns, and how long sequences are, it is told at every step. It computes on a backend:
 * `fit(table, target, { backend })`.
 *
 * @throws where no columns are a sequence
 */
export const sequenceNetwork = /* @__PURE__ */ defineMethod({
  name: "sequenceNetwork",
  tasks: ["regression", "classification"],
  options: {
    required: { kind: (value) => checks.oneOf(value, sequenceNetworkKinds) },
    optional: { ...trainingChecks, steps: checks.count },
  },
  check: trainingFault,
  learn: async (samples, options: SequenceNetworkOptions, context): Promise<SequenceNetworkState> => {
    const { kind, updates = 600 } = options;
    const { values, beside } = sequenceArray(samples, stepsOf(options));
    const steps = scalesOf(values);
    const design = varies(beside) ? fitDesign("sequenceNetwork", { ...samples, columns: beside }, context.warn) : null;
    const { models: trained, readout } = await trainMembers({
      who: "sequenceNetwork",
      samples,
      inputs: told(scaled(values, steps), design, { columns: beside, rowCount: samples.rowCount }),
      model: models[kind],
      options: { ...options, members: membersIn(options, 1), updates },
      context,
    });
    return { members: trained.map(({ variables }) => variables as unknown as State), steps, design, readout };
  },
  form: () =>
    forms.record({
      members: membersForm(),
      steps: scalesForm(),
      design: forms.either(forms.absent, designForm()),
      readout: forms.record(readoutForms()),
    }),
  predict: (state, inputs, options) => predictionOf(outputsIn(state, inputs, options), state.readout),
  bounds: (state, inputs, level, options) =>
    believedBounds(saidOf(outputsIn(state, inputs, options), state.readout), level),
  deviation: (state, inputs, options) => believedDeviation(saidOf(outputsIn(state, inputs, options), state.readout)),
});

/** Of each member. */
function outputsIn(
  { members, steps, design, readout }: SequenceNetworkState,
  inputs: Inputs,
  options: SequenceNetworkOptions,
): Float64Array[] {
  const { values, beside } = sequenceArray(inputs, stepsOf(options));
  const rows = told(scaled(values, steps), design, { columns: beside, rowCount: inputs.rowCount });
  const model = models[options.kind](outputCount(readout));
  return members.map((variables) => outputsOf(model, variables as unknown as Variables<HostArray>, rows));
}

const varies = (columns: readonly Input[]): boolean =>
  columns.some(({ values }) => values.some((value) => !Object.is(value, values[0])));

/** Steps, beside each of which stands what belongs to the row. */
function told(steps: HostArray, design: Design | null, beside: Inputs): HostArray {
  if (design === null) return steps;
  const [rows, count, channels] = steps.shape as [number, number, number];
  const [own, width] = [designMatrix(design, beside), design.names.length];
  const data = new Float64Array(rows * count * (channels + width));
  for (let step = 0; step < rows * count; step++) {
    const row = Math.floor(step / count);
    data.set((steps.data as Float64Array).subarray(step * channels, (step + 1) * channels), step * (channels + width));
    data.set(own.subarray(row * width, (row + 1) * width), step * (channels + width) + channels);
  }
  return { shape: [rows, count, channels + width], dtype: "f64", data };
}

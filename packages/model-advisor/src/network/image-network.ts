// Networks that look at pixels, as a method.
import { defineMethod, forms, type Inputs, imagePixels, type State } from "@hooke/baselines";
import { activation, batchNorm, dense, type Layer, sequential, type Variables } from "@hooke/core";
import { conv2d, globalAveragePool, maxPool2d } from "@hooke/layers-conv";
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

/** Options of {@link imageNetwork}. Default one member, 600 updates. */
export interface ImageNetworkOptions extends TrainingOptions {
  /** Filters of the convolutions, each of which halves the sides. Default `[8, 16, 32]`. */
  readonly filters?: readonly number[];
}

/** What is learned. */
export type ImageNetworkState = {
  readonly members: readonly State[];
  readonly pixels: Scales;
  readonly readout: Readout;
};

const modelOf = (filters: readonly number[], outputs: number): Layer =>
  sequential([
    ...filters.flatMap((count) => [
      conv2d({ filters: count, kernelSize: 3, bias: false }),
      batchNorm(),
      activation("relu"),
      maxPool2d({ kernelSize: 2, padding: "same" }),
    ]),
    globalAveragePool(),
    dense({ units: outputs }),
  ]);

/**
 * A convolutional network of pixels: 3x3 convolutions with batch normalisation, relu and maximum pooling, the average over the image, a dense layer; trained
 * by AdamW, with a tenth of the rows held out to say which epoch is kept. Its inputs are the pixels of `imageTable`, and nothing else. It computes on a
 * backend: `fit(table, target, { backend })`.
 *
 * @throws where an input is no pixel
 */
export const imageNetwork = /* @__PURE__ */ defineMethod({
  name: "imageNetwork",
  tasks: ["regression", "classification"],
  options: {
    optional: {
      ...trainingChecks,
      filters: (value) =>
        Array.isArray(value) && value.length > 0 && value.every((count) => checks.count(count) === undefined)
          ? undefined
          : "numbers of filters, such as [8, 16, 32]",
    },
  },
  check: trainingFault,
  learn: async (samples, options: ImageNetworkOptions, context): Promise<ImageNetworkState> => {
    const { filters = [8, 16, 32], updates = 600 } = options;
    const images = imagePixels(samples);
    const pixels = scalesOf(images);
    const { models, readout } = await trainMembers({
      who: "imageNetwork",
      samples,
      inputs: scaled(images, pixels),
      model: (outputs) => modelOf(filters, outputs),
      options: { ...options, members: membersIn(options, 1), updates },
      context,
    });
    return { members: models.map(({ variables }) => variables as unknown as State), pixels, readout };
  },
  form: () => forms.record({ members: membersForm(), pixels: scalesForm(), readout: forms.record(readoutForms()) }),
  predict: (state, inputs, options) => predictionOf(outputsIn(state, inputs, options), state.readout),
  bounds: (state, inputs, level, options) =>
    believedBounds(saidOf(outputsIn(state, inputs, options), state.readout), level),
  deviation: (state, inputs, options) => believedDeviation(saidOf(outputsIn(state, inputs, options), state.readout)),
});

/** Of each member. */
function outputsIn(
  { members, pixels, readout }: ImageNetworkState,
  inputs: Inputs,
  { filters = [8, 16, 32] }: ImageNetworkOptions,
): Float64Array[] {
  const images = scaled(imagePixels(inputs), pixels);
  const model = modelOf(filters, outputCount(readout));
  return members.map((variables) => outputsOf(model, variables as unknown as Variables<HostArray>, images));
}

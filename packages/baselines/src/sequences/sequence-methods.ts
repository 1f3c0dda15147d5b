// Methods for sequences: what other methods learn from features of them, and from what random kernels say of them.
import { type Check, checks } from "@hooke/runtime";
import { logistic } from "../linear/logistic.ts";
import { ridge } from "../linear/ridge.ts";
import { defineMethod, isMethod } from "../method/define-method.ts";
import { type Form, forms } from "../method/form.ts";
import type { LearnContext, Method } from "../method/method.ts";
import { randomFrom } from "../method/random.ts";
import type { Input, Inputs, Samples } from "../method/samples.ts";
import type { State } from "../method/state.ts";
import { featureNames, featuresOf } from "./features.ts";
import { drawKernels, type Kernels, kernelsForm, shareAbove, someKernels } from "./kernels.ts";
import { type Layout, layoutOf, numberInput, othersOf, sequenceLayout, sequencesOf } from "./steps.ts";

/** Options that methods for sequences share. */
export interface SequenceOptions {
  /** What learns from the features. Default `ridge()` of numbers, `logistic()` of classes. */
  readonly method?: Method;
}

/** Options of {@link randomKernels}. */
export interface KernelOptions extends SequenceOptions {
  /** How many are drawn. Default 1000. */
  readonly kernels?: number;
}

/** Options of {@link sequenceFeatures}. */
export interface FeatureOptions extends SequenceOptions {
  /** Waves over the length of a sequence: amplitudes of 1 to so many are features. Default 8. */
  readonly frequencies?: number;
}

/** What methods for sequences have learned. */
export type SequenceState = {
  readonly isClasses: boolean;
  /** Of the method that learned from the features. */
  readonly inner: State;
  readonly kernels: Kernels | null;
};

const methodCheck: Check = (value) => (isMethod(value) ? undefined : "a method, such as randomForest()");

const tasks = ["regression", "classification"] as const;

/**
 * Random convolution kernels and a linear model, or another method, of the shares of steps at which each says more than its bias: for shapes wherever
 * they are in the sequence. 1,000 kernels, 200 sequences of 150 steps: some tenths of a second.
 *
 * Sequences are columns whose names end in the number of their step, `"load 0"`, `"load 1"` ... (see `sequenceTable`), nine or more; of several names there
 * are several channels. Cells that are missing at the end make a sequence shorter, gaps are bridged by straight lines. Other columns go to the
 * method as they are.
 *
 * @throws where no columns are a sequence
 */
export const randomKernels = /* @__PURE__ */ defineMethod({
  name: "randomKernels",
  tasks,
  options: { optional: { method: methodCheck, kernels: checks.count } },
  learn: async (samples, { method, kernels: count = 1000 }: KernelOptions, context): Promise<SequenceState> => {
    const layout = sequenceLayout("randomKernels", samples);
    const rows = channelRows(layout, samples);
    const random = randomFrom(context.key, "kernels");
    const drawn = drawKernels(count, (row) => rows.map((channel) => channel[row]!), samples.rowCount, random);
    const kept: number[] = [];
    const said: Float64Array[] = [];
    for (let k = 0; k < count; k++) {
      const pausing = context.pause(() => ({ fraction: (0.8 * k) / count, text: `kernel ${k + 1} of ${count}` }));
      if (pausing !== undefined) await pausing;
      const shares = sharesOf(drawn, k, rows, samples.rowCount);
      if (shares.every((share) => share === shares[0])) continue;
      kept.push(k);
      said.push(shares);
    }
    const kernels = someKernels(drawn, kept);
    const columns = [...said.map((shares, k) => numberInput(`kernel ${k}`, shares)), ...beside(layout, rows, samples)];
    return { ...(await learnFrom(samples, columns, method, context)), kernels };
  },
  form: ({ method }) => sequenceForm(method, kernelsForm()),
  predict: (state: SequenceState, inputs, { method }) => {
    const layout = layoutOf(inputs);
    const rows = channelRows(layout, inputs);
    const kernels = state.kernels!;
    const columns = Array.from(kernels.dilations, (_, k) =>
      numberInput(`kernel ${k}`, sharesOf(kernels, k, rows, inputs.rowCount)),
    );
    return predictFrom(state, inputs, [...columns, ...beside(layout, rows, inputs)], method);
  },
});

/**
 * Features that have names, and a method that learns from them: moments, extremes and where they are, slope, roughness, crossings, peaks,
 * amplitudes of waves, length. Sequences are columns as for `randomKernels`.
 *
 * @throws where no columns are a sequence
 */
export const sequenceFeatures = /* @__PURE__ */ defineMethod({
  name: "sequenceFeatures",
  tasks,
  options: { optional: { method: methodCheck, frequencies: checks.wholeNumber } },
  learn: async (samples, { method, frequencies = 8 }: FeatureOptions, context): Promise<SequenceState> => {
    const layout = sequenceLayout("sequenceFeatures", samples);
    return {
      ...(await learnFrom(samples, featureColumns(layout, samples, frequencies), method, context)),
      kernels: null,
    };
  },
  form: ({ method }) => sequenceForm(method, forms.absent),
  predict: (state: SequenceState, inputs, { method, frequencies = 8 }) =>
    predictFrom(state, inputs, featureColumns(layoutOf(inputs), inputs, frequencies), method),
});

/** By channel and row. */
const channelRows = ({ channels }: Layout, inputs: Inputs): Float64Array[][] =>
  channels.map((channel) => sequencesOf(channel, inputs));

const sharesOf = (kernels: Kernels, k: number, rows: readonly Float64Array[][], count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, row) =>
    shareAbove(
      kernels,
      k,
      rows.map((channel) => channel[row]!),
    ),
  );

/** What kernels do not see: the level of each channel, and what belongs to the row. */
function beside(layout: Layout, rows: readonly Float64Array[][], inputs: Inputs): Input[] {
  const levels = layout.channels.map(({ name }, c) => {
    const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    return numberInput(`mean of ${name}`, Float64Array.from(rows[c]!, mean));
  });
  return [...levels, ...othersOf(layout, inputs)];
}

function featureColumns(layout: Layout, inputs: Inputs, frequencies: number): Input[] {
  const columns = layout.channels.flatMap((channel) => {
    const features = sequencesOf(channel, inputs).map((values) => featuresOf(values, frequencies));
    return featureNames(frequencies).map((name, f) =>
      numberInput(
        `${name} of ${channel.name}`,
        Float64Array.from(features, (row) => row[f]!),
      ),
    );
  });
  return [...columns, ...othersOf(layout, inputs)];
}

const innerOf = (method: Method | undefined, isClasses: boolean): Method =>
  method ?? ((isClasses ? logistic() : ridge()) as unknown as Method);

/** Expects what a method for sequences learned. @param kernels those of the method */
const sequenceForm =
  (method: Method | undefined, kernels: Form<Kernels | null>): Form<SequenceState> =>
  (value, path) => {
    const { isClasses } = (value ?? {}) as Partial<SequenceState>;
    const inner = forms.learned(innerOf(method, isClasses === true));
    return forms.record({ isClasses: forms.flag, inner, kernels })(value, path);
  };

async function learnFrom(
  samples: Samples,
  columns: readonly Input[],
  method: Method | undefined,
  context: LearnContext,
): Promise<Omit<SequenceState, "kernels">> {
  const isClasses = samples.target.type === "class";
  const inner = await innerOf(method, isClasses).learn({ ...samples, columns }, context);
  return { isClasses, inner };
}

const predictFrom = (
  { isClasses, inner }: SequenceState,
  { rowCount }: Inputs,
  columns: readonly Input[],
  method: Method | undefined,
): Float64Array => innerOf(method, isClasses).predict(inner, { columns, rowCount });

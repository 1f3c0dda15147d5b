// A network as a method: a multilayer perceptron that is measured, chosen and kept like every other candidate.
import { type Design, defineMethod, designForm, designMatrix, fitDesign, forms, type Inputs } from "@hooke/baselines";
import { dense, sequential } from "@hooke/core";
import { checks, type HostArray, type Tree, treeLeaves } from "@hooke/runtime";
import { believedBounds, believedDeviation } from "./heads.ts";
import {
  membersIn,
  predictionOf,
  type Readout,
  readoutForms,
  saidOf,
  type TrainingOptions,
  trainingChecks,
  trainingFault,
  trainMembers,
} from "./members.ts";

/** Options of {@link network}. By default 3 members and 3000 updates. */
export interface NetworkOptions extends TrainingOptions {
  /** Units of the hidden layers, with rectified linear units between them. Default `[64, 64]`. */
  readonly hidden?: readonly number[];
}

/** Layers of a network: kernels `[inputs, units]` row by row, and biases. */
export type Weights = { readonly kernels: readonly Float32Array[]; readonly biases: readonly Float32Array[] };

/** What is learned. */
export type NetworkState = Readout & {
  readonly design: Design;
  readonly members: readonly Weights[];
};

/**
 * A multilayer perceptron on scaled inputs, trained by AdamW; of each member a tenth of the rows, whole groups of them, is held out and says which epoch is
 * kept. It computes on a backend: `fit(table, target, { backend })`. On tables of some hundred rows it seldom wins.
 *
 * @example
 * ```ts
 * import { wasmBackend } from "@hooke/backend-wasm";
 * import { tableOf } from "@hooke/data";
 * import { network } from "@hooke/model-advisor/network";
 *
 * const x = Array.from({ length: 100 }, (_, i) => i / 50 - 1);
 * const table = tableOf({ x, y: x.map((value) => Math.sin(3 * value)) });
 * const fitted = await network({ members: 1, updates: 600 }).fit(table, "y", { backend: wasmBackend() });
 * console.log(Math.abs(fitted.predict(tableOf({ x: [0.5] })).values[0]! - Math.sin(1.5)) < 0.1); // true
 * ```
 */
export const network = /* @__PURE__ */ defineMethod({
  name: "network",
  tasks: ["regression", "classification"],
  options: {
    optional: {
      hidden: (value) =>
        Array.isArray(value) && value.length > 0 && value.every((units) => checks.count(units) === undefined)
          ? undefined
          : "units of hidden layers, such as [64, 64]",
      ...trainingChecks,
    },
  },
  check: trainingFault,
  learn: async (samples, options: NetworkOptions, context): Promise<NetworkState> => {
    const { hidden = [64, 64], updates = 3000 } = options;
    const design = fitDesign("network", samples, context.warn);
    const { models, readout } = await trainMembers({
      who: "network",
      samples,
      inputs: { shape: [samples.rowCount, design.names.length], dtype: "f64", data: designMatrix(design, samples) },
      model: (outputs) =>
        sequential([...hidden.map((units) => dense({ units, activation: "relu" })), dense({ units: outputs })]),
      options: { ...options, members: membersIn(options, 3), updates },
      context,
    });
    return { design, members: models.map(({ variables }) => weightsOf(variables.params)), ...readout };
  },
  form: () =>
    forms.record({
      design: designForm(),
      members: forms.list(forms.record({ kernels: forms.list(forms.f32), biases: forms.list(forms.f32) })),
      ...readoutForms(),
    }),
  predict: (state, inputs) => predictionOf(outputsOf(state, inputs), state),
  bounds: (state, inputs, level) => believedBounds(saidOf(outputsOf(state, inputs), state), level),
  deviation: (state, inputs) => believedDeviation(saidOf(outputsOf(state, inputs), state)),
});

/** Of each member. */
function outputsOf({ design, members }: NetworkState, inputs: Inputs): Float64Array[] {
  const rows = designMatrix(design, inputs);
  return members.map((member) => forward(member, rows, design.names.length));
}

/** Kernels and biases in the order of the layers. */
function weightsOf(params: Tree<HostArray>): Weights {
  const leaves = treeLeaves<HostArray>(params);
  const named = (name: string): Float32Array[] =>
    leaves
      .filter(({ path }) => path.endsWith(name))
      .sort((a, b) => Number(/\d+/.exec(a.path)?.[0]) - Number(/\d+/.exec(b.path)?.[0]))
      .map(({ value }) => Float32Array.from(value.data));
  return { kernels: named("kernel"), biases: named("bias") };
}

/** Outputs of rows, `[rows, outputs]`, before a softmax. */
function forward({ kernels, biases }: Weights, rows: Float64Array, width: number): Float64Array {
  let [values, inputs] = [rows, width];
  for (const [layer, kernel] of kernels.entries()) {
    const bias = biases[layer]!;
    const units = bias.length;
    const next = new Float64Array((values.length / inputs) * units);
    for (let row = 0; row * inputs < values.length; row++) {
      for (let unit = 0; unit < units; unit++) next[row * units + unit] = bias[unit]!;
      for (let input = 0; input < inputs; input++) {
        const value = values[row * inputs + input]!;
        if (value === 0) continue;
        for (let unit = 0; unit < units; unit++) next[row * units + unit]! += value * kernel[input * units + unit]!;
      }
    }
    [values, inputs] = [layer < kernels.length - 1 ? next.map((value) => Math.max(0, value)) : next, units];
  }
  return values;
}

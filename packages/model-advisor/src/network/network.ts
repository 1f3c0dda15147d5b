// A network as a method: a multilayer perceptron that is measured, chosen and kept like every other candidate.
import {
  type ClassTarget,
  type Design,
  defineMethod,
  designMatrix,
  fitDesign,
  foldsOf,
  type Inputs,
  type LearnContext,
  randomFrom,
  type Samples,
  spreadOf,
  takeSamples,
} from "@hooke/baselines";
import { adamw, crossEntropy, dense, fit, type Layer, mse, type Schedule, sequential } from "@hooke/core";
import { type Dataset, dataset } from "@hooke/data";
import { checks, fail, type HostArray, type Tree, treeLeaves } from "@hooke/runtime";

/** Options of {@link network}. */
export interface NetworkOptions {
  /** Units of the hidden layers, with rectified linear units between them. Default `[64, 64]`. */
  readonly hidden?: readonly number[];
  /** Networks that are begun and fed differently, and whose predictions are averaged. Default 3. */
  readonly members?: number;
  /** Updates of each, of 32 rows. Default 3000. */
  readonly updates?: number;
  /** Default 0.002. */
  readonly learningRate?: number;
  /** Decay of weights beside it. Default 0.01. */
  readonly weightDecay?: number;
}

/** Layers of a network: kernels `[inputs, units]` row by row, and biases. */
export type Weights = { readonly kernels: readonly Float32Array[]; readonly biases: readonly Float32Array[] };

/** What is learned. */
export type NetworkState = {
  readonly design: Design;
  readonly members: readonly Weights[];
  /** Of numbers: what predictions are multiplied by, and what is added. */
  readonly mean: number;
  readonly scale: number;
  /** Of classes: how many; 0 of numbers. */
  readonly classes: number;
};

const batchSize = 32;

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
      members: checks.count,
      updates: checks.count,
      learningRate: checks.positive,
      weightDecay: checks.nonNegative,
    },
  },
  learn: async (samples, options: NetworkOptions, context): Promise<NetworkState> => {
    const { members = 3 } = options;
    if (context.backend === undefined) {
      fail("network", "computes on a backend: fit(table, target, { backend: wasmBackend() }).", "unavailable");
    }
    const design = fitDesign("network", samples, context.warn);
    const { target } = samples;
    const spread = target.type === "number" ? spreadOf(target.values, samples.weights) : { mean: 0, scale: 1 };
    const { mean } = spread;
    const scale = spread.scale || 1;
    const learned: Weights[] = [];
    for (let member = 0; member < members; member++) {
      learned.push(await trained({ samples, design, mean, scale, options, context, member, members }));
    }
    return { design, members: learned, mean, scale, classes: target.type === "class" ? target.classes.length : 0 };
  },
  predict: ({ design, members, mean, scale, classes }, inputs: Inputs) => {
    const rows = designMatrix(design, inputs);
    const outputs = members.map((member) => forward(member, rows, design.names.length));
    const average = outputs[0]!.map((_, i) => outputs.reduce((sum, each) => sum + each[i]!, 0) / outputs.length);
    return classes === 0 ? average.map((value) => mean + scale * value) : meanProbabilities(outputs, classes);
  },
});

interface Member {
  readonly samples: Samples;
  readonly design: Design;
  readonly mean: number;
  readonly scale: number;
  readonly options: NetworkOptions;
  readonly context: LearnContext;
  readonly member: number;
  readonly members: number;
}

async function trained({ samples, design, mean, scale, options, context, member, members }: Member): Promise<Weights> {
  const { hidden = [64, 64], updates = 3000, learningRate = 0.002, weightDecay = 0.01 } = options;
  const { train, test } = foldsOf("network", samples, 10, context.key, `member ${member}`)[0]!;
  const part = (rows: Int32Array): Dataset => datasetOf(takeSamples(samples, rows), design, mean, scale);
  const outputs = samples.target.type === "class" ? samples.target.classes.length : 1;
  const model: Layer = sequential([
    ...hidden.map((units) => dense({ units, activation: "relu" })),
    dense({ units: outputs }),
  ]);
  const size = Math.min(batchSize, train.length);
  const epochs = Math.max(1, Math.round((updates * size) / train.length));
  let done = 0;
  const total = epochs * Math.ceil(train.length / size);
  const weighing = samples.weights && Float32Array.from(train, (row) => samples.weights![row]!);
  const { best, model: last } = await fit({
    backend: context.backend!,
    model,
    data: {
      train: part(train),
      validation: part(test),
      ...(weighing && { sampleWeights: { shape: [train.length], dtype: "f32", data: weighing } as HostArray }),
    },
    loss: samples.target.type === "class" ? crossEntropy() : mse(),
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
  return weightsOf((best?.model ?? last).variables.params);
}

/** It falls to 0 along half a cosine: the last epochs settle. */
const falling = (from: number, updates: number): Schedule => ({
  type: "falling",
  config: { from, updates },
  at: ({ step }) => 0.5 * from * (1 + Math.cos((Math.PI * Math.min(step, updates)) / updates)),
});

function datasetOf({ target, ...rows }: Samples, design: Design, mean: number, scale: number): Dataset {
  const width = design.names.length;
  const inputs: HostArray = { shape: [rows.rowCount, width], dtype: "f64", data: designMatrix(design, rows) };
  if (target.type === "class") {
    const { classes, values } = target as ClassTarget;
    return dataset({ inputs, targets: { shape: [values.length], dtype: "i32", data: values }, classes, dtype: "f32" });
  }
  const data = target.values.map((value) => (value - mean) / scale);
  return dataset({ inputs, targets: { shape: [data.length, 1], dtype: "f64", data }, dtype: "f32" });
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

function meanProbabilities(outputs: readonly Float64Array[], classes: number): Float64Array {
  const mean = new Float64Array(outputs[0]!.length);
  for (const logits of outputs) {
    for (let from = 0; from < logits.length; from += classes) {
      const row = logits.subarray(from, from + classes);
      const most = Math.max(...row);
      const total = row.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
      for (let c = 0; c < classes; c++) mean[from + c]! += Math.exp(row[c]! - most) / total / outputs.length;
    }
  }
  return mean;
}

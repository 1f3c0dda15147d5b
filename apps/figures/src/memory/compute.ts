// How a recurrent network and attention reach back to an overload: slopes, gates and weights, step by step.
import { attentionWeightsOf, singleHeadAttention } from "@hooke/attention";
import { wasmBackend } from "@hooke/backend-wasm";
import {
  adam,
  apply,
  applyTapped,
  dense,
  fit,
  initialize,
  type Layer,
  mse,
  sequential,
  type Variables,
} from "@hooke/core";
import { dataset } from "@hooke/data";
import { lastStep, lstm } from "@hooke/layers-seq";
import {
  add,
  array,
  type Backend,
  fold,
  type HostArray,
  jacobian,
  matmul,
  mean,
  pad,
  randomKey,
  reshape,
  run,
  sigmoid,
  sliceAxis,
  type Tensor,
  type Tree,
  uniform,
} from "@hooke/runtime";
import type { Computing } from "../computing.ts";

export interface Reading {
  /** Steps of the history. */
  readonly length: number;
  /** Of the overload: a hundredth part of the history. */
  readonly place: number;
  /** What the biases of the forget gates start from. */
  readonly forgetBias: number;
  /** Whether they have been taught, in 480 updates, to tell how high the overload was. */
  readonly trained: boolean;
}

/** By step. */
export interface Found {
  readonly loads: readonly number[];
  /** Index of the overload. */
  readonly at: number;
  /** Slope of what is said at the end with the load of each step. */
  readonly slopes: { readonly lstm: readonly number[]; readonly attention: readonly number[] };
  /** Means over the units, from 0 (closed) to 1 (open). */
  readonly gates: {
    readonly input: readonly number[];
    readonly forget: readonly number[];
    readonly output: readonly number[];
  };
  /** What the last step looks at; they sum to 1. */
  readonly weights: readonly number[];
  /** What they say the overload was. It was 1.8. */
  readonly said: { readonly lstm: number; readonly attention: number };
}

const units = 8;
const overload = 1.8;

const readers = {
  lstm: (forgetBias: number): Layer =>
    sequential([lstm({ hiddenSize: units, forgetBias }), lastStep(), dense({ units: 1 })]),
  attention: (): Layer =>
    sequential([
      dense({ units, activation: "relu" }),
      singleHeadAttention({ units, bias: true }),
      lastStep(),
      dense({ units: 1 }),
    ]),
};

/** Small loads with one large one put among them: wherever it stands, the others keep their order. */
const withOverload = (small: readonly number[], at: number, height: number): readonly number[] => [
  ...small.slice(0, at),
  height,
  ...small.slice(at),
];

const draws = async (backend: Backend, count: number, name: string): Promise<readonly number[]> =>
  Array.from((await run(backend, () => uniform(fold(randomKey(0), name), [count], { dtype: "f64" }))).data);

export async function compute(
  { length, place, forgetBias, trained }: Reading,
  { signal, show }: Computing<Found>,
): Promise<Found> {
  const backend = wasmBackend();
  const at = Math.min(Math.round((place / 100) * length), length - 2);
  const small = (await draws(backend, length - 1, "small")).map((value) => 0.5 * value);
  const loads = withOverload(small, at, overload);
  const x = array(loads, { shape: [1, length, 1], dtype: "f64" });
  const look = async (models: Record<keyof typeof readers, Variables<HostArray>>): Promise<Found> => {
    const [recurrent, attending] = await Promise.all([
      run(backend, readLstm, models.lstm.params as Params, x),
      run(backend, readAttention, models.attention.params as Params, x),
    ]);
    const gates = Array.from(recurrent.gates.data);
    const gate = (index: number): readonly number[] => loads.map((_, step) => gates[4 * step + index]!);
    return {
      loads,
      at,
      slopes: { lstm: Array.from(recurrent.slopes.data), attention: Array.from(attending.slopes.data) },
      gates: { input: gate(0), forget: gate(1), output: gate(3) },
      weights: Array.from(attending.weights.data),
      said: { lstm: recurrent.said.data[0]!, attention: attending.said.data[0]! },
    };
  };
  const row = [length, 1];
  const starts = {
    lstm: await initialize(backend, readers.lstm(forgetBias), row, 0, "f64"),
    attention: await initialize(backend, readers.attention(), row, 0, "f64"),
  };
  const before = await look(starts);
  if (!trained) return before;
  show(before);
  const train = await histories(backend, length);
  const taught = async (name: keyof typeof readers): Promise<Variables<HostArray>> => {
    const { model } = await fit({
      backend,
      model: readers[name](forgetBias),
      data: { train },
      loss: mse(),
      optimizer: adam(),
      learningRate: 0.02,
      batchSize: 32,
      epochs: 60,
      seed: 0,
      variables: starts[name],
      signal,
    });
    return model.variables;
  };
  return look({ lstm: await taught("lstm"), attention: await taught("attention") });
}

/** 256 of them, with overloads of 1 to 2 anywhere but in the last step. */
async function histories(backend: Backend, length: number) {
  const rows = 256;
  const small = await draws(backend, rows * length, "histories");
  const [places, heights] = [await draws(backend, rows, "places"), await draws(backend, rows, "heights")];
  const all = heights.flatMap((height, row) => {
    const own = small.slice(row * length, (row + 1) * length - 1).map((value) => 0.5 * value);
    return withOverload(own, Math.floor(places[row]! * (length - 1)), 1 + height);
  });
  return dataset({
    inputs: array(all, { shape: [rows, length, 1], dtype: "f64" }),
    targets: array(
      heights.map((height) => 1 + height),
      { shape: [rows, 1], dtype: "f64" },
    ),
  });
}

type Params = Readonly<Record<string, never>>;

const variablesOf = (params: object): Variables => ({ params: params as Tree<Tensor>, state: {} });

/** How what is said changes with each step, `[length]`. */
const slopesOf = (said: (x: Tensor) => Tensor, x: Tensor): Tensor => reshape(jacobian(said)(x), [x.shape[1]!]);

function readLstm(params: object, x: Tensor) {
  const model = readers.lstm(0);
  const variables = variablesOf(params);
  const { output, taps } = applyTapped(model, variables, x, { taps: ["0"] });
  const { kernel, recurrentKernel, bias } = (params as Record<string, Record<string, Record<string, Tensor>>>)["0"]!
    .layer0!;
  const length = x.shape[1]!;
  const hidden = pad(sliceAxis(reshape(taps["0"]!, [length, units]), 0, 0, length - 1), [1, 0], [0, 0]);
  const sums = add(add(matmul(reshape(x, [length, 1]), kernel!), matmul(hidden, recurrentKernel!)), bias!);
  return {
    said: output,
    slopes: slopesOf((at) => apply(model, variables, at).output, x),
    gates: mean(reshape(sigmoid(sums), [length, 4, units]), { axes: 2 }),
  };
}

function readAttention(params: object, x: Tensor) {
  const model = readers.attention();
  const variables = variablesOf(params);
  const { output, reports } = apply(model, variables, x);
  const length = x.shape[1]!;
  const weights = attentionWeightsOf(reports, "1");
  return {
    said: output,
    slopes: slopesOf((at) => apply(model, variables, at).output, x),
    weights: reshape(sliceAxis(weights, 1, length - 1, length), [length]),
  };
}

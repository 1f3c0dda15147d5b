// Recurrent layers: passes above each other, in one or both directions, with dropout in between.
import {
  checkSequence,
  defineLayer,
  dropout,
  type Layer,
  type LayerContext,
  type LayerFactory,
  type Layers,
  lastStepOf,
  sequenceLengths,
} from "@hooke/core";
import { checks, concat, sliceAxis, squeeze, type Tensor } from "@hooke/runtime";
import type { ResetGate } from "./cells.ts";
import { activationCheck, gruPass, lstmPass, type PassConfig, resetGateCheck, rnnPass } from "./pass.ts";

/** Options of all recurrent layers. */
export interface RecurrentConfig {
  /** Size of each direction's state. */
  readonly hiddenSize: number;
  /** Passes above each other. Default 1. */
  readonly layers?: number;
  /** Whether each layer also runs backwards; outputs stand beside each other, forward first. Default false. */
  readonly bidirectional?: boolean;
  /** Rate of dropout between layers, not after the last one. Default 0. */
  readonly dropout?: number;
  /**
   * `"sequence"`: the output of every step, `[batch, time, size]`; `"last"`: that of the last valid step, `[batch, size]`, of
   * the backward direction that of the first step, which it reaches last. Default `"sequence"`.
   */
  readonly returns?: "sequence" | "last";
}

/** Options of {@link lstm}. */
export interface LstmConfig extends RecurrentConfig {
  /**
   * What the forget gate's bias starts from, in every layer and direction. Default: drawn as the other biases, as in PyTorch;
   * Keras starts it at 1 (Jozefowicz, Zaremba and Sutskever, ICML 2015). A gate that is to keep the state over `T` steps takes
   * about `log(T)`.
   */
  readonly forgetBias?: number;
}

/** Options of {@link gru}. */
export interface GruConfig extends RecurrentConfig {
  /**
   * Where the reset gate acts: on the product, `r (h U + c)`, as in cuDNN, PyTorch and Keras (`reset_after=True`, ONNX
   * `linear_before_reset=1`), or on the state before it, `(r h) U`, as in the paper (`reset_after=False`, ONNX's default). Weights trained
   * for one are wrong for the other. Default `"afterProduct"`.
   */
  readonly resetGate?: ResetGate;
}

/** Options of {@link rnn}. */
export interface RnnConfig extends RecurrentConfig {
  /** Default `"tanh"`. */
  readonly activation?: "tanh" | "relu";
}

const required = { hiddenSize: checks.count };
const optional = {
  layers: checks.count,
  bidirectional: checks.flag,
  dropout: checks.fraction,
  returns: (value: unknown) => checks.oneOf(value, ["sequence", "last"]),
};

function passesOf(config: RecurrentConfig, make: (config: PassConfig) => Layer): Layers {
  const { hiddenSize, layers = 1, bidirectional = false, dropout: rate = 0 } = config;
  const passes: Record<string, Layer> = {};
  for (let i = 0; i < layers; i++) {
    passes[`layer${i}`] = make({ hiddenSize });
    if (bidirectional) passes[`layer${i}Reverse`] = make({ hiddenSize, reverse: true });
    if (rate > 0 && i < layers - 1) passes[`dropout${i}`] = dropout({ rate });
  }
  return passes;
}

type RecurrentContext = LayerContext<RecurrentConfig, Record<never, never>, never, Layers>;

function runPasses({ config, children, extras: { lengths } }: RecurrentContext, x: Tensor): Tensor {
  checkSequence(x, "[batch, time, features]");
  const { layers = 1, bidirectional = false, returns = "sequence" } = config;
  const known = sequenceLengths(lengths, x);
  let value = x;
  for (let i = 0; i < layers; i++) {
    const forward = children[`layer${i}`]!(value);
    const backward = bidirectional ? children[`layer${i}Reverse`]!(value) : undefined;
    if (i === layers - 1 && returns === "last") {
      const last = lastStepOf(forward, known);
      return backward === undefined ? last : concat([last, squeeze(sliceAxis(backward, 1, 0, 1), 1)], 1);
    }
    value = backward === undefined ? forward : concat([forward, backward], 2);
    value = children[`dropout${i}`]?.(value) ?? value;
  }
  return value;
}

/**
 * Long short-term memory: `[batch, time, features]` to `[batch, time, size]` or `[batch, size]`, where size is `hiddenSize`,
 * twice that if bidirectional. Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation, 1997; with the forget
 * gate of Gers, Schmidhuber and Cummins, "Learning to forget", 2000.
 *
 * By default one layer in one direction, without dropout, that returns the sequence.
 *
 * Sequences of different lengths: the extra `lengths`, `i32[batch]`; outputs after the end are 0, the state stays, and what
 * stands there, even NaN, reaches nothing. A length above the number of steps counts as all of them, and one of 0 leaves the
 * state it began with.
 *
 * Initial and final states are what is carried, of both directions: `layer0.hidden`, `layer0.cell`, `layer0Reverse.hidden`,
 * ..., each `[batch, hiddenSize]`. Streaming in one direction: carry back what `apply` carried, and steps given one by one give
 * the bits of the whole sequence.
 *
 * Parameters of each layer and direction (`layer0`, `layer0Reverse`, `layer1`, ...), gates in the order input, forget, cell,
 * output: `kernel [features, 4 hiddenSize]`, `recurrentKernel [hiddenSize, 4 hiddenSize]`, `bias [4 hiddenSize]`, which is the
 * sum of PyTorch's two. They start uniform within `1 / sqrt(hiddenSize)`, but for `forgetBias`.
 *
 * @throws on anything but sequences of floats; on lengths that are not one for each row, and carried states of another shape;
 *   on no steps where the last is to be returned
 */
export const lstm: LayerFactory<LstmConfig> = /* @__PURE__ */ defineLayer({
  type: "lstm",
  options: { required, optional: { ...optional, forgetBias: checks.finite } },
  children: (config: LstmConfig) => {
    const { forgetBias } = config;
    return passesOf(config, (pass) => lstmPass({ ...pass, ...(forgetBias !== undefined && { forgetBias }) }));
  },
  apply: runPasses,
});

/**
 * Gated recurrent unit: `[batch, time, features]` to `[batch, time, size]` or `[batch, size]`, where size is `hiddenSize`, twice
 * that if bidirectional. Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine
 * translation", EMNLP 2014; by default in cuDNN's and PyTorch's form, where the reset gate acts on `h U + c`.
 *
 * Defaults, lengths, errors and streaming are those of {@link lstm}; `layer0.hidden`, ... are carried.
 *
 * Parameters of each layer and direction, gates in the order reset, update, new: `kernel [features, 3 hiddenSize]`,
 * `recurrentKernel [hiddenSize, 3 hiddenSize]`, `bias [3 hiddenSize]`, and `recurrentBias [hiddenSize]`, the `c` above, which
 * `resetGate: "beforeProduct"` has not. PyTorch's two biases are their sum in `bias`, but for the new gate, whose second one is
 * `recurrentBias`. Keras and ONNX have the update gate first.
 */
export const gru: LayerFactory<GruConfig> = /* @__PURE__ */ defineLayer({
  type: "gru",
  options: { required, optional: { ...optional, resetGate: resetGateCheck } },
  children: (config: GruConfig) => {
    const { resetGate } = config;
    return passesOf(config, (pass) => gruPass({ ...pass, ...(resetGate !== undefined && { resetGate }) }));
  },
  apply: runPasses,
});

/**
 * Simple recurrent network, `h' = activation(x kernel + bias + h recurrentKernel)`: `[batch, time, features]` to
 * `[batch, time, size]` or `[batch, size]`, where size is `hiddenSize`, twice that if bidirectional. Elman, "Finding structure in
 * time", Cognitive Science, 1990.
 *
 * Defaults, lengths, errors and streaming are those of {@link lstm}; `layer0.hidden`, ... are carried.
 *
 * Parameters of each layer and direction: `kernel [features, hiddenSize]`, `recurrentKernel [hiddenSize, hiddenSize]`,
 * `bias [hiddenSize]`, which is the sum of PyTorch's two.
 */
export const rnn: LayerFactory<RnnConfig> = /* @__PURE__ */ defineLayer({
  type: "rnn",
  options: { required, optional: { ...optional, activation: activationCheck } },
  children: (config: RnnConfig) => {
    const { activation } = config;
    return passesOf(config, (pass) => rnnPass({ ...pass, ...(activation !== undefined && { activation }) }));
  },
  apply: runPasses,
});

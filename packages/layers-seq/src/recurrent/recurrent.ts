// Recurrent layers: passes above each other, in one or both directions, with dropout in between.
import { checks, defineLayer, dropout, type Layer, type LayerFactory } from "@hooke/core";
import { concat, convert, equal, iota, mul, reshape, sliceAxis, squeeze, sub, sum, type Tensor } from "@hooke/runtime";
import { gruPass, lengthsOf, lstmPass, type RnnPassConfig, rnnPass, timeOf } from "./pass.ts";

/** Options of {@link lstm} and {@link gru}. */
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
   * `"sequence"`: the output of every step, `[batch, time, size]`; `"last"`: that of the last valid step, `[batch, size]`, of the backward
   * direction that of the first step, which it reaches last. Default `"sequence"`.
   */
  readonly returns?: "sequence" | "last";
}

/** Options of {@link rnn}. */
export interface RnnConfig extends RecurrentConfig {
  /** Default `"tanh"`. */
  readonly activation?: "tanh" | "relu";
}

const optional = {
  layers: checks.count,
  bidirectional: checks.flag,
  dropout: checks.fraction,
  returns: (value: unknown) => checks.oneOf(value, ["sequence", "last"]),
};

/** The output of each sequence's last valid step. */
function lastStep(outputs: Tensor, lengths: Tensor | undefined): Tensor {
  const time = outputs.shape[1]!;
  if (lengths === undefined) return squeeze(sliceAxis(outputs, 1, time - 1, time), 1);
  const last = reshape(sub(lengths, 1), [lengths.shape[0]!, 1, 1]);
  const chosen = convert(equal(iota([1, time, 1], 1, lengths.dtype), last), outputs.dtype);
  return sum(mul(outputs, chosen), { axes: 1 });
}

function recurrent<C extends RnnConfig>(type: string, pass: LayerFactory<RnnPassConfig>, own: object): LayerFactory<C> {
  return defineLayer({
    type,
    options: { required: { hiddenSize: checks.count }, optional: { ...optional, ...own } } as never,
    children: (config: RnnConfig) => {
      const { hiddenSize, layers = 1, bidirectional = false, dropout: rate = 0, activation } = config;
      const make = (reverse: boolean): Layer =>
        pass({ hiddenSize, ...(reverse && { reverse }), ...(activation !== undefined && { activation }) });
      const entries = Array.from({ length: layers }, (_, i): [string, Layer][] => [
        [`layer${i}`, make(false)],
        ...(bidirectional ? [[`layer${i}Reverse`, make(true)] as [string, Layer]] : []),
        ...(rate > 0 && i < layers - 1 ? [[`dropout${i}`, dropout({ rate })] as [string, Layer]] : []),
      ]).flat();
      return Object.fromEntries(entries) as Readonly<Record<string, Layer>>;
    },
    apply: ({ config, children, extras: { lengths } }, x) => {
      const { layers = 1, bidirectional = false, returns = "sequence" } = config;
      timeOf(x);
      let value = x;
      for (let i = 0; i < layers; i++) {
        const forward = children[`layer${i}`]!(value);
        const backward = bidirectional ? children[`layer${i}Reverse`]!(value) : undefined;
        if (i === layers - 1 && returns === "last") {
          const last = lastStep(forward, lengthsOf(lengths, x.shape[0]!, x.shape[1]!));
          if (backward === undefined) return last;
          return concat([last, squeeze(sliceAxis(backward, 1, 0, 1), 1)], 1);
        }
        value = backward === undefined ? forward : concat([forward, backward], 2);
        value = children[`dropout${i}`]?.(value) ?? value;
      }
      return value;
    },
  }) as unknown as LayerFactory<C>;
}

/**
 * Long short-term memory: `[batch, time, features]` to `[batch, time, size]` or `[batch, size]`, where size is `hiddenSize`, twice that if
 * bidirectional. Hochreiter and Schmidhuber 1997.
 *
 * Sequences of different lengths: `extras.lengths`, `i32[batch]`; outputs after the end are 0, the state stays; a length above the number of
 * steps counts as all of them, and one of 0 leaves the state it began with. Initial and final states are what is carried, of both directions. Streaming in
 * one direction: carry back what
 * `apply` carried (`layer0.hidden`, `layer0.cell`, ...), and steps given one by one give the bits of the whole sequence.
 *
 * Parameters of each layer and direction, gates in the order input, forget, cell, output: `kernel [features, 4 hiddenSize]`,
 * `recurrentKernel [hiddenSize, 4 hiddenSize]`, `bias [4 hiddenSize]`, which is the sum of PyTorch's two.
 */
export const lstm: LayerFactory<RecurrentConfig> = /* @__PURE__ */ recurrent<RecurrentConfig>("lstm", lstmPass, {});

/**
 * Gated recurrent unit, as {@link lstm}. Gates in the order reset, update, new; `recurrentBias [hiddenSize]` is added to the new gate's recurrent
 * part before it is reset, `bias [3 hiddenSize]` holds the sums of PyTorch's other biases. Cho et al. 2014.
 */
export const gru: LayerFactory<RecurrentConfig> = /* @__PURE__ */ recurrent<RecurrentConfig>("gru", gruPass, {});

/** Simple recurrent network, as {@link lstm}: `h' = activation(x kernel + bias + h recurrentKernel)`. Elman 1990. */
export const rnn: LayerFactory<RnnConfig> = /* @__PURE__ */ recurrent<RnnConfig>("rnn", rnnPass, {
  activation: (value: unknown) => checks.oneOf(value, ["tanh", "relu"]),
});

// Causal convolution: each step sees itself and steps before it.
import {
  checkSequence,
  defineLayer,
  dropout,
  type LayerFactory,
  relu,
  sequenceLengths,
  withinLengths,
} from "@hooke/core";
import { add, checks, concat, conv, full, gather, iota, mul, reshape, sliceAxis, type Tensor } from "@hooke/runtime";

/** Options of {@link causalConv1d}. */
export interface CausalConvConfig {
  /** Number of output channels. */
  readonly filters: number;
  /** Steps of the window. */
  readonly kernelSize: number;
  /** Distance between the steps of the window. Default 1. */
  readonly dilation?: number;
}

/**
 * Convolution over a step and those before it: `[batch, time, channels]` to `[batch, time, filters]`. Before the first step
 * there are zeros, or, in streaming, what was carried: `past [batch, dilation (kernelSize - 1), channels]`. van den Oord et al.,
 * "WaveNet: a generative model for raw audio", 2016.
 *
 * Sequences of different lengths: the extra `lengths`, `i32[batch]`. A valid step never sees a later one; what stands after the
 * end, even NaN, reaches nothing, and the last valid steps are carried.
 *
 * Parameters: `kernel [kernelSize, channels, filters]`, `bias [filters]`, both uniform within `1 / sqrt(kernelSize channels)`.
 *
 * @throws on anything but sequences of floats, and on a carried past of another shape
 */
export const causalConv1d: LayerFactory<CausalConvConfig> = /* @__PURE__ */ defineLayer({
  type: "causalConv1d",
  options: { required: { filters: checks.count, kernelSize: checks.count }, optional: { dilation: checks.count } },
  params: ({ filters, kernelSize }: CausalConvConfig, inputShape) => {
    const channels = inputShape.at(-1) ?? 0;
    return {
      kernel: { shape: [kernelSize, channels, filters], initializer: "torchDefault" as const },
      bias: { shape: [filters], initializer: "torchDefault" as const, fanIn: kernelSize * channels },
    };
  },
  apply: ({ config: { kernelSize, dilation = 1 }, params: { kernel, bias }, extras, carried, carry }, x) => {
    checkSequence(x, "[batch, time, channels]");
    const [batch, time, channels] = x.shape as [number, number, number];
    const lengths = sequenceLengths(extras.lengths, x);
    // A derivative would multiply what stands behind the end by 0, and NaN stays NaN.
    const inside = withinLengths(x, lengths);
    const reach = dilation * (kernelSize - 1);
    if (reach === 0) return add(conv(inside, kernel), bias);
    const past = carried("past", full([batch, reach, channels], 0, x.dtype));
    const whole = concat([past, inside], 1);
    carry("past", lengths === undefined ? sliceAxis(whole, 1, time, time + reach) : pastOf(whole, lengths, reach));
    return add(conv(whole, kernel, { dilation: [dilation] }), bias);
  },
});

/** The last steps before the end of each sequence: `[batch, reach + time, channels]` to `[batch, reach, channels]`. */
function pastOf(whole: Tensor, lengths: Tensor, reach: number): Tensor {
  const [batch, steps, channels] = whole.shape as [number, number, number];
  const first = add(mul(iota([batch, 1], 0), steps), reshape(lengths, [batch, 1]));
  return gather(reshape(whole, [batch * steps, channels]), add(first, iota([batch, reach], 1)));
}

/** Options of {@link tcnBlock}. */
export interface TcnBlockConfig extends CausalConvConfig {
  /** Rate of dropout after each convolution. Default 0. */
  readonly dropout?: number;
}

/**
 * A block of a temporal convolutional network: twice causal convolution, relu and dropout, plus the input (through a
 * convolution of window 1 where channels change), relu: `[batch, time, channels]` to `[batch, time, filters]`. By default
 * dilation 1, no dropout. Bai, Kolter and Koltun, "An empirical evaluation of generic convolutional and recurrent networks for
 * sequence modeling", 2018, without weight normalisation.
 *
 * Streaming, lengths and what stands after the end of a sequence are as in {@link causalConv1d}; `conv1.past`, `conv2.past` are carried.
 *
 * Parameters: those of {@link causalConv1d} under `conv1`, `conv2`, and `shortcut` where channels change.
 *
 * @throws on anything but sequences of floats, and on a carried past of another shape
 */
export const tcnBlock: LayerFactory<TcnBlockConfig> = /* @__PURE__ */ defineLayer({
  type: "tcnBlock",
  options: {
    required: { filters: checks.count, kernelSize: checks.count },
    optional: { dilation: checks.count, dropout: checks.fraction },
  },
  children: ({ filters, kernelSize, dilation = 1, dropout: rate = 0 }: TcnBlockConfig) => ({
    conv1: causalConv1d({ filters, kernelSize, dilation }),
    dropout1: dropout({ rate }),
    conv2: causalConv1d({ filters, kernelSize, dilation }),
    dropout2: dropout({ rate }),
    shortcut: causalConv1d({ filters, kernelSize: 1 }),
  }),
  apply: ({ config: { filters }, children: { conv1, dropout1, conv2, dropout2, shortcut } }, x): Tensor => {
    const inner = dropout2(relu(conv2(dropout1(relu(conv1(x))))));
    return relu(add(inner, x.shape.at(-1) === filters ? x : shortcut(x)));
  },
});

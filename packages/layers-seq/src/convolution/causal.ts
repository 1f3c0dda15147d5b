// Causal convolution: each step sees itself and steps before it.
import { checkSequence, defineLayer, dropout, type LayerFactory, relu } from "@hooke/core";
import { add, checks, concat, conv, full, sliceAxis, type Tensor } from "@hooke/runtime";

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
 * It needs no lengths: a valid step never sees a later one. What stands after the end has to be finite all the same, since a
 * derivative multiplies it by 0.
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
  apply: ({ config: { kernelSize, dilation = 1 }, params: { kernel, bias }, carried, carry }, x) => {
    checkSequence(x, "[batch, time, channels]");
    const [batch, time, channels] = x.shape as [number, number, number];
    const reach = dilation * (kernelSize - 1);
    if (reach === 0) return add(conv(x, kernel), bias);
    const past = carried("past", full([batch, reach, channels], 0, x.dtype));
    const whole = concat([past, x], 1);
    carry("past", sliceAxis(whole, 1, time, time + reach));
    return add(conv(whole, kernel, { dilation: [dilation] }), bias);
  },
});

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
 * Streaming and what stands after the end of a sequence are as in {@link causalConv1d}; `conv1.past`, `conv2.past` are carried.
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

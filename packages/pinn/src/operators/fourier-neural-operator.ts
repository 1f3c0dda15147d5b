// The Fourier neural operator: from functions on a grid to functions on the same grid.
import { type Activation, activate, activationCheck, defineLayer, dense, type Layer } from "@hooke/core";
import { add, array, broadcastTo, checks, concat, reshape, type Tensor } from "@hooke/runtime";
import { checkGrid, modesCheck, spectralConvolution } from "./spectral-convolution.ts";

/** Options of {@link fourierNeuralOperator}. */
export interface FourierNeuralOperatorConfig {
  /** How many frequencies count, from the lowest, by spatial axis: `[12]`, `[12, 12]`. */
  readonly modes: readonly number[];
  /** Channels inside. Default 32. */
  readonly width?: number;
  /** Fourier layers. Default 4. */
  readonly layers?: number;
  /** Channels of the output. Default 1. */
  readonly channels?: number;
  /** Units of the layer between the last Fourier layer and the output. Default four times the width. */
  readonly projection?: number;
  /** Default `"gelu"`. */
  readonly activation?: Activation;
}

/**
 * From functions to functions, on a grid of any fineness: `[batch, ...space, inputs]` to `[batch, ...space, channels]`. The places of the grid, from 0 up to 1, are appended to
 * the input, all is lifted to `width` channels, goes through layers `activation(spectral convolution + dense)`, the last without activation, and is projected. Trained
 * with `fit`, as any layer. Li et al., "Fourier neural operator for parametric partial differential equations", ICLR 2021.
 *
 * On another grid than that of the training a model predicts where its shape says so: `predict({ ...model, inputShape: [256, 1] }, inputs, { backend })`.
 *
 * Parameters: those of the layers `lift`, `spectral0`, `local0`, ..., `project`, `output`.
 *
 * @throws on a grid too coarse for the modes, as {@link spectralConvolution}
 * @example
 * ```ts
 * import { summary } from "@hooke/core";
 * import { fourierNeuralOperator } from "@hooke/pinn";
 *
 * const model = fourierNeuralOperator({ modes: [8], width: 16, layers: 2 });
 * console.log(summary(model, [64, 1]).parameters); // 9937
 * ```
 */
export const fourierNeuralOperator = /* @__PURE__ */ defineLayer({
  type: "fourierNeuralOperator",
  options: {
    required: { modes: modesCheck },
    optional: {
      width: checks.count,
      layers: checks.count,
      channels: checks.count,
      projection: checks.count,
      activation: activationCheck,
    },
  },
  children: ({
    modes,
    width = 32,
    layers = 4,
    channels = 1,
    projection = 4 * width,
    activation = "gelu",
  }: FourierNeuralOperatorConfig): Readonly<Record<string, Layer>> => ({
    lift: dense({ units: width }),
    ...Object.fromEntries(
      Array.from({ length: layers }, (_, i) => [
        [`spectral${i}`, spectralConvolution({ channels: width, modes })],
        [`local${i}`, dense({ units: width })],
      ]).flat(),
    ),
    project: dense({ units: projection, activation }),
    output: dense({ units: channels }),
  }),
  apply: ({ config: { modes, layers = 4, activation = "gelu" }, children }, x) => {
    const space = checkGrid(x, modes);
    const places = space.map((size, axis): Tensor => {
      const numbers = array(
        Array.from({ length: size }, (_, i) => i / size),
        { dtype: x.dtype },
      );
      const shape = space.map((_, other) => (other === axis ? size : 1));
      return broadcastTo(reshape(numbers, [1, ...shape, 1]), [...x.shape.slice(0, -1), 1]);
    });
    let value = children.lift!(concat([x, ...places], -1));
    for (let i = 0; i < layers; i++) {
      const sum = add(children[`spectral${i}`]!(value), children[`local${i}`]!(value));
      value = i === layers - 1 ? sum : activate(activation, sum);
    }
    return children.output!(children.project!(value));
  },
});

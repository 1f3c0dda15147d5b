// The chapter's network for histories of crack growth.
import { defineLayer, dense, type LayerFactory } from "@hooke/core";
import { checks } from "@hooke/runtime";
import { lstm } from "./recurrent/recurrent.ts";

/** Options of {@link crackGrowthLSTM}. */
export interface CrackGrowthConfig {
  /** Size of the state. Default 64. */
  readonly hiddenSize?: number;
  /** Default 2. */
  readonly layers?: number;
  /** Between the layers. Default 0.2. */
  readonly dropout?: number;
  /** Number of predicted values. Default 1. */
  readonly outputs?: number;
}

/**
 * An {@link lstm} of two layers of 64 with dropout 0.2 between them, and a dense head on the last valid step:
 * `[batch, time, features]` to `[batch, outputs]`. Hochreiter and Schmidhuber 1997; Gers et al. 2000; dropout between recurrent
 * layers: Zaremba, Sutskever and Vinyals, "Recurrent neural network regularization", 2014.
 *
 * The extra `lengths`, `i32[batch]`, if given, says how many of the first steps count. By default 50,497 parameters for three
 * features; PyTorch counts 51,009, because it keeps two bias vectors (512 numbers more) whose sum alone matters.
 *
 * Parameters: `lstm.layer0`, `lstm.layer1`, ..., `head`.
 *
 * @throws on anything but sequences of floats, on no steps, and on lengths that are not one for each row
 */
export const crackGrowthLSTM: LayerFactory<CrackGrowthConfig> = /* @__PURE__ */ defineLayer({
  type: "crackGrowthLSTM",
  options: {
    optional: { hiddenSize: checks.count, layers: checks.count, dropout: checks.fraction, outputs: checks.count },
  },
  children: ({ hiddenSize = 64, layers = 2, dropout = 0.2, outputs = 1 }: CrackGrowthConfig) => ({
    lstm: lstm({ hiddenSize, layers, dropout, returns: "last" }),
    head: dense({ units: outputs }),
  }),
  apply: ({ children: { lstm, head } }, x) => head(lstm(x)),
});

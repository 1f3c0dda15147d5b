// A gate: one half of the channels decides how much of the other passes.
import { describe, HookeError, mul, sigmoid, sliceAxis } from "@hooke/runtime";
import { defineLayer, type LayerContext, type NoOptions } from "../model/define-layer.ts";

/**
 * Gated linear unit: `a * sigmoid(b)` of the first half of the channels, `a`, and the second, `b`: `[batch, ..., 2 n]` to
 * `[batch, ..., n]`. Dauphin et al., "Language modeling with gated convolutional networks", ICML 2017; `torch.nn.GLU`.
 *
 * @throws on an odd number of channels, and on none
 */
export const glu = /* @__PURE__ */ defineLayer({
  type: "glu",
  options: {},
  apply: (_context: LayerContext<NoOptions>, x) => {
    const channels = x.rank < 2 ? 0 : x.shape.at(-1)!;
    if (channels === 0 || channels % 2 !== 0) {
      throw new HookeError(`expected an even number of channels, the last axis, received ${describe(x)}.`, {
        code: "mismatch",
      });
    }
    const half = channels / 2;
    return mul(sliceAxis(x, -1, 0, half), sigmoid(sliceAxis(x, -1, half, channels)));
  },
});

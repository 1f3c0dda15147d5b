// Two encodings of the input that gates deeper in a network mix: what the modified MLP and PirateNet have in common.
import { defineLayer, type Layer, type LayerContext, layerCheck, type NoOptions } from "@hooke/core";
import { add, describe, HookeError, mul, sameShape, sub, type Tensor } from "@hooke/runtime";

/** Options of {@link encoders}. */
export interface EncodersConfig {
  readonly first: Layer;
  readonly second: Layer;
  /** What the input goes through; its gates mix the two. */
  readonly body: Layer;
}

/**
 * Applies `body`, inside of which every {@link gate} mixes what `first` and `second` make of the input.
 *
 * Wang, Teng and Perdikaris, "Understanding and mitigating gradient flow pathologies in physics-informed neural networks", SIAM J. Sci. Comput. 43 (2021).
 */
export const encoders = /* @__PURE__ */ defineLayer({
  type: "encoders",
  options: { required: { first: layerCheck, second: layerCheck, body: layerCheck } },
  children: ({ first, second, body }: EncodersConfig) => ({ first, second, body }),
  apply: ({ children: { first, second, body } }, x) => body(x, { firstEncoding: first(x), secondEncoding: second(x) }),
});

/**
 * `x u + (1 - x) v`, where `u` and `v` are what the {@link encoders} around it say: the shape of all three is the same.
 *
 * @throws outside of encoders, and on another shape than theirs
 */
export const gate = /* @__PURE__ */ defineLayer({
  type: "gate",
  options: {},
  apply: ({ extras: { firstEncoding, secondEncoding } }: LayerContext<NoOptions>, x) => {
    if (firstEncoding === undefined || secondEncoding === undefined) {
      throw new HookeError("is not inside of encoders({ first, second, body }), whose encodings it mixes.");
    }
    for (const encoding of [firstEncoding, secondEncoding]) {
      if (sameShape(encoding.shape, x.shape)) continue;
      throw new HookeError(
        `received ${describe(x)} between encodings ${describe(encoding)}; give the layer in front of it as many units as the encoders.`,
        { code: "mismatch" },
      );
    }
    return add(mul(x, firstEncoding), mul(sub(1, x), secondEncoding));
  },
});

/**
 * `alpha layer(x) + (1 - alpha) x`; the layer keeps the shape of its input. `alpha` is trained and starts at 0, so that at the start a stack of such blocks passes
 * on its input however deep it is. Wang, Li, Chen and Perdikaris, "PirateNets: physics-informed deep learning with residual adaptive networks", JMLR 25 (2024).
 *
 * Parameters: `alpha [1]`; the layer's are under `layer`.
 */
export const adaptiveResidual = /* @__PURE__ */ defineLayer({
  type: "adaptiveResidual",
  options: layerCheck,
  children: (layer: Layer) => ({ layer }),
  params: () => ({ alpha: { shape: [1], initializer: "zeros" as const } }),
  apply: ({ children: { layer }, params: { alpha } }, x) => {
    const y: Tensor = layer(x);
    if (!sameShape(x.shape, y.shape)) {
      throw new HookeError(`expected the layer inside to keep the shape, ${describe(x)}; it returned ${describe(y)}.`, {
        code: "mismatch",
      });
    }
    return add(mul(alpha, y), mul(sub(1, alpha), x));
  },
});

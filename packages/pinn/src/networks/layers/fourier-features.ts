// Random Fourier features: waves of random directions and lengths, of which a network builds what is finer than it would find itself.
import { defineLayer, type LayerContext } from "@hooke/core";
import {
  array,
  type Check,
  checks,
  concat,
  cos,
  describe,
  HookeError,
  matmul,
  mul,
  normal,
  randomKey,
  sin,
} from "@hooke/runtime";

/** Options of {@link fourierFeatures}. */
export interface FourierFeaturesConfig {
  /** Waves of each scale; each gives a cosine and a sine. Default 32. */
  readonly count?: number;
  /** Standard deviation of the frequencies, in cycles per unit of the input; or several, whose features stand side by side. Default 1. */
  readonly scale?: number | readonly number[];
  /** What the frequencies are drawn from, from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
}

const scaleCheck: Check = (value) =>
  [value].flat().length > 0 && [value].flat().every((each) => checks.positive(each) === undefined)
    ? undefined
    : "a number above 0 or a list of such numbers, as in [1, 10]";
const seedCheck: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : "a whole number from 0 to 2^53 - 1";

/**
 * `[cos(2 pi x B), sin(2 pi x B)]` with frequencies `B` drawn from a normal distribution: `[batch, columns]` to `[batch, 2 count scales]`. Tancik et al.,
 * "Fourier features let networks learn high frequency functions in low dimensional domains", NeurIPS 2020; with several scales Wang, Wang and
 * Perdikaris, "On the eigenvector bias of Fourier feature networks", CMAME 384 (2021). The inputs of a field's network lie in [-1, 1], so that the scale 1
 * means about two waves across the domain.
 *
 * Frequencies follow from the seed: they are no parameters, and nothing trains them.
 *
 * @throws on an input that is not `[batch, columns]`
 */
export const fourierFeatures = /* @__PURE__ */ defineLayer({
  type: "fourierFeatures",
  options: { optional: { count: checks.count, scale: scaleCheck, seed: seedCheck } },
  apply: ({ config: { count = 32, scale = 1, seed = 0 } }: LayerContext<FourierFeaturesConfig>, x) => {
    if (x.rank !== 2) throw new HookeError(`expected [batch, columns], received ${describe(x)}.`, { code: "mismatch" });
    const scales = typeof scale === "number" ? [scale] : scale;
    const drawn = normal(randomKey(seed), [x.shape[1]!, scales.length * count], x.dtype as "f32" | "f64");
    const deviations = scales.flatMap((each) => Array.from({ length: count }, () => 2 * Math.PI * each));
    const angles = matmul(x, mul(drawn, array(deviations)));
    return concat([cos(angles), sin(angles)], 1);
  },
});

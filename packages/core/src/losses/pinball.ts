// The pinball loss: whose least mean is at a quantile.
import {
  type Check,
  checkOptions,
  checks,
  concat,
  convert,
  describe,
  fail,
  maximum,
  mul,
  sliceAxis,
  sub,
  type Tensor,
} from "@hooke/runtime";
import { checkTargets, type Loss, reduceLoss } from "./loss.ts";

/** Options of {@link pinball}. */
export interface PinballOptions {
  /** Shares of targets that shall lie below, above 0 and below 1, ascending, such as `[0.05, 0.5, 0.95]`. */
  readonly quantiles: readonly number[];
}

const quantilesCheck: Check = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((each, i) => checks.betweenZeroAndOne(each) === undefined && (i === 0 || each > value[i - 1]))
    ? undefined
    : "shares above 0 and below 1, ascending, such as [0.05, 0.5, 0.95]";

/**
 * Pinball loss, `max(q r, (q - 1) r)` of residuals `r = target - prediction`, the mean over quantiles: what is predicted becomes the quantile `q` of the targets, given
 * the inputs. Koenker and Bassett 1978.
 *
 * Predictions are `[batch, ..., q k]` for targets `[batch, ..., k]`: `k` numbers for the first quantile, then `k` for the next.
 *
 * @example
 * ```ts
 * import { pinball } from "@hooke/core";
 * import { array, referenceBackend, run } from "@hooke/runtime";
 *
 * // Of the quantile 0.9, a prediction that is too small by 1 costs 0.9, one that is too large by 1 costs 0.1.
 * const { data } = await run(referenceBackend(), pinball({ quantiles: [0.9] }), array([[0], [2]]), array([[1], [1]]));
 * console.log(data[0]!.toFixed(2)); // 0.50
 * ```
 */
export function pinball(options: PinballOptions): Loss {
  checkOptions<PinballOptions>("pinball", options, { required: { quantiles: quantilesCheck } });
  const { quantiles } = options;
  return (predictions, targets, weights) => {
    const width = predictions.shape.at(-1) ?? 1;
    if (width % quantiles.length !== 0) {
      fail(
        "pinball",
        `expected ${quantiles.length} quantiles of each target, [batch, ..., ${quantiles.length} k], received ${describe(predictions)}.`,
        "mismatch",
      );
    }
    const columns = width / quantiles.length;
    const parts = quantiles.map((quantile, i): Tensor => {
      const predicted = sliceAxis(predictions, -1, i * columns, (i + 1) * columns);
      checkTargets("pinball", predicted, targets);
      const residual = sub(convert(targets, predicted.dtype), predicted);
      return maximum(mul(residual, quantile), mul(residual, quantile - 1));
    });
    return reduceLoss("pinball", concat(parts, -1), weights);
  };
}

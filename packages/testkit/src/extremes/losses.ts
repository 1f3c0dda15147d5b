// Losses of core, number by number.
import { binaryCrossEntropy, gaussianNll, huber, type Loss, mae, mse } from "@hooke/core";
import { concat, full, fullLike, grad, mul, reshape, type Tensor } from "@hooke/runtime";
import { type FunctionOfNumbers, one, zeroBetween } from "./functions.ts";

/**
 * A loss of each sample, `[n, ...]` to `[n]`. Losses reduce to a scalar, in which one infinite sample would hide the others; but the
 * derivative of `n mean(w l)` in the weight of a sample is that sample's loss.
 */
export const ofSamples =
  (of: Loss, targets: (predictions: Tensor) => Tensor) =>
  (predictions: Tensor): Tensor => {
    const n = predictions.shape[0]!;
    const total = (w: Tensor): Tensor => mul(of(predictions, targets(predictions), w), n);
    return grad(total)(full([n], 1, predictions.dtype));
  };

const loss = (of: Loss, target: number, around: (x: Tensor) => Tensor = (x) => x) => {
  const samples = ofSamples(of, ({ shape, dtype }) => full([shape[0]!, 1], target, dtype));
  return (x: Tensor): Tensor => samples(around(reshape(x, [x.shape[0]!, 1])));
};
const beside = (other: number, before: boolean) => (x: Tensor) =>
  concat(before ? [fullLike(x, other), x] : [x, fullLike(x, other)], 1);

export const ofLosses: readonly FunctionOfNumbers[] = [
  { name: "binaryCrossEntropy of 0", fn: loss(binaryCrossEntropy(), 0) },
  { name: "binaryCrossEntropy of 1", fn: loss(binaryCrossEntropy(), 1) },
  { name: "binaryCrossEntropy of 0.25", fn: loss(binaryCrossEntropy(), 0.25) },
  { name: "binaryCrossEntropy of 1, smoothed", fn: loss(binaryCrossEntropy({ labelSmoothing: 0.125 }), 1) },
  { name: "mse", fn: loss(mse(), 0) },
  { name: "mae", fn: loss(mae(), 0) },
  { name: "huber", fn: loss(huber(), 0) },
  { name: "huber 0.5", fn: loss(huber({ delta: 0.5 }), 0) },
  {
    name: "gaussianNll in log variance",
    fn: loss(gaussianNll(), 0, beside(1, true)),
    coarse: { first: one, because: zeroBetween },
  },
  { name: "gaussianNll in log variance, exact", fn: loss(gaussianNll(), 0, beside(0, true)) },
  { name: "gaussianNll in mean", fn: loss(gaussianNll(), 0, beside(0, false)) },
  { name: "gaussianNll in mean, log variance 80", fn: loss(gaussianNll(), 0, beside(80, false)) },
];

// Losses against PyTorch: values, gradients and second gradients, plain and with sample weights.
import { binaryCrossEntropy, crossEntropy, gaussianNll, huber, type Loss, mae, mse } from "@hooke/core";
import { add, concat, div, log, maximum, mean as meanOf, stopGradient, sub, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { differences } from "./compare.ts";
import { recompute } from "./differentiate.ts";

// biome-ignore lint/suspicious/noExplicitAny: golden options are JSON; a wrong one fails the loss's own checks.
const losses: Readonly<Record<string, (options: any) => Loss>> = {
  mse: () => mse(),
  mae: () => mae(),
  huber,
  crossEntropy,
  binaryCrossEntropy,
  gaussianNLL: gaussianNll,
};

/** The logarithm of a variance that PyTorch clamps from below while its gradient passes through. */
function logClamped(variance: Tensor, epsilon: number): Tensor {
  return log(add(variance, stopGradient(sub(maximum(variance, epsilon), variance))));
}

describe.each(backends)("losses agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("losses").cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const { targets: _kind, ...options } = golden.config;
    const loss = losses[golden.operation]!(options);
    const epsilon = golden.name.includes("epsilon") ? 1e-2 : 1e-6;
    const gaussian = golden.operation === "gaussianNLL";
    const result = await recompute(backend, golden, ({ predictions, mean, variance, targets, weights: raw }) => {
      // PyTorch's cases divide by the sum of the weights; Hooke's losses take weights of mean 1.
      const weights = raw && div(raw, meanOf(raw));
      const given = gaussian ? concat([mean!, logClamped(variance!, epsilon)], -1) : predictions!;
      return {
        value: gaussian
          ? (gaussianNll({ epsilon: 1e-12 }) as Loss)(given, targets!, weights)
          : loss(given, targets!, weights),
      };
    });
    expect(differences(result.outputs, golden.outputs, 1e-12)).toEqual({});
    expect(differences(result.gradients, golden.gradients, 1e-11)).toEqual({});
    expect(differences(result.secondGradients, golden.secondGradients, 1e-10)).toEqual({});
  });
});

// Layers of Fourier neural operators against PyTorch: outputs, gradients and second gradients.
import { apply, type Layer } from "@hooke/core";
import { fourierNeuralOperator, spectralConvolution } from "@hooke/pinn";
import { describe, expect, it } from "vitest";
import { goldenTree, loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { differences } from "./compare.ts";
import { recompute } from "./differentiate.ts";

// biome-ignore lint/suspicious/noExplicitAny: golden configs are JSON; a wrong one fails the layer's own checks.
const constructors: Readonly<Record<string, (config: any) => Layer>> = { fourierNeuralOperator, spectralConvolution };

describe.each(backends)("operators agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("operators").cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const model = constructors[golden.operation]!(golden.config);
    const result = await recompute(backend, golden, (inputs) => {
      const params = goldenTree(inputs as never, "params") as never;
      return { value: apply(model, { params, state: {} }, inputs.x!).output };
    });
    expect(differences(result.outputs, golden.outputs, 1e-10)).toEqual({});
    expect(differences(result.gradients, golden.gradients, 1e-10)).toEqual({});
    expect(differences(result.secondGradients, golden.secondGradients, 1e-10)).toEqual({});
  });
});

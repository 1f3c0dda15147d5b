// Layers against PyTorch: outputs, next states, gradients and second gradients.
import {
  adaptiveActivation,
  apply,
  batchNorm,
  dense,
  glu,
  groupNorm,
  instanceNorm,
  type Layer,
  layerNorm,
  prelu,
  rmsNorm,
  type Variables,
} from "@hooke/core";
import { add, concat, grad, mean, mul, square, sub, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type GoldenCase, goldenTree, loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { differences } from "./compare.ts";
import { type Named, recompute } from "./differentiate.ts";
import { networkOf } from "./models.ts";

const tolerance = 1e-10;

const { cases } = loadGolden("layers");

// biome-ignore lint/suspicious/noExplicitAny: golden configs are JSON; a wrong one fails the layer's own checks.
const constructors: Readonly<Record<string, (config: any) => Layer>> = {
  dense,
  batchNorm,
  layerNorm,
  groupNorm,
  instanceNorm,
  rmsNorm,
  prelu,
  adaptiveActivation,
  glu,
};

function modelOf(golden: GoldenCase): Layer {
  const { training: _, ...config } = golden.config;
  return constructors[golden.operation]?.(config) ?? networkOf(golden);
}

/** The tensors under `params.` and `state.` as trees. */
function variablesOf(inputs: Named): Variables {
  const under = (path: string) => goldenTree(inputs as never, path) as unknown as Variables["params"];
  const has = (path: string): boolean => Object.keys(inputs).some((key) => key.startsWith(`${path}.`));
  return { params: has("params") ? under("params") : {}, state: has("state") ? under("state") : {} };
}

describe.each(backends)("layers agree with PyTorch: $on", ({ backend }) => {
  it.each(
    cases.filter(({ operation }) => operation !== "burgersResidual").map((golden) => [golden.name, golden] as const),
  )("%s", async (_, golden) => {
    const model = modelOf(golden);
    const training = golden.config.training === true;
    const result = await recompute(backend, golden, (inputs) => {
      const { output, state } = apply(model, variablesOf(inputs), inputs.x!, { training });
      const next = state as Readonly<Record<string, Tensor>>;
      return { value: output, ...(next.mean && { "state.mean": next.mean, "state.variance": next.variance! }) };
    });
    expect(differences(result.outputs, golden.outputs, tolerance)).toEqual({});
    expect(differences(result.gradients, golden.gradients, tolerance)).toEqual({});
    expect(differences(result.secondGradients, golden.secondGradients, tolerance)).toEqual({});
  });

  it("the Burgers residual, its parts and its gradients", async () => {
    const golden = cases.find(({ operation }) => operation === "burgersResidual")!;
    const model = networkOf(golden);
    const result = await recompute(backend, golden, (inputs) => {
      const { params } = variablesOf(inputs);
      const solution = (t: Tensor, x: Tensor): Tensor => apply(model, { params, state: {} }, concat([t, x], 1)).output;
      const { t, x } = inputs as { t: Tensor; x: Tensor };
      const slope = (at: Tensor): Tensor => grad((z: Tensor) => sum(solution(t, z)))(at);
      const u = solution(t, x);
      const ut = grad((z: Tensor) => sum(solution(z, x)))(t);
      const ux = slope(x);
      const uxx = grad((z: Tensor) => sum(slope(z)))(x);
      const residual = sub(add(ut, mul(u, ux)), mul(uxx, golden.config.viscosity as number));
      const loss = mean(square(residual));
      return { u, ut, ux, uxx, residual, loss, value: loss };
    });
    expect(differences(result.outputs, golden.outputs, tolerance)).toEqual({});
    expect(differences(result.gradients, golden.gradients, tolerance)).toEqual({});
  });
});

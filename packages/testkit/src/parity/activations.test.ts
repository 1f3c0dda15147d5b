// Activations against PyTorch: values, first and second derivatives on [-4, 4], at extremes, and at the kinks.
import { type Activation, activate } from "@hooke/core";
import { grad, run, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type GoldenCase, loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { differences } from "./compare.ts";
import { recompute } from "./differentiate.ts";

function activationOf({ operation, config }: GoldenCase): Activation {
  if (operation === "gelu") return { name: "gelu", approximate: config.approximate === true ? "tanh" : "none" };
  const { axis: _, ...options } = config;
  return { name: operation, ...options } as Activation;
}

describe.each(backends)("activations agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("activations").cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const activation = activationOf(golden);
    if (golden.inputs.cotangent !== undefined) {
      const result = await recompute(backend, golden, ({ x }) => ({ value: activate(activation, x!) }));
      expect(differences(result.outputs, golden.outputs, 1e-12)).toEqual({});
      expect(differences(result.gradients, golden.gradients, 1e-12)).toEqual({});
      expect(differences(result.secondGradients, golden.secondGradients, 1e-12)).toEqual({});
      return;
    }
    const value = (x: Tensor): Tensor => activate(activation, x);
    const first = (x: Tensor): Tensor => grad((z: Tensor) => sum(value(z)))(x);
    const second = (x: Tensor): Tensor => grad((z: Tensor) => sum(first(z)))(x);
    const found = await run(
      backend,
      (x: Tensor) => ({ value: value(x), x: first(x), xx: second(x) }),
      golden.inputs.x!,
    );
    expect(differences(found, golden.outputs, 1e-12)).toEqual({});
    expect(differences(found, golden.derivatives, 1e-12)).toEqual({});
  });
});

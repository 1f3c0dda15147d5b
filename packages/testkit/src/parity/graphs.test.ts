// Layers for graphs against PyTorch: outputs, gradients and second gradients, the positions' among them.
import { apply, type Layer } from "@hooke/core";
import { graphs } from "@hooke/layers-graph";
import { array, gather, reshape, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type GoldenCase, goldenTree, loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { differences } from "./compare.ts";
import { type Named, recompute } from "./differentiate.ts";

const tolerance = 1e-10;
const layers = graphs.layers as unknown as Readonly<Record<string, (config: object) => Layer>>;

/** The output; of layers that keep the nodes, at those that there are. */
function outputOf({ operation, config, inputs: given }: GoldenCase, inputs: Named): Tensor {
  const tree = (path: string) => {
    const has = Object.keys(inputs).some((name) => name.startsWith(`${path}.`));
    return has ? (goldenTree(inputs as never, path) as never) : {};
  };
  const variables = { params: tree("params"), state: {} };
  const { output } = apply(layers[operation]!(config), variables, inputs.x!, { extras: tree("extras") });
  if (output.rank === 2) return output;
  const [rows, nodes, features] = output.shape as [number, number, number];
  const lengths = given["extras.lengths"]!.data;
  const valid = Array.from({ length: rows * nodes }, (_, i) => i).filter(
    (i) => i % nodes < lengths[Math.floor(i / nodes)]!,
  );
  return gather(reshape(output, [rows * nodes, features]), array(valid, { dtype: "i32" }));
}

describe.each(backends)("layers for graphs agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("graphs").cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const result = await recompute(backend, golden, (inputs) => ({ value: outputOf(golden, inputs) }));
    expect(differences(result.outputs, golden.outputs, tolerance)).toEqual({});
    expect(differences(result.gradients, golden.gradients, tolerance)).toEqual({});
    expect(differences(result.secondGradients, golden.secondGradients, tolerance)).toEqual({});
  });
});

// Tensors find their places: by map, prefix and layout; what is missing, left over or of another shape is said, or refused.
import { defineLayer, dense, initialize, predict, sequential } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { encodeSafetensors } from "@hooke/data/safetensors";
import { mobileNetV2, resnet18 } from "@hooke/layers-conv";
import { array, type HostArray, referenceBackend, treeLeaves, zeros } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { loadWeights } from "./load-weights.ts";
import type { NameMap } from "./maps/name-map.ts";

const backend = referenceBackend();
const layer = sequential({ body: dense({ units: 3, activation: "tanh" }), head: dense({ units: 2 }) });
const own = await initialize(backend, layer, [4], 0);

/** As PyTorch stores them: `[out, in]`. */
const transposed = ({ shape: [rows, columns], data }: HostArray): HostArray =>
  array(Array.from({ length: columns! }, (_, c) => Array.from({ length: rows! }, (_, r) => data[r * columns! + c]!)));
const part = (name: "body" | "head") => (own.params as Record<string, Record<string, HostArray>>)[name]!;
const stateDict = {
  "body.weight": transposed(part("body").kernel!),
  "body.bias": part("body").bias!,
  "head.weight": transposed(part("head").kernel!),
  "head.bias": part("head").bias!,
};
const torch: NameMap = {
  name: "test",
  layout: "torch",
  optional: ["head"],
  pathOf: (name) => (/^(body|head)\.(weight|bias)$/.test(name) ? name.replace("weight", "kernel") : undefined),
};
const options = { model: layer, inputShape: [4], map: torch };
const file = (tensors: Readonly<Record<string, HostArray>>) => encodeSafetensors(tensors);

describe("places", () => {
  it("by the names of Hooke, from a model file and from bare paths", async () => {
    const model = { layer, inputShape: [4], variables: own };
    const loaded = await loadWeights(encodeModel(model), { model: layer, inputShape: [4] });
    expect(loaded.model).toEqual(model);
    expect(loaded.report.map).toBe("hooke");
    const bare = Object.fromEntries(treeLeaves<HostArray>(own.params).map(({ path, value }) => [path, value]));
    expect((await loadWeights(file(bare), { model: layer, inputShape: [4] })).model).toEqual(model);
  });

  it("in PyTorch's layout, behind whatever wraps the names", async () => {
    const wrapped = Object.fromEntries(
      Object.entries(stateDict).map(([name, value]) => [`module.model.${name}`, value]),
    );
    for (const [tensors, prefix] of [
      [stateDict, ""],
      [wrapped, "module.model."],
    ] as const) {
      const { model, report } = await loadWeights(file(tensors), options);
      expect(model.variables).toEqual(own);
      expect(report.prefix).toBe(prefix);
      expect(report.matched[0]).toEqual({ name: `${prefix}body.weight`, path: "body.kernel" });
      const rows = array([[1, 2, 3, 4]]);
      expect(await predict(model, rows, { backend })).toEqual(
        await predict({ layer, inputShape: [4], variables: own }, rows, { backend }),
      );
    }
  });

  it("a head of one's own starts from given variables", async () => {
    const model = sequential({ body: dense({ units: 3, activation: "tanh" }), head: dense({ units: 5 }) });
    const variables = await initialize(backend, model, [4], 1);
    const given = { ...options, model, strict: false, variables };
    const loaded = await loadWeights(file(stateDict), given);
    expect(loaded.model.variables.params).toEqual({ ...(variables.params as object), body: part("body") });
    expect(loaded.report.mismatched.map(({ path }) => path)).toEqual(["head.bias", "head.kernel"]);
    await expect(loadWeights(file(stateDict), { ...options, model, strict: false })).rejects.toThrow(
      "Give variables to take them from",
    );
  });
});

describe("refuses", () => {
  it.each<[string, Record<string, HostArray>, object, string]>([
    [
      "what is missing",
      { "body.weight": stateDict["body.weight"] },
      {},
      "3 missing: body.bias, head.kernel, head.bias",
    ],
    ["what is left over", { ...stateDict, "body.2.weight": array([1]) }, {}, "1 left over: body.2.weight"],
    ["another shape", { ...stateDict, "body.bias": array([1]) }, {}, "body.bias f32[1] for body.bias f32[3]"],
    [
      "another body, also where not strict",
      { ...stateDict, "body.bias": array([1]) },
      { strict: false, variables: own },
      "is of another model",
    ],
    ["a file of something else", { other: array([1]) }, { strict: false, variables: own }, "has nothing of the model"],
    [
      "infinite weights",
      { ...stateDict, "body.bias": array([0, Number.POSITIVE_INFINITY, 0]) },
      {},
      '"body.bias" holds Infinity at element 1',
    ],
    [
      "whole numbers",
      { ...stateDict, "body.bias": array([0, 1, 2], { dtype: "i32" }) },
      {},
      "body.bias i32[3] for body.bias f32[3]",
    ],
    [
      "another file",
      stateDict,
      { sha256: "0".repeat(64) },
      `expected ${"0".repeat(64)}: it is not the file that was asked for`,
    ],
    ["another prefix", stateDict, { prefix: "net." }, "0 tensors matched"],
  ])("%s", async (_, tensors, given, message) => {
    await expect(loadWeights(file(tensors), { ...options, ...given })).rejects.toThrow(message);
  });

  it("two tensors for one variable, unknown maps, and nonsense", async () => {
    const both = { ...options, map: { ...torch, pathOf: () => "body.bias" } };
    await expect(loadWeights(file({ a: array([1, 2, 3]), b: array([1, 2, 3]) }), both)).rejects.toThrow(
      'both "a" and "b" are body.bias',
    );
    await expect(loadWeights(file(stateDict), { ...options, map: "timm" })).rejects.toThrow(
      'has no map "timm" for a model of the type sequential; it has "hooke"',
    );
    await expect(loadWeights(3 as never, options)).rejects.toThrow("received 3 as the source");
    await expect(loadWeights(new Uint8Array(9), options)).rejects.toThrow("weights: is no");
    await expect(loadWeights("/nowhere/else", options)).rejects.toThrow("cannot read /nowhere/else");
  });

  it("PyTorch's weights in a model padded as Keras'", async () => {
    const tensors = { "features.0.0.weight": zeros([32, 3, 3, 3], "f32") };
    const given = { model: mobileNetV2({ padding: "same" }), inputShape: [32, 32, 3] };
    await expect(loadWeights(file(tensors), given)).rejects.toThrow(
      'Make the model with {"padding":"symmetric","epsilon":0.00001}',
    );
  });
});

it("leaves the head out of a network without one, and refuses a deeper network", async () => {
  const small = { model: resnet18({ outputs: 0 }), inputShape: [32, 32, 3] };
  const names = { "fc.weight": zeros([1000, 512], "f32"), "layer1.2.conv1.weight": zeros([64, 64, 3, 3], "f32") };
  const refused = loadWeights(file({ ...names, "bn1.weight": zeros([64], "f32") }), small);
  await expect(refused).rejects.toThrow("1 left over: layer1.2.conv1.weight\n1 without a role: fc.weight");
});

it("needs no name of a preset", async () => {
  const wrapper = defineLayer({
    type: "test/wrapper",
    children: ({ inner }: { readonly inner: typeof layer }) => ({ inner }),
    apply: ({ children: { inner } }, x) => inner(x),
  });
  const map = { ...torch, pathOf: (name: string) => `inner.${name.replace("weight", "kernel")}` };
  const { model } = await loadWeights(file(stateDict), { model: wrapper({ inner: layer }), inputShape: [4], map });
  expect((model.variables.params as { inner: unknown }).inner).toEqual(own.params);
});

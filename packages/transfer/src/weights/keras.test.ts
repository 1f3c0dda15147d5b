// MobileNetV2 of keras.applications: its logits, and its weights under the names that Keras' versions give them.
import { readFileSync } from "node:fs";
import { wasmBackend } from "@hooke/backend-wasm";
import { dense, predict, sequential } from "@hooke/core";
import { encodeSafetensors } from "@hooke/data/safetensors";
import { conv2d, depthwiseConv2d, mobileNetV2, resnet18 } from "@hooke/layers-conv";
import type { HostArray } from "@hooke/runtime";
import { loadGolden } from "@hooke/testkit/golden";
import { describe, expect, it } from "vitest";
import { loadWeights } from "./load-weights.ts";
import { kerasMobileNet } from "./maps/keras-mobile-net.ts";
import type { NameMap } from "./maps/name-map.ts";

const [golden] = loadGolden("keras-networks").cases;
const tensors = Object.entries(golden!.inputs).flatMap(([path, value]) =>
  path.startsWith("tensors.") ? [[path.slice("tensors.".length), value] as const] : [],
);
const style = { padding: "same", epsilon: 1e-3 } as const;
const options = { model: mobileNetV2({ outputs: 10, ...style }), inputShape: [65, 64, 3] };

it("logits equal Keras'", { timeout: 120_000 }, async () => {
  const { model, report } = await loadWeights(encodeSafetensors(Object.fromEntries(tensors)), options);
  expect(report).toMatchObject({ map: "keras", missing: [], leftOver: [], ignored: [] });
  const logits = (await predict(model, golden!.inputs.x!, { backend: wasmBackend() })) as HostArray;
  const { data } = golden!.outputs.value!;
  expect(Math.max(...Array.from(data, (value, i) => Math.abs(value - logits.data[i]!)))).toBeLessThan(2e-6);
});

describe("the same places", () => {
  const names = tensors.map(([name]) => name);
  const expected = names.map(kerasMobileNet(names).pathOf);

  it("by the numbers that Keras 3 gives layers of a kind", () => {
    const counts = new Map<string, number>();
    const known = new Map<string, string>();
    const numbered = names.map((name) => {
      const [layer, variable] = name.split("/") as [string, string];
      if (!known.has(layer)) {
        const isNorm = /bn|BN/.test(layer);
        const kind = isNorm ? "batch_normalization" : /depthwise/.test(layer) ? "depthwise_conv2d" : "conv2d";
        const of = layer === "predictions" ? "dense" : kind;
        const count = counts.get(of) ?? 0;
        counts.set(of, count + 1);
        known.set(layer, count === 0 ? of : `${of}_${count}`);
      }
      return `${known.get(layer)}/${variable}`;
    });
    expect(numbered.map(kerasMobileNet(numbered).pathOf)).toEqual(expected);
  });

  it("by their order, where the names of layers are others", () => {
    const others = names.map((name) => `other_${name}`);
    expect(others.map(kerasMobileNet(others).pathOf)).toEqual(expected);
    expect(kerasMobileNet(others.slice(9)).pathOf(others[20]!)).toBeUndefined();
  });
});

it("a model of its own from a .keras file, depthwise kernels too, and from inside another model", async () => {
  const bytes = new Uint8Array(readFileSync(new URL("../../../io/src/keras/fixtures/small.keras", import.meta.url)));
  const map: NameMap = { name: "small", layout: "keras", pathOf: (name) => name.replace("/", ".") };
  const depth = {
    model: sequential({ depth: depthwiseConv2d({ kernelSize: 3, multiplier: 2 }) }),
    inputShape: [4, 4, 3],
    map,
  };
  const variables = { params: {}, state: {} };
  const { model, report } = await loadWeights(bytes, { ...depth, strict: false, variables });
  expect(report.matched.map(({ name }) => name)).toEqual(["depth/kernel", "depth/bias"]);
  const { shape } = (model.variables.params as { depth: Record<string, HostArray> }).depth.kernel!;
  expect(shape).toEqual([3, 3, 1, 6]);
  const inner = { model: sequential({ mix: conv2d({ filters: 2, kernelSize: 1 }) }), inputShape: [4, 4, 6], map };
  const found = await loadWeights(bytes, { ...inner, strict: false, variables });
  expect(found.report).toMatchObject({ prefix: "inner/", missing: [], map: "small" });
});

it("refuses what has other numbers under the same names", async () => {
  const file = encodeSafetensors(Object.fromEntries(tensors));
  await expect(loadWeights(file, { ...options, model: mobileNetV2({ outputs: 10 }) })).rejects.toThrow(
    'Keras trained its weights with {"padding":"same","epsilon":0.001}: they would be wrong in it',
  );
  const bytes = new Uint8Array(readFileSync(new URL("../../../io/src/keras/fixtures/small.h5", import.meta.url)));
  const resnet = { model: resnet18(), inputShape: [32, 32, 3] };
  await expect(loadWeights(bytes, resnet)).rejects.toThrow("keras.applications has no such network");
  await expect(loadWeights(bytes, { model: dense({ units: 2 }), inputShape: [2] })).rejects.toThrow("left over");
});

// Networks of torchvision and timm, whole: their weights under their own names, their logits. And MobileNetV2 as trained on ImageNet.
import { existsSync, readFileSync } from "node:fs";
import { wasmBackend } from "@hooke/backend-wasm";
import { type Layer, predict } from "@hooke/core";
import { encodeSafetensors } from "@hooke/data/safetensors";
import { decodeImage, imageArray } from "@hooke/io/images";
import { mobileNetV2, resnet18, resnet34 } from "@hooke/layers-conv";
import { array, type HostArray, zeros } from "@hooke/runtime";
import { loadGolden } from "@hooke/testkit/golden";
import { describe, expect, it } from "vitest";
import { loadWeights } from "./load-weights.ts";

const backend = wasmBackend();
const layers: Readonly<Record<string, (config: { readonly outputs: number }) => Layer>> = {
  mobileNetV2,
  resnet18,
  resnet34,
};

const largest = (a: HostArray, b: HostArray): number =>
  Math.max(...Array.from(a.data, (value, i) => Math.abs(value - b.data[i]!)));

describe("logits equal PyTorch's", () => {
  it.each(loadGolden("pretrained").cases.map((golden) => [golden.name, golden] as const))(
    "%s",
    // Tens of millions of weights are made, written, read and turned: seconds on a core to oneself.
    { timeout: 120_000 },
    async (name, golden) => {
      const { operation, config, inputs, outputs } = golden;
      const entries = Object.entries(inputs).flatMap(([path, value]) =>
        path.startsWith("tensors.") ? [[path.slice("tensors.".length), value] as const] : [],
      );
      // As PyTorch's files have them, beside each running variance.
      const counts = entries.flatMap(([path]) =>
        path.endsWith("running_var")
          ? [[path.replace("running_var", "num_batches_tracked"), array(1, { dtype: "i32" })] as const]
          : [],
      );
      const file = encodeSafetensors(Object.fromEntries([...entries, ...counts]));
      const options = {
        model: layers[operation]!(config as { outputs: number }),
        inputShape: inputs.x!.shape.slice(1),
      };
      const { model, report } = await loadWeights(file, options);
      expect(report.matched.length).toBe(entries.length);
      expect(report.leftOver).toEqual([]);
      expect(report.map === name.split(" ")[0] || operation.startsWith("resnet")).toBe(true);
      const logits = await predict(model, inputs.x!, { backend });
      expect(logits.shape).toEqual(outputs.value!.shape);
      expect(largest(logits, outputs.value!)).toBeLessThan(2e-6);
    },
  );
});

const shared = new URL("../../../../../shared/weights/", import.meta.url);

describe("MobileNetV2, trained on ImageNet", () => {
  const skip = existsSync(shared) ? false : `there is no ${shared.pathname}`;
  if (skip !== false) console.log(`skipped: MobileNetV2, trained on ImageNet: ${skip}`);

  it.skipIf(skip !== false)("knows a cat, a dragonfly, a bird and a sunflower as in PyTorch", async () => {
    const expected = JSON.parse(readFileSync(new URL("expected.json", shared), "utf8")) as Record<
      string,
      { readonly top3: readonly (readonly [string, number, number])[]; readonly logits_first8: readonly number[] }
    >;
    const { model } = await loadWeights(new URL("mobilenet-v2-imagenet.safetensors", shared), {
      model: mobileNetV2({ outputs: 1001, padding: "same", norm: false }),
      inputShape: [224, 224, 3],
      map: { name: "the file", layout: "hooke", pathOf: (name) => name.replace(/^classifier\./, "head.") },
    });
    for (const [name, { top3, logits_first8 }] of Object.entries(expected)) {
      const image = await decodeImage(readFileSync(new URL(`${name}-224.png`, shared)));
      const { shape, data } = imageArray(image);
      expect(shape).toEqual([224, 224, 3]);
      const pixels = zeros([1, ...shape], "f32");
      pixels.data.set(Float32Array.from(data as Float32Array, (value) => 2 * value - 1));
      const logits = (await predict(model, pixels, { backend })).data as Float32Array;
      const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!);
      // The file has a class for what is none of ImageNet's in front.
      const first = order[0]! - top3[0]![1];
      expect([0, 1]).toContain(first);
      expect(order.slice(0, 3).map((index) => index - first)).toEqual(top3.map(([, index]) => index));
      expect(Math.max(...logits_first8.map((value, i) => Math.abs(value - logits[i]!)))).toBeLessThan(1e-3);
    }
  });
});

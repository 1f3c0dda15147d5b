// A model that PyTorch exported to ONNX, by either of its exporters, is that of its safetensors; folded batch norms are refused.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { batchNorm, dense, initialize, sequential } from "@hooke/core";
import { conv2d, globalAveragePool, residualBlock } from "@hooke/layers-conv";
import { referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { loadWeights } from "./load-weights.ts";
import { torchResnetNames } from "./maps/torch-resnet.ts";
import { sha256Of } from "./source/sha256.ts";

const fixture = (name: string) => new URL(`./fixtures/narrow-resnet${name}`, import.meta.url);
const model = sequential({
  conv1: conv2d({ filters: 4, kernelSize: 7, stride: 2, padding: 3, bias: false }),
  norm1: batchNorm(),
  layer1: sequential([residualBlock({ filters: 4 })]),
  layer2: sequential([residualBlock({ filters: 8, stride: 2 })]),
  average: globalAveragePool(),
  head: dense({ units: 3 }),
});
const options = { model, inputShape: [16, 16, 3], map: torchResnetNames("narrow") };

it.each([".onnx", "-former.onnx"])("narrow-resnet%s", async (name) => {
  const expected = await loadWeights(fixture(".safetensors"), options);
  const found = await loadWeights(fixture(name), options);
  expect(found.model).toEqual(expected.model);
  expect(found.report).toMatchObject({ missing: [], leftOver: [] });
});

it("refuses batch norms in convolutions, also where what is missing is given", async () => {
  const variables = await initialize(referenceBackend(), model, [16, 16, 3], 0);
  for (const given of [{}, { strict: false, variables }]) {
    await expect(loadWeights(fixture("-folded.onnx"), { ...options, ...given })).rejects.toThrow(
      "has no batch norms: exporters fold them into the convolutions",
    );
  }
});

it("reads numbers beside the file where they are, and no checksum is to vouch for them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "onnx-"));
  try {
    const bytes = await readFile(fixture(".onnx"));
    const copy = join(folder, "narrow-resnet.onnx");
    await writeFile(copy, bytes);
    await expect(loadWeights(copy, options)).rejects.toThrow(/cannot read .*narrow-resnet\.onnx\.data/);
    const refused = 'is in another file, "narrow-resnet.onnx.data"';
    await expect(loadWeights(fixture(".onnx"), { ...options, sha256: await sha256Of(bytes) })).rejects.toThrow(refused);
    await expect(loadWeights(new Uint8Array(bytes), options)).rejects.toThrow(refused);
  } finally {
    await rm(folder, { recursive: true });
  }
});

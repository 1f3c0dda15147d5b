// A checkpoint of PyTorch and its conversion to safetensors are the same model.
import { readFileSync } from "node:fs";
import { batchNorm, dense, predict, sequential } from "@hooke/core";
import { conv2d, globalAveragePool, residualBlock } from "@hooke/layers-conv";
import { referenceBackend, zeros } from "@hooke/runtime";
import { expect, it } from "vitest";
import { loadWeights } from "./load-weights.ts";
import { torchResnetNames } from "./maps/torch-resnet.ts";

const fixture = (name: string) => new URL(`./fixtures/narrow-resnet.${name}`, import.meta.url);
const model = sequential({
  conv1: conv2d({ filters: 4, kernelSize: 7, stride: 2, padding: 3, bias: false }),
  norm1: batchNorm(),
  layer1: sequential([residualBlock({ filters: 4 })]),
  layer2: sequential([residualBlock({ filters: 8, stride: 2 })]),
  average: globalAveragePool(),
  head: dense({ units: 3 }),
});
const options = { model, inputShape: [16, 16, 3], map: torchResnetNames("narrow") };

it("the .pth of a narrow ResNet gives the numbers of its safetensors", async () => {
  const backend = referenceBackend();
  const converted = await loadWeights(fixture("safetensors"), options);
  const own = await loadWeights(fixture("pth"), options);
  expect(own.model).toEqual(converted.model);
  expect(own.report).toMatchObject({ nest: ["state_dict"], prefix: "module.", leftOver: [], missing: [] });
  expect(own.report.matched).toHaveLength(32);
  expect(String(own.report)).toContain('behind "module.", in "state_dict"');
  const rows = zeros([2, 16, 16, 3]);
  rows.data.set(rows.data.map((_, i) => Math.sin(i)));
  expect(await predict(own.model, rows, { backend })).toEqual(await predict(converted.model, rows, { backend }));
});

it("what a .pth asks for beyond tensors is refused by name, older files by what they are", async () => {
  const bytes = new Uint8Array(readFileSync(new URL("../../../io/src/pytorch/fixtures/module.pth", import.meta.url)));
  await expect(loadWeights(bytes, options)).rejects.toThrow("weights: asks for torch.nn.modules.container.Sequential");
  await expect(loadWeights(Uint8Array.of(0x80, 2, 0x4e, 0x2e), options)).rejects.toThrow("weights: is a bare pickle");
});

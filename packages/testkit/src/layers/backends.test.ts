// Layers on the other backends: outputs, next states and gradients as on the reference, or as on wasm where they are too large for that.
// WebGPU is skipped where it does not run.
import { createTfjsBackend } from "@hooke/backend-tfjs";
import { wasmBackend } from "@hooke/backend-wasm";
import { webgpu, webgpuBackend } from "@hooke/backend-webgpu";
import type { Backend } from "@hooke/runtime";
import "@tensorflow/tfjs-backend-cpu";
import { backend as kernelBackend, setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { offerSwiftshader } from "../swiftshader.ts";
import { type LayerCase, titleOf } from "./case.ts";
import { attentionCases } from "./cases/attention.ts";
import { convolutionCases } from "./cases/convolution.ts";
import { coreCases } from "./cases/core.ts";
import { graphsCases } from "./cases/graphs.ts";
import { layerCases } from "./cases/index.ts";
import { regularizationCases } from "./cases/regularization.ts";
import { sequencesCases } from "./cases/sequences.ts";
import { agreement, agreementIn } from "./checks/agreement.ts";

const full = process.env.HOOKE_TESTS === "full";
const all = [coreCases, convolutionCases, sequencesCases, graphsCases, attentionCases, regularizationCases]
  .flatMap((cases): readonly LayerCase[] => Object.values(cases).flat())
  .filter(({ skip }) => skip?.agreement === undefined && skip?.derivatives === undefined);
/** The first of every other layer: without a GPU, WebGPU compiles shaders for seconds. */
const sample = all
  .filter(({ layer }, at) => all.findIndex((other) => other.layer.type === layer.type) === at)
  .filter((_, at) => at % 2 === 0);
/** With those of the packages for equations and transfer, and those with many parameters. */
const every = [...Object.values(layerCases)]
  .flatMap((cases): readonly LayerCase[] => Object.values(cases).flat())
  .filter(({ skip }) => skip?.agreement === undefined);

offerSwiftshader();
const status = await webgpu.backends.webgpu.available();
const absent = status.available ? "" : ` (skipped: ${status.reason}. ${status.cure})`;
if (!status.available) console.warn(`Layers are not run on WebGPU: ${status.reason}. ${status.cure}`);

async function tfjsBackend(): Promise<Backend> {
  await setBackend("cpu");
  return createTfjsBackend({ name: "tfjs-cpu", engine: "cpu", kernelBackend: kernelBackend() });
}

function agree(name: string, cases: readonly LayerCase[], create: () => Promise<Backend>): void {
  describe(`layers agree with the reference on ${name}`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await create();
    });
    it.each(cases.map((entry) => [titleOf(entry), entry] as const))("%s", async (_, entry) => {
      expect(await agreement(entry, { backend, plugins: [] })).toEqual([]);
    });
  });
}

agree("tfjs cpu", all, tfjsBackend);
describe.skipIf(!status.available)(`WebGPU${absent}`, () =>
  agree("webgpu", full ? every : sample, () => webgpuBackend()),
);

/**
 * Networks with statistics of three rows, in the end of a pixel each: a change in the last bit of the input changes gradients by percents in training, on wasm, too.
 * They are compared in inference.
 */
const sensitive = ["mobileNetV2", "resnet18", "resnet34"];
const large = Object.values(convolutionCases)
  .flat()
  .filter(({ skip }) => skip?.agreement !== undefined);

describe.skipIf(!status.available || !full)(
  `layers too large for the reference agree on WebGPU with wasm, with HOOKE_TESTS=full${absent}`,
  () => {
    it.each(large.map((entry) => [titleOf(entry), entry] as const))("%s", async (_, entry) => {
      const modes = sensitive.includes(entry.layer.type) ? [false] : [false, true];
      expect(await agreementIn("f32", entry, await webgpuBackend(), wasmBackend(), modes)).toEqual([]);
    });
  },
);

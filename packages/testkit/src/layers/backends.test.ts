// Layers on the other backends: outputs, next states and gradients as on the reference. WebGPU is skipped where it does not run.
import { createTfjsBackend } from "@hooke/backend-tfjs";
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
import { regularizationCases } from "./cases/regularization.ts";
import { sequencesCases } from "./cases/sequences.ts";
import { agreement } from "./checks/agreement.ts";

const all = [coreCases, convolutionCases, sequencesCases, graphsCases, attentionCases, regularizationCases]
  .flatMap((cases): readonly LayerCase[] => Object.values(cases).flat())
  .filter(({ skip }) => skip?.agreement === undefined && skip?.derivatives === undefined);

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
describe.skipIf(!status.available)(`WebGPU${absent}`, () => agree("webgpu", all, () => webgpuBackend()));

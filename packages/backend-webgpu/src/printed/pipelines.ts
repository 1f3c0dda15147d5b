// Pipelines of kernels: compiled side by side, kept by their text, which says nothing of where arrays lie.
import type { Launch } from "@hooke/kernels";
import { fail, remember } from "@hooke/runtime";
import { patiently } from "../patience.ts";

export class Pipelines {
  private readonly device: GPUDevice;
  /** What every kernel binds: memory, and its pointers. */
  readonly arrays: GPUBindGroupLayout;
  /** By the number of loops around: what kernels in them bind besides. */
  private readonly loops: GPUBindGroupLayout[] = [];
  private readonly layouts: GPUPipelineLayout[] = [];
  private readonly known = new Map<string, Promise<GPUComputePipeline>>();

  constructor(device: GPUDevice) {
    this.device = device;
    this.arrays = device.createBindGroupLayout({
      entries: [
        { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: "storage" } },
        { binding: 1, visibility: GPUShaderStage.COMPUTE, buffer: { type: "uniform", hasDynamicOffset: true } },
      ],
    });
  }

  /** What kernels within some loops bind besides: the number of the step of each. */
  stepsLayout(levels: number): GPUBindGroupLayout {
    this.loops[levels] ??= this.device.createBindGroupLayout({
      entries: Array.from({ length: levels }, (_, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: "uniform" as const, hasDynamicOffset: true },
      })),
    });
    return this.loops[levels];
  }

  /** The pipelines of launches. @throws with the name of the kernel and the line of its text that the device refuses */
  async of(launches: readonly Launch[]): Promise<GPUComputePipeline[]> {
    return Promise.all(launches.map((launch) => remember(this.known, launch.code, () => this.compile(launch))));
  }

  private async compile({ label, code, levels }: Launch): Promise<GPUComputePipeline> {
    this.layouts[levels] ??= this.device.createPipelineLayout({
      bindGroupLayouts: levels === 0 ? [this.arrays] : [this.arrays, this.stepsLayout(levels)],
    });
    this.device.pushErrorScope("validation");
    const module = this.device.createShaderModule({ label, code });
    const invalid = this.device.popErrorScope();
    try {
      const pipeline = await patiently(
        this.device.createComputePipelineAsync({
          label,
          layout: this.layouts[levels],
          compute: { module, entryPoint: "main" },
        }),
      );
      await invalid;
      return pipeline;
    } catch (error) {
      const { messages } = await module.getCompilationInfo();
      const first = messages.find(({ type }) => type === "error");
      const line = first && code.split("\n")[first.lineNum - 1]?.trim();
      const said = first ? `line ${first.lineNum}, "${line}": ${first.message}` : (error as Error).message;
      return fail("backend webgpu", `the kernel "${label}" does not compile: ${said.trim()}`, "unsupported");
    }
  }
}

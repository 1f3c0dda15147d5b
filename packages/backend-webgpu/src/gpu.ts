// Finding a GPU: `navigator.gpu` in browsers and in Deno, the optional package `webgpu` (Dawn) in Node.
import type { Availability, Speed } from "@hooke/runtime";
import { largest } from "./limits.ts";

/** An adapter, or why there is none. */
export type Found = { readonly adapter: GPUAdapter } | { readonly reason: string; readonly cure: string };

/** Node, or what looks like it and has WebGPU of its own, as Deno does. */
const isNode = (): boolean =>
  (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !== undefined;

/** What browsers and Deno have. */
const nativeGpu = (): GPU | undefined => (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu;

/** Whether devices are Dawn's, which Node has by a package. */
export const usesDawn = (): boolean => isNode() && nativeGpu() === undefined;

/** Exported by `webgpu`: an instance of Dawn, and the constants and classes that browsers keep among their globals. */
interface Dawn {
  create(options: string[]): GPU;
  readonly globals: object;
}

// One instance of Dawn for the process: collecting it while its devices live would end them.
let dawn: Promise<GPU | { reason: string; cure: string }> | undefined;

async function startDawn(): Promise<GPU | { reason: string; cure: string }> {
  try {
    // A name that bundlers cannot follow, not even by inlining constants: the package is optional, and native.
    const name = ["web", "gpu"].join("");
    const { create, globals } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as Dawn;
    // GPUBufferUsage and its like are where browsers have them.
    for (const [key, value] of Object.entries(globals)) {
      if (!(key in globalThis)) Object.defineProperty(globalThis, key, { value, configurable: true, writable: true });
    }
    return create([]);
  } catch (error) {
    const isMissing = (error as { code?: string }).code === "ERR_MODULE_NOT_FOUND";
    return {
      reason: isMissing
        ? 'the package "webgpu" is not installed'
        : `"webgpu" does not load: ${(error as Error).message}`,
      cure: isMissing
        ? "WebGPU in Node comes with it: npm install webgpu."
        : "Its binaries are for Linux, macOS and Windows on x64 and arm64; reinstall it there.",
    };
  }
}

/** An adapter, or the reason and the cure where there is none. */
export async function findAdapter(powerPreference: GPUPowerPreference): Promise<Found> {
  const native = nativeGpu();
  if (!native && !isNode()) {
    return (globalThis as { isSecureContext?: boolean }).isSecureContext === false
      ? { reason: "WebGPU needs a secure page", cure: "Serve the page over https, or from localhost." }
      : {
          reason: "the browser has no WebGPU",
          cure:
            "Use a current Chrome, Edge, Safari or Firefox (on Linux, with dom.webgpu.enabled in about:config), or the " +
            "backend wasm.",
        };
  }
  if (!native) dawn ??= startDawn();
  const gpu = native ?? (await dawn!);
  if ("reason" in gpu) return gpu;
  const adapter = await gpu.requestAdapter({ powerPreference });
  if (adapter) return { adapter };
  return isNode()
    ? {
        reason: `${native ? "WebGPU" : "Dawn"} finds no GPU adapter: on Linux it needs libvulkan and a Vulkan driver`,
        cure:
          "Install libvulkan1 and the GPU's Vulkan driver, and check with vulkaninfo. Without a GPU, SwiftShader does " +
          "(it comes with chromium): set VK_ICD_FILENAMES to its vk_swiftshader_icd.json.",
      }
    : {
        reason: "the browser finds no GPU adapter",
        cure: "Turn on hardware acceleration in its settings, or use the backend wasm.",
      };
}

/** What to call a GPU. */
export const adapterName = (info: GPUAdapterInfo): string =>
  info.description || info.device || [info.vendor, info.architecture].filter(Boolean).join(" ") || "unnamed GPU";

/** Whether WebGPU can run here. */
export async function availability(): Promise<Availability> {
  const found = await findAdapter("high-performance");
  if ("reason" in found) return { available: false, reason: found.reason, cure: found.cure };
  const { info, limits } = found.adapter;
  return {
    available: true,
    device: adapterName(info),
    // As the backend says once it is started.
    dtypes: ["f32", "i32", "u32", "bool"],
    // WebGPU does not tell how much memory there is.
    memory: { bytes: largest(limits), of: "all arrays together" },
    speed: isSoftware(info) ? onProcessor : onGpu,
  };
}

/** SwiftShader on two cores: fitted to programs of 0.6 to 2,000 ms, docs/decisions/0007-choosing-a-backend.md. */
const onProcessor: Speed = { launches: "kernels", launch: 15, gigaflops: 2, gigabytes: 0.9 };
/** Of a GPU as most desks have one; assumed, not measured. */
const onGpu: Speed = { launches: "kernels", launch: 10, gigaflops: 1000, gigabytes: 100 };

/** Whether a driver computes on the processor. */
export function isSoftware(info: GPUAdapterInfo): boolean {
  const { isFallbackAdapter = false } = info as { isFallbackAdapter?: boolean };
  const said = [info.vendor, info.architecture, info.device, info.description].join(" ");
  return isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(said);
}

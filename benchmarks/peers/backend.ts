// The backend that Hooke is measured on, by name.
import { existsSync } from "node:fs";
import { cuda } from "@hooke/backend-cuda";
import { wasm } from "@hooke/backend-wasm";
import { webgpu } from "@hooke/backend-webgpu";
import { type Backend, createRuntime } from "@hooke/runtime";

// Without a GPU's driver, WebGPU in Node runs on the SwiftShader that Debian's chromium brings.
const swiftshader = "/usr/lib/chromium/vk_swiftshader_icd.json";
if (process.env.VK_ICD_FILENAMES === undefined && existsSync(swiftshader)) process.env.VK_ICD_FILENAMES = swiftshader;

const plugins = [wasm, webgpu, cuda] as const;

/** The names there are. */
export type BackendName = "wasm" | "webgpu" | "cuda";

/** Starts a backend; `device` is what it runs on. @throws with reason and cure if it is unavailable */
export async function startBackend(name: BackendName): Promise<{ readonly backend: Backend; readonly device: string }> {
  const runtime = await createRuntime({ plugins, backend: name });
  const status = (await runtime.backends()).find((entry) => entry.name === name)!;
  return { backend: runtime.backend, device: status.available ? status.device : "" };
}

// The backend that Hooke is measured on, by name.
import { cuda } from "@hooke/backend-cuda";
import { wasm } from "@hooke/backend-wasm";
import { webgpu } from "@hooke/backend-webgpu";
import { type Backend, createRuntime } from "@hooke/runtime";
import { offerSwiftshader } from "@hooke/testkit/swiftshader";

offerSwiftshader();

const plugins = [wasm, webgpu, cuda] as const;

/** The names there are. */
export type BackendName = "wasm" | "webgpu" | "cuda";

/** Starts a backend; `device` is what it runs on. @throws with reason and cure if it is unavailable */
export async function startBackend(name: BackendName): Promise<{ readonly backend: Backend; readonly device: string }> {
  const runtime = await createRuntime({ plugins, backend: name });
  const status = (await runtime.backends()).find((entry) => entry.name === name)!;
  return { backend: runtime.backend, device: status.available ? status.device : "" };
}

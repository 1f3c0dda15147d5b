// The backend that Hooke is measured on, by name.
import { cuda, cudaFactory } from "@hooke/backend-cuda";
import { wasm } from "@hooke/backend-wasm";
import { webgpu } from "@hooke/backend-webgpu";
import { type Backend, createRuntime, definePlugin } from "@hooke/runtime";
import { offerSwiftshader } from "@hooke/testkit/swiftshader";

offerSwiftshader();

/** The other engine of the backend `cuda`, by a name of its own. */
const driver = definePlugin({
  name: "cuda-driver",
  backends: { "cuda-driver": { ...cudaFactory({ engine: "driver" }), name: "cuda-driver" } },
});

const plugins = [wasm, webgpu, cuda, driver] as const;

/** The names there are. */
export type BackendName = "wasm" | "webgpu" | "cuda" | "cuda-driver";

/** A backend that runs. */
export interface Started {
  readonly backend: Backend;
  /** What it runs on. */
  readonly device: string;
  /** Whether that is the processor in a GPU's place: an update of a large network takes seconds there. */
  readonly emulated: boolean;
}

/** Starts a backend. @throws with reason and cure if it is unavailable */
export async function startBackend(name: BackendName): Promise<Started> {
  const runtime = await createRuntime({ plugins, backend: name });
  const status = (await runtime.backends()).find((entry) => entry.name === name)!;
  const device = status.available ? status.device : "";
  return { backend: runtime.backend, device, emulated: /swiftshader|llvmpipe/i.test(device) };
}

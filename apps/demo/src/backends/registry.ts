// The backends that the workbench can compute with, for all of its workers: one is offered on every page when its plugin is added here.
import { wasm } from "@hooke/backend-wasm";
import { webgpu } from "@hooke/backend-webgpu";
import {
  type Backend,
  type BackendStatus,
  type Choice,
  createRuntime,
  type Runtime,
  referenceBackend,
  type Work,
} from "@hooke/runtime";

const plugins = [wasm, webgpu] as const;
type Started = Runtime<typeof plugins>;

const started = new Map<string, Promise<Started>>();

function start(name: string, workload?: Work): Promise<Started> {
  const key = name === "auto" ? `auto ${JSON.stringify(workload)}` : name;
  let runtime = started.get(key);
  if (runtime === undefined) {
    // The name comes from the address: createRuntime says so if no plugin provides it, or if it is unavailable.
    runtime = createRuntime({ plugins, backend: name as "wasm", ...(workload && { workload }) });
    runtime.catch(() => started.delete(key));
    started.set(key, runtime);
  }
  return runtime;
}

/** A backend by its name; `"auto"` goes by the work, which is what one step of a run computes. @throws where it cannot do the work */
export const backendFor = async (name: string, workload?: Work): Promise<Backend> =>
  (await start(name, workload)).backend;

/** Which backend a name stands for, and why. */
export const choiceFor = async (name: string, workload: Work): Promise<Choice> => (await start(name, workload)).choice;

/** Every backend with its device, or why it is unavailable and what cures that. */
export const backends = async (): Promise<readonly BackendStatus[]> =>
  (await createRuntime({ plugins, backend: referenceBackend() })).backends();

// Hooke on one of its backends; the argument names it.
import manifest from "@hooke/core/package.json" with { type: "json" };
import { type BackendName, startBackend } from "./backend.ts";
import { hookeTasks } from "./hooke-tasks.ts";
import { countLaunches } from "./on-webgpu.ts";
import { serve } from "./protocol.ts";

const name = (process.argv[2] ?? "wasm") as BackendName;
const { backend, device, emulated } = await startBackend(name);
const again = async () => (await startBackend(name)).backend;

await serve(
  "Hooke",
  name === "wasm" ? `${manifest.version}, wasm` : `${manifest.version}, ${name} on ${device}`,
  hookeTasks(backend, again, emulated),
  name === "webgpu" ? countLaunches() : undefined,
);
// A GPU does not let the process end by itself.
process.exit();

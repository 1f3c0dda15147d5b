// Hooke on one of its backends; the argument names it. With HOOKE_WIDE=1 tasks are left out that vectors decide little of.
import { wideVectors } from "@hooke/backend-wasm/engine";
import manifest from "@hooke/core/package.json" with { type: "json" };
import { type BackendName, startBackend } from "./backend.ts";
import { hookeTasks } from "./hooke-tasks.ts";
import { countLaunches } from "./on-webgpu.ts";
import { type Greeting, serve } from "./protocol.ts";

/** Compiling, what is computed in JavaScript, and what others show as well. */
const narrowOnly = new Set(["stepRead", "prepare", "loop", "gaussianProcess", "boosting", "preparePublished"]);

const engine = wideVectors();
const wide = process.env.HOOKE_WIDE === "1";
if (wide && !engine.available) {
  console.log(JSON.stringify({ missing: engine.reason } satisfies Greeting));
  process.exit();
}
const name = (process.argv[2] ?? "wasm") as BackendName;
const { backend, device, emulated } = await startBackend(name);
const again = async () => (await startBackend(name)).backend;
const tasks = hookeTasks(backend, again, emulated);

await serve(
  "Hooke",
  name === "wasm" ? `${manifest.version}, wasm` : `${manifest.version}, ${name} on ${device}`,
  wide ? Object.fromEntries(Object.entries(tasks).filter(([task]) => !narrowOnly.has(task))) : tasks,
  name === "webgpu" ? countLaunches() : undefined,
);
// A GPU does not let the process end by itself.
process.exit();

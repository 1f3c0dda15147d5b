// The worker: trains, reports progress, keeps checkpoints, and stops when told to.
import { wasmBackend } from "@hooke/backend-wasm";
import { webgpuBackend } from "@hooke/backend-webgpu";
import { train } from "@hooke/core";
import { digest } from "./digest.ts";
import type { Command, Job, Report } from "./messages.ts";
import { keep, kept } from "./storage.ts";
import { surrogate } from "./surrogate.ts";

const abort = new AbortController();
const report = (message: Report): void => self.postMessage(message);

/** Lets waiting messages in: promises alone never would. */
function messages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

async function start({ backend, epochs, name, checkpointEvery }: Job): Promise<void> {
  const resume = await kept(name);
  let ownSteps = 0;
  const events = train({
    ...surrogate(epochs),
    backend: backend === "wasm" ? wasmBackend() : await webgpuBackend(),
    checkpoint: { every: checkpointEvery, save: (bytes) => keep(name, bytes) },
    signal: abort.signal,
    ...(resume && { resume }),
  });
  for await (const event of events) {
    if (event.type === "step") {
      ownSteps++;
      report({ type: "progress", step: event.step, loss: event.loss });
      await messages();
    } else if (event.type === "end") {
      const { reason, step, history } = event;
      const losses = [history[0]?.loss ?? Number.NaN, history.at(-1)?.loss ?? Number.NaN] as const;
      report({ type: "end", reason, step, ownSteps, losses, digest: await digest(event) });
    }
  }
}

self.onmessage = ({ data }: MessageEvent<Command>) => {
  if (data.type === "cancel") abort.abort();
  else start(data.job).catch((error) => report({ type: "error", message: String(error) }));
};

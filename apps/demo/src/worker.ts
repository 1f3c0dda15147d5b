// The worker: answers the page, one request after the other, and has trainings run, reporting at most 15 times a second.
import { wasm } from "@hooke/backend-wasm";
import { webgpu } from "@hooke/backend-webgpu";
import { trainingWork } from "@hooke/core";
import { type Backend, createRuntime, type Runtime, referenceBackend, type Work } from "@hooke/runtime";
import type { Reply, Request, Subject } from "./messages.ts";
import { activationCurves } from "./model.ts";
import { fromHash, type Settings, toHash } from "./settings.ts";
import { load, loadAll, remove, save } from "./storage.ts";
import { beginning, continued, isDivergence, stepsOf, type Training, workload } from "./training.ts";

/** A backend appears on the page when its plugin is added here. */
const plugins = [wasm, webgpu] as const;
type Started = Runtime<typeof plugins>;

const reportEvery = 1000 / 15;
const say = (reply: Reply): void => postMessage(reply);
const explain = (error: unknown): void =>
  say({ type: "error", message: error instanceof Error ? error.message : String(error) });

/** Stops the training that runs, if one does. */
let stop: AbortController | undefined;
let training: Promise<void> = Promise.resolve();
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

/** The backend of the settings; `"auto"` goes by what one of their updates computes. */
async function backendOf(settings: Settings): Promise<Backend> {
  const { backend, choice } = await start(settings.backend, trainingWork(workload(settings)));
  say({ type: "choice", choice });
  return backend;
}

const standing = async (settings: Settings): Promise<Training> => (await load(toHash(settings))) ?? beginning(settings);

function report({ settings, id }: Subject, now: Training, stepsPerSecond?: number): void {
  const { step, outcome, curves, parity, digest } = now;
  const begun = step > 0 || outcome === "diverged";
  const state = stepsPerSecond !== undefined ? "running" : begun ? outcome : "idle";
  const steps = stepsOf(settings);
  say({ type: "progress", id, state, step, steps, stepsPerSecond: stepsPerSecond ?? 0, curves, parity, digest });
}

async function listKept(): Promise<void> {
  const list = (await loadAll()).map(({ hash, outcome, curves, time }) => {
    return { settings: fromHash(hash), outcome, epoch: curves.validation.length, time };
  });
  say({ type: "kept", list });
}

async function run(subject: Subject, from: Training, signal: AbortSignal): Promise<void> {
  const { settings } = subject;
  let now = from;
  let reported = { time: performance.now(), step: from.step };
  try {
    for await (now of continued(settings, from, await backendOf(settings), signal)) {
      const elapsed = performance.now() - reported.time;
      if (elapsed < reportEvery) continue;
      report(subject, now, ((now.step - reported.step) / elapsed) * 1000);
      reported = { time: performance.now(), step: now.step };
      // Steps follow each other in microtasks; a turn of the event loop lets messages in.
      await new Promise((resolve) => setTimeout(resolve));
    }
  } catch (error) {
    explain(error);
    if (isDivergence(error)) {
      now = { ...now, outcome: "diverged" };
      await save(now);
    } else {
      now = await standing(settings);
    }
  }
  report(subject, now);
  await listKept();
}

async function halt(): Promise<void> {
  stop?.abort();
  await training;
}

async function answer(request: Request): Promise<void> {
  if (request.type === "open") {
    const { settings } = request;
    report(request, await standing(settings));
    await listKept();
    const { backends } = await createRuntime({ plugins, backend: referenceBackend() });
    const list = await backends();
    say({ type: "backends", list });
    // The page gives up a backend that is not in the list.
    if (settings.backend === "auto" || list.some(({ name }) => name === settings.backend)) await backendOf(settings);
  } else if (request.type === "activation") {
    const { backend } = await start("wasm");
    say({ type: "activation", columns: await activationCurves(backend, request.name) });
  } else if (request.type === "pause") {
    stop?.abort();
  } else if (request.type === "reset") {
    await halt();
    await remove(toHash(request.settings));
    report(request, beginning(request.settings));
    await listKept();
  } else {
    await halt();
    const { settings, resume } = request;
    const from = await standing(settings);
    if (resume && from.step === 0) {
      report(request, from);
      throw new Error(
        "The training that was to go on is no longer kept: it was reset, or replaced by newer ones, in another tab. Start trains anew.",
      );
    }
    stop = new AbortController();
    training = run(request, from, stop.signal).catch(explain);
  }
}

let answered: Promise<void> = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<Request>) => {
  answered = answered.then(() => answer(data)).catch(explain);
};

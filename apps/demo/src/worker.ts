// The worker: trains, keeps checkpoints and reports to the page, at most 15 times a second.
import { wasm } from "@hooke/backend-wasm";
import { webgpu } from "@hooke/backend-webgpu";
import { adam, mse, predict, train, trainingWork } from "@hooke/core";
import { type Backend, createRuntime, type Runtime, referenceBackend, type Work } from "@hooke/runtime";
import type { Points, Reply, Request } from "./messages.ts";
import { activationCurves, network, placeholder, surrogateData, trainingRows } from "./model.ts";
import { fromHash, type Settings, toHash } from "./settings.ts";
import { clear, load, type Saved, save } from "./storage.ts";

/** A backend appears on the page when its plugin is added here. */
const plugins = [wasm, webgpu] as const;
type Started = Runtime<typeof plugins>;

/** Rows of an update. */
const batchSize = 64;

const reportEvery = 1000 / 15;
const say = (reply: Reply): void => postMessage(reply);

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

const optimizerOf = ({ weightDecay }: Settings) => adam({ weightDecay });

/** The backend of the settings; `"auto"` goes by what one of their updates computes. */
async function backendOf(settings: Settings): Promise<Backend> {
  const data = placeholder;
  const spec = { model: network(settings), loss: mse(), optimizer: optimizerOf(settings), data, batchSize };
  const { backend, choice } = await start(settings.backend, trainingWork(spec));
  say({ type: "choice", choice });
  return backend;
}

const nothing = {
  bytes: new Uint8Array(),
  step: 0,
  finished: false,
  digest: "",
  curves: { train: [], validation: [] },
};
const empty: Omit<Saved, "hash"> = { ...nothing, parity: [[], []] };

async function savedFor(settings: Settings): Promise<Saved> {
  const hash = toHash(settings);
  const saved = await load();
  return saved?.hash === hash ? saved : { ...empty, hash };
}

function report(saved: Saved, stepsPerSecond: number, running: boolean): void {
  const { step, finished, curves, parity, digest } = saved;
  const { epochs } = fromHash(saved.hash);
  const state = running ? "running" : finished ? "finished" : step > 0 ? "paused" : "idle";
  const steps = epochs * Math.ceil(trainingRows / batchSize);
  say({ type: "progress", state, step, steps, stepsPerSecond, curves, parity, digest });
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function run(settings: Settings, signal: AbortSignal): Promise<void> {
  let now = await savedFor(settings);
  const backend = await backendOf(settings);
  const data = await surrogateData(backend, settings.seed);
  const layer = network(settings);
  const { inputs, targets } = data.validation;
  let loss = 0;
  let reported = performance.now();
  let reportedStep = now.step;
  let rate = 0;
  const events = train({
    backend,
    model: layer,
    data,
    loss: mse(),
    optimizer: optimizerOf(settings),
    learningRate: settings.learningRate,
    batchSize,
    epochs: settings.epochs,
    seed: settings.seed,
    signal,
    checkpoint: {
      every: "epoch",
      async save(bytes, { step, epoch }) {
        const digest = await digestOf(bytes);
        now = { ...now, bytes: new Uint8Array(bytes), step, digest, finished: epoch >= settings.epochs };
        await save(now);
      },
    },
    ...(now.bytes.length > 0 ? { resume: now.bytes } : {}),
  });
  for await (const event of events) {
    if (event.type === "step") now = { ...now, step: event.step };
    if (event.type === "epoch") loss = event.loss;
    if (event.type === "validation") {
      const { train: losses, validation } = now.curves;
      now = { ...now, curves: { train: [...losses, loss], validation: [...validation, event.loss] } };
      const model = { layer, inputShape: inputs.shape.slice(1), variables: await event.variables() };
      now = { ...now, parity: sorted(targets.data, (await predict(model, inputs, { backend })).data) };
    }
    const elapsed = performance.now() - reported;
    if (elapsed >= reportEvery) {
      rate = ((now.step - reportedStep) / elapsed) * 1000;
      report(now, rate, true);
      reported = performance.now();
      reportedStep = now.step;
      // Steps follow each other in microtasks; a turn of the event loop lets messages in.
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  report(now, 0, false);
}

/** By true value, as the chart wants them. */
function sorted(truth: ArrayLike<number>, predictions: ArrayLike<number>): Points {
  const order = Array.from(truth, (_, i) => i).sort((a, b) => truth[a]! - truth[b]!);
  return [order.map((i) => truth[i]!), order.map((i) => predictions[i]!)];
}

async function answer(request: Request): Promise<void> {
  if (request.type === "open") {
    const { backends } = await createRuntime({ plugins, backend: referenceBackend() });
    say({ type: "backends", list: await backends() });
    report(await savedFor(request.settings), 0, false);
    await backendOf(request.settings);
  } else if (request.type === "activation") {
    const { backend } = await start("wasm");
    say({ type: "activation", columns: await activationCurves(backend, request.settings) });
  } else if (request.type === "pause") {
    stop?.abort();
  } else if (request.type === "reset") {
    stop?.abort();
    await training;
    await clear();
    report({ ...empty, hash: "" }, 0, false);
  } else {
    stop?.abort();
    await training;
    stop = new AbortController();
    training = run(request.settings, stop.signal).catch(async (error) => {
      explain(error);
      report(await savedFor(request.settings), 0, false);
    });
  }
}

const explain = (error: unknown): void =>
  say({ type: "error", message: error instanceof Error ? error.message : String(error) });

self.onmessage = ({ data }: MessageEvent<Request>) => void answer(data).catch(explain);

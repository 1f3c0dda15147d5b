// The page's state, as signals, and its side of the conversation with the worker.

import type { BackendStatus, Choice } from "@hooke/runtime";
import { signal } from "@preact/signals";
import type { Points, Reply, Request } from "./messages.ts";
import { fromHash, type Settings, toHash } from "./settings.ts";

type Progress = Extract<Reply, { type: "progress" }>;

export const idle: Progress = {
  type: "progress",
  state: "idle",
  step: 0,
  stepsPerSecond: 0,
  steps: 0,
  curves: { train: [], validation: [] },
  parity: [[], []],
  digest: "",
};

export const settings = signal<Settings>(fromHash(location.hash));
export const progress = signal<Progress>(idle);
export const backends = signal<readonly BackendStatus[]>([]);
export const activation = signal<Points>([[], [], [], []]);
export const choice = signal<Choice | undefined>(undefined);
export const error = signal("");

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const say = (request: Request): void => worker.postMessage(request);

worker.onmessage = ({ data }: MessageEvent<Reply>) => {
  if (data.type === "progress") progress.value = data;
  else if (data.type === "backends") backends.value = data.list;
  else if (data.type === "activation") activation.value = data.columns;
  else if (data.type === "choice") choice.value = data.choice;
  else error.value = data.message;
};
worker.onerror = (event) => {
  error.value = `The worker stopped: ${event.message}. Reload the page; training goes on from its last checkpoint.`;
};

function open(): void {
  say({ type: "open", settings: settings.value });
  say({ type: "activation", settings: settings.value });
}

/** Takes settings over, in the page and in the address. */
export function change(next: Settings): void {
  settings.value = next;
  error.value = "";
  history.replaceState(null, "", toHash(next));
  open();
}

export function start(): void {
  error.value = "";
  history.replaceState(null, "", toHash(settings.value));
  progress.value = { ...progress.value, state: "running" };
  say({ type: "start", settings: settings.value });
}

export const pause = (): void => say({ type: "pause" });
export const reset = (): void => say({ type: "reset" });

window.addEventListener("hashchange", () => {
  if (progress.value.state === "running") return;
  settings.value = fromHash(location.hash);
  open();
});
open();

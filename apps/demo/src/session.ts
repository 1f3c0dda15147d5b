// The page's state, as signals, and its side of the conversation with the worker.
import type { ActivationName } from "@hooke/core";
import type { BackendStatus, Choice } from "@hooke/runtime";
import { computed, effect, signal } from "@preact/signals";
import type { Kept, Points, Reply, Request } from "./messages.ts";
import { fromHash, type Settings, toHash } from "./settings.ts";

type Progress = Extract<Reply, { type: "progress" }>;

const idle: Progress = {
  type: "progress",
  id: 0,
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
export const choice = signal<Choice | undefined>(undefined);
export const kept = signal<readonly Kept[]>([]);
export const error = signal("");
/** What the page has done on its own account. */
export const notice = signal("");
export const running = computed(() => progress.value.state === "running");

/** The activation whose curves are shown instead of the network's. */
export const explored = signal<ActivationName | undefined>(undefined);
export const shownActivation = computed(() => explored.value ?? settings.value.activation);
export const activationCurves = signal<Points>([[], [], [], []]);

/** Of the last request about a training: what answers an earlier one is out of date. */
let id = 0;
const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const say = (request: Request): void => worker.postMessage(request);

worker.onmessage = ({ data }: MessageEvent<Reply>) => {
  if (data.type === "progress") {
    if (data.id === id) progress.value = data;
  } else if (data.type === "backends") {
    backends.value = data.list;
    if (!provided(settings.value.backend)) change(settings.value);
  } else if (data.type === "activation") activationCurves.value = data.columns;
  else if (data.type === "choice") choice.value = data.choice;
  else if (data.type === "kept") kept.value = data.list;
  else error.value = data.message;
};
worker.onerror = (event) => {
  error.value = `The worker stopped: ${event.message}. Reload the page; training goes on from its last checkpoint.`;
};

const provided = (backend: string): boolean =>
  backend === "auto" || backends.value.some(({ name }) => name === backend);

const showInAddress = (): void => history.replaceState(null, "", toHash(settings.value));

function open(): void {
  progress.value = idle;
  say({ type: "open", settings: settings.value, id: ++id });
}

/** Takes settings over, in the page and in the address, and shows how their training stands. */
export function change(next: Settings): void {
  const replaced = backends.value.length > 0 && !provided(next.backend);
  const names = backends.value.map(({ name }) => name).join(" and ");
  notice.value = replaced ? `There is no backend "${next.backend}" here, only ${names}: auto chooses one.` : "";
  error.value = "";
  settings.value = replaced ? { ...next, backend: "auto" } : next;
  showInAddress();
  open();
}

export function start(): void {
  error.value = notice.value = "";
  showInAddress();
  say({ type: "start", settings: settings.value, id: ++id, resume: progress.value.state === "paused" });
  progress.value = { ...progress.value, state: "running" };
}

export const pause = (): void => say({ type: "pause" });

export function reset(): void {
  error.value = notice.value = "";
  say({ type: "reset", settings: settings.value, id: ++id });
}

window.addEventListener("hashchange", () => {
  if (!running.value) {
    change(fromHash(location.hash));
  } else if (location.hash !== toHash(settings.value)) {
    showInAddress();
    notice.value = "The address names the training that runs, and was put back. Pause it to open another address.";
  }
});
open();
effect(() => say({ type: "activation", name: shownActivation.value }));

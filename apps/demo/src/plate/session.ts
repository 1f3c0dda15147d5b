// The page's state, as signals, and its side of the conversation with the worker.
import { computed, signal } from "@preact/signals";
import type { Drawing, Reply, Request, Shape, Standing } from "./messages.ts";

export const shape = signal<Shape>(1);
export const state = signal<"idle" | "running" | "stopped" | "finished">("idle");
export const standing = signal<Standing | undefined>(undefined);
export const drawing = signal<Drawing | undefined>(undefined);
export const warnings = signal<readonly string[]>([]);
export const error = signal("");
export const running = computed(() => state.value === "running");

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const say = (request: Request): void => worker.postMessage(request);

worker.onmessage = ({ data }: MessageEvent<Reply>) => {
  if (data.type === "progress") standing.value = data.standing;
  else if (data.type === "drawing") drawing.value = data.drawing;
  else if (data.type === "ended") {
    state.value = data.why;
    warnings.value = data.warnings;
  } else {
    state.value = "stopped";
    error.value = data.message;
  }
};
worker.onerror = (event) => {
  state.value = "stopped";
  error.value = `The worker stopped: ${event.message}. Reload the page.`;
};

export function start(): void {
  [error.value, warnings.value, standing.value] = ["", [], undefined];
  state.value = "running";
  say({ type: "start", shape: shape.value });
}

export const stop = (): void => say({ type: "stop" });

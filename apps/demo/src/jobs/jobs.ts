// The list of jobs: every run that computes here or is kept, whatever page is shown.
import { computed, type Signal, signal } from "@preact/signals";
import { addressOf } from "../shell/address.ts";
import type { Kept, Outcome } from "./messages.ts";
import { loadAll, remove } from "./storage.ts";
import type { Running, Workers } from "./workers.ts";

/** A page with settings, and how its run stands. */
export interface Job<Shown = unknown> {
  /** Page and settings, as in the address. */
  readonly address: string;
  readonly page: string;
  /** Its settings in words. */
  readonly title: string;
  readonly state: "ready" | "running" | Outcome;
  readonly done: number;
  /** 0 where nothing has been computed. */
  readonly total: number;
  /** What was done of late; 0 while it does not compute. */
  readonly perSecond: number;
  /** Undefined where nothing has been computed. */
  readonly shown: Shown | undefined;
  /** When it was kept last, in milliseconds since 1970. */
  readonly time?: number;
  /** What ended it, where nothing should have; empty where nothing did. */
  readonly error: string;
}

const all = signal<readonly Signal<Job>[]>([]);
const running = new Map<string, Running>();
/** Runs to be forgotten once they have ended. */
const forgotten = new Set<string>();

/** Those that were begun: what computes first, then the latest. */
export const jobs = computed<readonly Job[]>(() =>
  all.value
    .map((job) => job.value)
    .filter(({ state }) => state !== "ready")
    .sort((a, b) => Number(b.state === "running") - Number(a.state === "running") || (b.time ?? 0) - (a.time ?? 0)),
);

const ready = (address: string, page: string, title: string): Job => ({
  ...{ address, page, title, state: "ready", done: 0, total: 0, perSecond: 0, shown: undefined, error: "" },
});

const fromKept = ({ outcome, why = "", ...kept }: Kept): Job => ({
  ...kept,
  state: outcome,
  perSecond: 0,
  error: why,
});

/** The job of a page with settings. */
export function jobOf(page: string, query: string, title: string): Signal<Job> {
  const address = addressOf(page, query);
  const known = all.peek().find((job) => job.peek().address === address);
  if (known !== undefined) return known;
  const job = signal(ready(address, page, title));
  all.value = [...all.peek(), job];
  return job;
}

/** Takes over what is kept: other tabs keep runs, too. */
export async function refresh(): Promise<void> {
  const kept = new Map((await loadAll()).map((run) => [run.address, run] as const));
  for (const job of all.peek()) {
    const { address, page, title, state, error } = job.peek();
    const run = kept.get(address);
    kept.delete(address);
    if (state === "running") continue;
    if (run !== undefined) job.value = { ...fromKept(run), error };
    else if (state !== "ready") job.value = { ...ready(address, page, title), error };
  }
  if (kept.size > 0) all.value = [...all.peek(), ...[...kept.values()].map((run) => signal(fromKept(run)))];
}

/** Begins a run, or goes on with one that paused, on a worker of its page. */
export function start(job: Signal<Job>, settings: unknown, workers: Workers): void {
  const { address, page, title, state } = job.peek();
  if (state === "running") return;
  job.value = { ...job.peek(), state: "running", error: "" };
  const handle = workers.run({ address, page, title, settings, resume: state === "paused" }, (reply) => {
    if (reply.type === "standing") job.value = { ...job.peek(), ...reply.standing, perSecond: reply.perSecond };
    else void ended(job, reply.kept, reply.error);
  });
  running.set(address, handle);
}

async function ended(job: Signal<Job>, kept: Kept | undefined, error: string): Promise<void> {
  const { address, page, title } = job.peek();
  running.delete(address);
  const isForgotten = forgotten.delete(address);
  if (isForgotten) await remove(address);
  job.value = { ...(kept === undefined || isForgotten ? ready(address, page, title) : fromKept(kept)), error };
  await refresh();
}

export const pause = ({ address }: Job): void => running.get(address)?.pause();

/** Ends a run, if it computes, and drops what is kept of it. */
export async function forget(job: Job): Promise<void> {
  const { address } = job;
  if (running.has(address)) {
    forgotten.add(address);
    pause(job);
    return;
  }
  await remove(address);
  const known = all.peek().find((each) => each.peek().address === address);
  if (known !== undefined) known.value = ready(address, job.page, job.title);
}

/** Clears what was said of the last attempt. */
export function forgetError(job: Signal<Job>): void {
  if (job.peek().error !== "" && job.peek().state !== "failed") job.value = { ...job.peek(), error: "" };
}

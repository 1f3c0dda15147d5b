#!/usr/bin/env node
// One process of a pool: `hooke-sweep-worker FOLDER PROGRAM BEGAN`, which says by messages what it is at, and stops in good order when it is told to,
// or when the pool is gone.
import { HookeError } from "@hooke/runtime";
import { programSweep } from "./program.ts";
import { runSince, type TrialEvent } from "./run-sweep.ts";

/** What a worker says: of trials, and at last why it ends, if a trial does not end it. */
export type FromWorker = TrialEvent | { readonly type: "done" } | { readonly type: "fault"; readonly message: string };
/** What it is told. */
export type ToWorker = "stop";

const [folder, program, began] = process.argv.slice(2);
const stopping = new AbortController();
const stop = (): void => stopping.abort(new HookeError("interrupted: the process was asked to stop."));
// Ctrl-C reaches the pool, too, which passes it on: here a second one would end the process at once.
process.on("SIGINT", () => {});
process.once("SIGTERM", stop);
process.once("disconnect", stop);
process.once("message", stop);
const say = (message: FromWorker): void => void (process.connected && process.send!(message));
try {
  const sweep = await programSweep("runPool", program!);
  await runSince(began!, folder!, sweep, { signal: stopping.signal, onTrial: say });
  say({ type: "done" });
} catch (error) {
  const { signal } = stopping;
  if (signal.aborted && error === signal.reason) say({ type: "done" });
  else {
    say({
      type: "fault",
      message: error instanceof HookeError ? error.message : String((error as Error)?.stack ?? error),
    });
    process.exitCode = 1;
  }
}
process.removeAllListeners("disconnect");
if (process.connected) process.disconnect();

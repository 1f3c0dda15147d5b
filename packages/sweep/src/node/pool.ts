// A pool of processes on one machine: each computes trials of the list that no other is at, and one that is killed is replaced.
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { packageProgram, pathCheck } from "@hooke/data/node";
import { type Check, checkArgument, checkOptions, checks, fail } from "@hooke/runtime";
import { type Collected, collect } from "./collect.ts";
import { programSweep } from "./program.ts";
import type { TrialEvent } from "./run-sweep.ts";
import { jsonOf } from "./sweep.ts";
import { claimFolder } from "./sweep-folder.ts";
import type { FromWorker, ToWorker } from "./worker.ts";

/** Options of {@link runPool}. */
export interface PoolOptions {
  /** How many. Default: as many as processors, and no more than trials. */
  readonly processes?: number;
  /** Stops all of them in good order: checkpoints of the trials at work stay. */
  readonly signal?: AbortSignal;
  /** Called as trials begin and end. */
  readonly onTrial?: (event: TrialEvent) => void;
}

const who = "runPool";
const functionCheck: Check = (value) => (typeof value === "function" ? undefined : "a function");

/**
 * Computes a sweep by processes of this machine, as {@link runSweep} does by one. A process that is killed, for want of memory say, or that a trial
 * ends, is replaced as long as it had begun something new; the trial it was at goes on last.
 *
 * Each process has its share of the processors, by the variable `HOOKE_THREADS` where that is not set.
 *
 * @param folder as `runSweep` takes it
 * @param program the file of a module whose default export is the sweep
 * @returns what is there, and what is missing with the reason
 * @throws the signal's reason once it is aborted; on a program without a sweep
 */
export async function runPool(folder: string, program: string, options: PoolOptions = {}): Promise<Collected> {
  checkArgument(who, "the folder", folder, pathCheck);
  checkArgument(who, "the program", program, pathCheck);
  checkOptions<PoolOptions>(who, options, {
    optional: { processes: checks.count, signal: checks.signal, onTrial: functionCheck },
  });
  await claimFolder(who, folder, jsonOf(await programSweep(who, program)));
  const { signal = new AbortController().signal, onTrial = () => undefined } = options;
  signal.throwIfAborted();
  const there = await collect(folder);
  if (there.missing.length === 0) return there;
  const processors = availableParallelism();
  const count = Math.min(options.processes ?? processors, there.missing.length);
  const threads = process.env.HOOKE_THREADS ?? String(Math.max(1, Math.floor(processors / count)));
  const workers = new Set<ChildProcess>();
  const stop = (): void => {
    for (const worker of workers) if (worker.connected) worker.send("stop" satisfies ToWorker);
  };
  signal.addEventListener("abort", stop);
  let fault: string | undefined;
  const began = new Date().toISOString();
  const start = (): ChildProcess => {
    // What trials print goes to the error output: the output is the pool's.
    const worker = fork(
      packageProgram("@hooke/sweep", "hooke-sweep-worker", import.meta.url),
      [resolve(folder), resolve(program), began],
      {
        env: { ...process.env, HOOKE_THREADS: threads },
        stdio: ["ignore", 2, 2, "ipc"],
      },
    );
    workers.add(worker);
    return worker;
  };
  const begun = new Set<string>();
  /** @returns whether it ended in the midst of something new: another one takes its place */
  const work = async (): Promise<boolean> => {
    const worker = start();
    let [fresh, done] = [false, false];
    worker.on("message", (event: FromWorker) => {
      if (event.type === "fault") fault = event.message;
      if (event.type === "fault" || event.type === "done") {
        done = true;
        return;
      }
      onTrial(event);
      if (event.type !== "begun") return;
      const step = `${event.index} ${event.budget}`;
      fresh ||= !begun.has(step);
      begun.add(step);
    });
    await new Promise<void>((settle, refuse) => {
      worker.once("error", refuse);
      worker.once("close", () => settle());
    });
    workers.delete(worker);
    return !done && fresh && !signal.aborted;
  };
  const place = async (): Promise<void> => {
    while (await work());
  };
  try {
    await Promise.all(Array.from({ length: count }, place));
  } finally {
    signal.removeEventListener("abort", stop);
    // One that could not be started leaves the others at work.
    stop();
  }
  signal.throwIfAborted();
  if (fault !== undefined) fail(who, `a process ended early: ${fault}`);
  return collect(folder);
}

// The trials of a sweep, or a share of them, in this process: each is taken, computed, recorded and given back, whatever others do meanwhile.
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathCheck, writeFileAtomic } from "@hooke/data/node";
import { type Check, checkArgument, checkOptions, checks, fail, HookeError, show } from "@hooke/runtime";
import { checkpointKeeper } from "./checkpoints.ts";
import { jsonOf, type Sweep, sweepCheck, type Trial } from "./sweep.ts";
import { claimFolder, reserved } from "./sweep-folder.ts";
import { type Taken, trialsLeft } from "./take.ts";
import { encode } from "./values.ts";

/** What {@link runSweep} tells of a trial. */
export interface TrialEvent {
  readonly type: "begun" | "finished" | "failed";
  readonly index: number;
  /** Undefined without halving. */
  readonly budget: number | undefined;
  /** Of a failure: what was thrown. */
  readonly message?: string;
}

/** Options of {@link runSweep}. */
export interface RunSweepOptions {
  /**
   * The share of the list that this process computes: trials `task`, `task + tasks`, `task + 2 tasks` and so on. With halving all processes
   * share all trials. Default: all that nobody else is at.
   */
  readonly task?: number;
  /** Default: as many as trials. */
  readonly tasks?: number;
  /** Stops the trial at work, whose checkpoint stays. */
  readonly signal?: AbortSignal;
  /** Called as trials begin and end. */
  readonly onTrial?: (event: TrialEvent) => void;
}

/** What {@link runSweep} has done. */
export interface SweepRun {
  /** Trials that this process computed; with halving once for each budget. */
  readonly finished: readonly number[];
  /** Trials that threw here, and what. */
  readonly failed: readonly { readonly index: number; readonly message: string }[];
  /** Trials of the share that another process is at. */
  readonly elsewhere: readonly number[];
}

const who = "runSweep";
const fileNameCheck: Check = (value) =>
  typeof value === "string" && value !== "" && basename(value) === value && !reserved.test(value)
    ? undefined
    : 'the name of a file, such as "model.safetensors", and not of the checkpoint, a record or the lock of the trial';
const functionCheck: Check = (value) => (typeof value === "function" ? undefined : "a function");

/**
 * Computes the trials of a sweep that are not recorded yet, one after the other, as long as there are any that nobody else is at. Any number
 * of processes, on any machines that share the folder, may do so at once: each trial is computed by one of them.
 *
 * A trial that a killed process left goes on from its checkpoint: at once if that process was on this machine, else when its lock has not
 * been touched for a minute. One that failed is tried again by the next run.
 *
 * @param folder created where absent. Of trial 3, `trials/0003` in it holds `result.json`, its checkpoint, what it keeps itself, and its
 *   lock while it is at work
 * @throws the signal's reason once it is aborted; if the folder is of another sweep (`"mismatch"`); on a task that there is not
 */
export async function runSweep<P, R>(
  folder: string,
  sweep: Sweep<P, R>,
  options: RunSweepOptions = {},
): Promise<SweepRun> {
  return runSince(undefined, folder, sweep, options);
}

/** {@link runSweep} by one of the processes of a run that began on this machine at `since`, ISO 8601: none tries again what another failed at. */
export async function runSince<P, R>(
  since: string | undefined,
  folder: string,
  sweep: Sweep<P, R>,
  options: RunSweepOptions,
): Promise<SweepRun> {
  checkArgument(who, "the folder", folder, pathCheck);
  checkArgument(who, "the sweep", sweep, sweepCheck);
  checkOptions<RunSweepOptions>(who, options, {
    optional: { task: checks.wholeNumber, tasks: checks.count, signal: checks.signal, onTrial: functionCheck },
  });
  const { signal = new AbortController().signal, onTrial = () => undefined } = options;
  const kept = jsonOf(sweep);
  const share = shareOf(sweep.trials.length, options, kept.halving !== null);
  await claimFolder(who, folder, kept);
  const left = await trialsLeft(who, folder, share, kept.halving, since);
  const finished: number[] = [];
  const failed: { index: number; message: string }[] = [];
  for (;;) {
    signal.throwIfAborted();
    const taken = await left.next();
    if (taken === undefined) return { finished, failed, elsewhere: left.elsewhere() };
    if (taken === "later") {
      await pause(1000, undefined, { signal }).catch(() => signal.throwIfAborted());
      continue;
    }
    const { index, budget } = taken;
    try {
      onTrial({ type: "begun", index, budget });
      const message = await compute(sweep, taken, signal);
      if (message === undefined) finished.push(index);
      else failed.push({ index, message });
      onTrial({ type: message === undefined ? "finished" : "failed", index, budget, ...(message && { message }) });
    } finally {
      await taken.lock.release();
    }
  }
}

function shareOf(count: number, { task, tasks = count }: RunSweepOptions, shared: boolean): number[] {
  if (task === undefined && tasks !== count)
    fail(who, `received tasks: ${tasks} and no task; say which this process is.`);
  if (task !== undefined && task >= tasks) {
    fail(who, `received task ${task} of ${tasks}; they are counted from 0 to ${tasks - 1}.`);
  }
  const all = Array.from({ length: count }, (_, index) => index);
  return task === undefined || shared ? all : all.filter((index) => index % tasks === task);
}

/** @returns what it failed with */
async function compute<P, R>(sweep: Sweep<P, R>, taken: Taken, signal: AbortSignal): Promise<string | undefined> {
  const { index, budget, files, lock } = taken;
  const attempts = ((await files.attempts.read()) ?? 0) + 1;
  await files.attempts.write(attempts);
  const checkHeld = async (): Promise<void> => {
    if (await lock.holds()) return;
    fail(
      who,
      `trial ${index} no longer belongs to this process: its lock was removed or taken. Nothing was written.`,
      "in-use",
    );
  };
  const write = async (path: string, bytes: Uint8Array): Promise<void> => {
    await checkHeld();
    await writeFileAtomic(path, bytes);
  };
  const keep = (name: string, bytes: Uint8Array): Promise<void> => {
    checkArgument(`trial ${index}`, "the name", name, fileNameCheck);
    return write(join(files.folder, name), bytes);
  };
  const { folder, checkpoint } = files;
  const checkpoints = checkpointKeeper(who, checkpoint, signal, (bytes) => write(checkpoint, bytes));
  const trial: Trial = { index, budget, folder, signal, keep, checkpoints: checkpoints.options };
  const start = performance.now();
  try {
    const result = await sweep.run(sweep.trials[index]!, trial);
    signal.throwIfAborted();
    await checkHeld();
    await checkpoints.flush();
    await files.result(budget).write({
      result: encode(who, `the result of trial ${index}`, result ?? null),
      score: encode(who, "the score", scoreOf(sweep, result)),
      seconds: (performance.now() - start) / 1000,
      attempts,
    });
    await files.failure.remove();
    return undefined;
  } catch (error) {
    // What follows a training that was cut short may fail in any way.
    signal.throwIfAborted();
    const message = error instanceof HookeError ? error.message : error instanceof Error ? error.stack! : show(error);
    if (!(await lock.holds())) return message;
    await checkpoints.flush();
    await files.failure.write({ message, at: new Date().toISOString(), attempts });
    return message;
  }
}

function scoreOf<P, R>({ halving }: Sweep<P, R>, result: R): number {
  if (halving === undefined) return 0;
  const score: unknown = halving.by(result);
  return typeof score === "number"
    ? score
    : fail(who, `halving.by returned ${show(score)}; give a number, what is to be small.`);
}

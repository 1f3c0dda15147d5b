// Ctrl-C: once for an orderly end, twice for an end at once.
import { checkArgument, HookeError } from "@hooke/runtime";

/** What {@link stopOnInterrupt} returns. */
export interface Interruption {
  /** The `signal` of `fit`, `train`, `predict` and others: aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Listens no longer: Ctrl-C ends the process, as it does without Hooke. */
  release(): void;
}

/**
 * Listens for Ctrl-C (SIGINT) and for the request to terminate (SIGTERM). The first aborts the signal, so that a training
 * ends after the current batch and saves a checkpoint where it keeps them; the second ends the process at once.
 *
 * @param onStop called at the first one. Default: says on the error output that it is stopping
 * @example
 * ```ts no-run
 * import { readFile } from "node:fs/promises";
 * import { type FitOptions, fit } from "@hooke/core";
 * import { stopOnInterrupt } from "@hooke/core/node";
 * import { writeFileAtomic } from "@hooke/data/node";
 *
 * declare const options: FitOptions;
 * const path = "run/checkpoint.safetensors";
 * const { signal, release } = stopOnInterrupt();
 * const { stopReason } = await fit({
 *   ...options,
 *   signal,
 *   checkpoint: { every: "epoch", save: (bytes) => writeFileAtomic(path, bytes) },
 *   ...(process.argv.includes("--resume") && { resume: await readFile(path) }),
 * });
 * release();
 * if (stopReason === "aborted") console.log("Stopped. To go on, start again with --resume.");
 * ```
 */
export function stopOnInterrupt(onStop: () => void = sayStopping): Interruption {
  checkArgument("stopOnInterrupt", "onStop", onStop, (value) =>
    typeof value === "function" ? undefined : "a function",
  );
  const controller = new AbortController();
  const signals = ["SIGINT", "SIGTERM"] as const;
  const release = (): void => {
    for (const name of signals) process.removeListener(name, stop);
  };
  // The listener is gone before it acts: what comes next has its usual effect, an end at once.
  const stop = (): void => {
    release();
    onStop();
    controller.abort(new HookeError("interrupted: the process was asked to stop."));
  };
  for (const name of signals) process.on(name, stop);
  return { signal: controller.signal, release };
}

/**
 * Runs the work of a program until its end or an orderly stop (see {@link stopOnInterrupt}). What a `HookeError` says is for the
 * reader: it goes to the error output without a stack, and the process will exit with 1; where it is the signal's reason, `goOn` is
 * written instead, and the process will exit with 130. Any other error is thrown.
 *
 * @param work gets the signal that Ctrl-C aborts
 * @param goOn the command that goes on from what was saved. Default: says only that the program was stopped
 * @example
 * ```ts
 * import { runInterruptible } from "@hooke/core/node";
 *
 * await runInterruptible(async (signal) => {
 *   console.log(signal.aborted); // false
 * }, "node study.ts --resume");
 * ```
 */
export async function runInterruptible(
  work: (signal: AbortSignal) => void | Promise<void>,
  goOn?: string,
): Promise<void> {
  checkArgument("runInterruptible", "the work", work, (value) =>
    typeof value === "function" ? undefined : "a function of a signal",
  );
  checkArgument("runInterruptible", "the command", goOn, (value) =>
    value === undefined || typeof value === "string" ? undefined : "a text, or nothing",
  );
  const { signal, release } = stopOnInterrupt();
  try {
    await work(signal);
  } catch (error) {
    if (!(error instanceof HookeError)) throw error;
    const stopped = error === signal.reason;
    console.error(stopped && goOn !== undefined ? `Stopped. To go on: ${goOn}` : error.message);
    process.exitCode = stopped ? 130 : 1;
  } finally {
    release();
  }
}

const sayStopping = (): void => void process.stderr.write("\nStopping; Ctrl-C again ends at once.\n");

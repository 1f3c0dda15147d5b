// Checkpoints of a trial: the last one is kept, and keeping them takes a twentieth of the time at most.
import { readFile } from "node:fs/promises";
import { fileSystemError, systemCode } from "@hooke/data/node";
import type { TrialCheckpoints } from "./sweep.ts";

/** How much longer than a write the next one waits. */
const patience = 20;

/** What keeps checkpoints. */
export interface CheckpointKeeper {
  options(every: number | "epoch"): Promise<TrialCheckpoints>;
  /** Writes the last one, if it has not been written yet. */
  flush(): Promise<void>;
}

/** @param write to the path, in one go */
export function checkpointKeeper(
  who: string,
  path: string,
  signal: AbortSignal,
  write: (bytes: Uint8Array) => Promise<void>,
): CheckpointKeeper {
  let waiting: Uint8Array | undefined;
  let next = 0;
  const keep = async (bytes: Uint8Array): Promise<void> => {
    waiting = undefined;
    const start = performance.now();
    await write(bytes);
    const end = performance.now();
    next = end + patience * (end - start);
  };
  const save = async (bytes: Uint8Array): Promise<void> => {
    // The training goes on to use the memory of the bytes.
    if (performance.now() < next && !signal.aborted) waiting = bytes.slice();
    else await keep(bytes);
  };
  return {
    async options(every) {
      const resume = await bytesOf(who, path);
      return { checkpoint: { every, save }, ...(resume && { resume }) };
    },
    async flush() {
      if (waiting !== undefined) await keep(waiting);
    },
  };
}

async function bytesOf(who: string, path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw fileSystemError(who, "read", path, error);
  }
}

// A file for the checkpoints of a training: one training at a time in its folder, and no state lost to a full disk.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createFolder, type Lock, lockFolder, pathCheck, removeLeftovers, writeFileAtomic } from "@hooke/data/node";
import { checkArgument, fail, HookeError } from "@hooke/runtime";
import type { CheckpointInfo } from "../training/events.ts";
import type { CheckpointOptions } from "../training/options.ts";

/** Where a training keeps its checkpoints: for its option `checkpoint`, beside `every`. */
export interface CheckpointFile extends Pick<CheckpointOptions, "open" | "save" | "close"> {
  open(signal?: AbortSignal): Promise<void>;
  save(bytes: Uint8Array, info: CheckpointInfo): Promise<void>;
  close(): Promise<void>;
}

/**
 * Keeps the checkpoints of a training in one file, each in the place of the one before it, in one go.
 *
 * When the training starts, it creates the folder where absent, takes it for this training alone until that ends (with a file
 * `training.lock`; one left by a process that was killed holds nobody up), and removes temporary files that killed processes left.
 *
 * @param path of the file, e.g. `"runs/a/checkpoint.safetensors"`
 * @returns `open`, `save` and `close` for the option `checkpoint`. They throw, with the path and a cure: at the start if another
 *   training holds the folder (`"in-use"`) or nothing can be written there (`"file-system"`); later if a checkpoint cannot be
 *   written. The checkpoint before it is then intact, and this one in the system's temporary folder, if there is room
 * @example
 * ```ts
 * import { mkdtemp, readFile, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { adam, dense, fit, mse } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { decodeModel } from "@hooke/core/checkpoint";
 * import { checkpointFile } from "@hooke/core/node";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const folder = await mkdtemp(join(tmpdir(), "run-"));
 * const path = join(folder, "checkpoint.safetensors");
 * const model = dense({ units: 1 });
 * const train = dataset({ inputs: array([[0], [1]]), targets: array([[1], [3]]) });
 * await fit({ backend: referenceBackend(), model, data: { train }, loss: mse(), optimizer: adam(), learningRate: 1e-2,
 *   epochs: 3, batchSize: 2, seed: 0, checkpoint: { every: "epoch", ...checkpointFile(path) } });
 * console.log(decodeModel(await readFile(path), { layer: model }).inputShape); // [ 1 ]
 * await rm(folder, { recursive: true });
 * ```
 */
export function checkpointFile(path: string): CheckpointFile {
  checkArgument("checkpointFile", "the path", path, pathCheck);
  const folder = dirname(path);
  let lock: Lock | undefined;
  return {
    async open(signal) {
      await createFolder(folder, "checkpointFile");
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && !found.isFile()) {
        const kind = found.isDirectory() ? "a folder" : "no regular file";
        fail("checkpointFile", `${path} is ${kind}; give the path of a file.`, "file-system");
      }
      lock = await lockFolder(folder, "checkpointFile", "training", signal);
      await removeLeftovers(folder);
    },
    async save(bytes) {
      if (lock !== undefined && !(await lock.holds())) {
        const why = "its lock was removed or taken while this training ran";
        fail("checkpointFile", `${folder} no longer belongs to this training: ${why}. Nothing was written.`, "in-use");
      }
      await writeFileAtomic(path, bytes).catch(async (error: unknown) => {
        throw error instanceof HookeError ? await rescued(path, bytes, error) : error;
      });
    },
    async close() {
      await lock?.release();
      lock = undefined;
    },
  };
}

/** Writes what could not be saved into the system's temporary folder. @returns the error that says where it is */
async function rescued(path: string, bytes: Uint8Array, error: HookeError): Promise<HookeError> {
  let folder: string | undefined;
  let where: string;
  try {
    folder = await mkdtemp(join(tmpdir(), "hooke-"));
    const other = join(folder, basename(path));
    await writeFileAtomic(other, bytes);
    where = `This checkpoint is at ${other} instead: move it to its place, and resume from it.`;
  } catch {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    where = `Nor could it be written to ${tmpdir()}. Make room, and resume from the checkpoint before it.`;
  }
  return new HookeError(`${error.message} What was there before is intact. ${where}`, {
    code: error.code,
    cause: error,
  });
}

// Logs that grow with a training, for `fit`: killed, they lack nothing that a checkpoint has; resumed, they say nothing twice.
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Callback, EpochRecord } from "@hooke/core";
import { fileSystemError, pathCheck, systemCode, writeFileAtomic } from "@hooke/data/node";
import { checkArgument, fail } from "@hooke/runtime";
import { csvFormat } from "../logs/csv.ts";
import type { LogFormat } from "../logs/log-format.ts";
import { tensorboardFormat } from "../logs/tensorboard.ts";

/** What a log gives to `fit`. */
export type EpochLog = Required<Omit<Callback, "onRecovery">>;

/**
 * Logs epochs for TensorBoard: `loss`, `penalty`, `learningRate`, `validation/loss` and `validation/<metric>`, by the number of updates, in
 * single precision. A training that is resumed goes on in the file: what it does again is replaced. One that begins anew begins the file anew.
 *
 * @param folder is made where it does not exist; one for each training
 * @returns one of the `callbacks` of `fit`
 * @throws while training: if the file cannot be read or written (`"file-system"`), or is damaged (`"corrupt-file"`)
 * @example
 * ```ts no-run
 * import { tensorboardLog } from "@hooke/io/node";
 *
 * const callbacks = [tensorboardLog("runs/first")]; // tensorboard --logdir runs
 * ```
 */
export function tensorboardLog(folder: string): EpochLog {
  checkArgument("tensorboardLog", "the folder", folder, pathCheck);
  const path = join(folder, "events.out.tfevents.hooke");
  return epochLog(
    "tensorboardLog",
    path,
    tensorboardFormat,
    async () => void (await mkdir(folder, { recursive: true })),
  );
}

/**
 * Logs epochs as CSV, a line an epoch: `epoch`, `step`, `loss`, `penalty` where there is one, `learningRate`, `validation/loss` and
 * `validation/<metric>`. A training that is resumed goes on in the file: what it does again is replaced. One that begins anew begins the file anew.
 *
 * @param path of a file in a folder that exists
 * @returns one of the `callbacks` of `fit`
 * @throws while training: if the file cannot be read or written (`"file-system"`), is no log (`"corrupt-file"`), or a resumed training has
 *   other columns (`"mismatch"`)
 * @example
 * ```ts no-run
 * import { csvLog } from "@hooke/io/node";
 *
 * const callbacks = [csvLog("run.csv")];
 * ```
 */
export function csvLog(path: string): EpochLog {
  checkArgument("csvLog", "the path", path, pathCheck);
  return epochLog("csvLog", path, csvFormat, async () => undefined);
}

function epochLog(who: string, path: string, format: LogFormat, prepare: () => Promise<void>): EpochLog {
  /** By step, oldest first; undefined before the first event. */
  let written: Map<number, Uint8Array> | undefined;
  let head: Uint8Array = new Uint8Array();
  let last = -1;
  /** An epoch whose validation may follow. */
  let pending: EpochRecord | undefined;

  /** Reads what an earlier run left, and keeps what was done before a step. */
  const open = async (step: number): Promise<Map<number, Uint8Array>> => {
    if (written !== undefined) return written;
    await prepare().catch(failed("write"));
    const file = await readFile(path).catch((error: unknown) => {
      if (systemCode(error) === "ENOENT") return new Uint8Array();
      return failed("read")(error);
    });
    const left = format.read(file, `${who}: ${path}`);
    head = left.head;
    written = new Map(left.entries.filter((entry) => entry.step < step).map((entry) => [entry.step, entry.bytes]));
    last = Math.max(last, ...written.keys());
    await rewrite();
    return written;
  };

  const failed =
    (action: string) =>
    (error: unknown): never => {
      throw fileSystemError(who, action, path, error);
    };

  const rewrite = async (): Promise<void> => {
    if (written!.size === 0) head = new Uint8Array();
    await writeFileAtomic(path, Buffer.concat([head, ...written!.values()]));
  };

  const add = async (records: readonly EpochRecord[]): Promise<void> => {
    pending = undefined;
    const missing = records.filter(({ step }) => !written!.has(step));
    if (missing.length === 0) return;
    const follow = missing.every(({ step }) => step > last);
    const expected = format.head(missing[0]!);
    const begins = head.length === 0;
    if (begins) head = expected;
    else if (format.namesColumns && Buffer.compare(head, expected) !== 0) {
      const columns = new TextDecoder().decode(head).trim();
      const cure = "give the path of another file";
      fail(who, `${path} has the columns ${columns}, this training has others; ${cure}.`, "mismatch");
    }
    const parts = missing.map((record) => format.entry(record));
    for (const [i, { step }] of missing.entries()) {
      written!.set(step, parts[i]!);
      last = Math.max(last, step);
    }
    if (!follow) {
      written = new Map([...written!].sort(([one], [other]) => one - other));
      return rewrite();
    }
    await appendFile(path, Buffer.concat([...(begins ? [head] : []), ...parts])).catch(failed("write"));
  };

  return {
    async onStep({ step }) {
      if (written === undefined) await open(step);
      if (pending !== undefined) await add([pending]);
    },
    async onEpoch({ epoch, step, loss, penalty, learningRate }) {
      await open(step);
      pending = { epoch, step, loss, learningRate, ...(penalty !== undefined && { penalty }) };
    },
    async onValidation({ step, history }) {
      const { size } = await open(step);
      await add(history.length === size + 1 ? history.slice(-1) : history);
    },
    async onCheckpoint({ epoch, step }) {
      await open(step + 1);
      if (pending !== undefined && epoch > pending.epoch) await add([pending]);
    },
    async onEnd({ step, history }) {
      await open(step + 1);
      await add(history);
    },
  };
}

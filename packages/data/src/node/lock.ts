// Locks on folders: one training, or one run of trials, at a time writes into a run folder, and a lock of a process that has ended holds
// nobody up.
import { readFileSync, rmSync } from "node:fs";
import { link, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fail } from "@hooke/runtime";
import { fileSystemError, systemCode } from "./file-system-error.ts";
import { temporaryPath } from "./leftovers.ts";
import { isRunning, type ProcessIdentity, thisProcess } from "./process-identity.ts";

/** A folder that is held. */
export interface Lock {
  /** Whether the lock is still there, and still this one. */
  holds(): Promise<boolean>;
  /** Gives the folder back; does nothing if it is no longer held. */
  release(): Promise<void>;
  /** The same at once, for a process that exits. */
  releaseNow(): void;
}

/** What holds folders: each has a lock file of its own. */
export type LockHolder = "training" | "trials";

interface Holder extends ProcessIdentity {
  readonly host: string;
  readonly since: string;
}

const holders = { training: "another training", trials: "another run of trials" };
const fileOf = (kind: LockHolder): string => `${kind}.lock`;
const attempts = 20;

/**
 * Takes a folder for one training or one run of trials, with a file `training.lock` or `trials.lock` in it. A lock that was left by a
 * process which has ended is taken over.
 *
 * @param who the speaker of errors
 * @throws if another one holds it, also one of this process, naming it (`"in-use"`); if the file cannot be written (`"file-system"`)
 */
export async function lockFolder(folder: string, who: string, kind: LockHolder): Promise<Lock> {
  const path = join(folder, fileOf(kind));
  const since = new Date().toISOString();
  const text = `${JSON.stringify({ ...thisProcess(), host: hostname(), since, key: crypto.randomUUID() })}\n`;
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      await createWhole(path, text);
      const holds = async (): Promise<boolean> => (await textOf(path)) === text;
      return {
        holds,
        release: async () => void ((await holds()) && (await rm(path, { force: true }))),
        releaseNow: () => removeNow(path, text),
      };
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw fileSystemError(who, "write", path, error);
    }
    const found = await textOf(path);
    if (found === undefined) continue;
    const holder = holderOf(found);
    if (holder === undefined || isRunning(holder) !== false) refuse(who, folder, kind, holder);
    await remove(path, found);
  }
  return refuse(who, folder, kind, undefined);
}

function removeNow(path: string, expected: string): void {
  try {
    if (readFileSync(path, "utf8") === expected) rmSync(path, { force: true });
  } catch {
    // It is gone, or will be taken over.
  }
}

function refuse(who: string, folder: string, kind: LockHolder, holder: Holder | undefined): never {
  const { pid, host, since } = holder ?? {};
  const which =
    holder === undefined
      ? holders[kind]
      : pid === process.pid && isRunning(holder) === true
        ? `${holders[kind]} of this process, since ${since}`
        : `${holders[kind]}: process ${pid} on ${host}, since ${since}`;
  const unsure = holder === undefined || isRunning(holder) === "unknown";
  const cure = unsure
    ? `, or, if ${kind === "training" ? "that training has" : "those trials have"} ended, delete ${join(folder, fileOf(kind))}`
    : "";
  return fail(who, `${folder} is in use by ${which}. Wait for its end, or choose another folder${cure}.`, "in-use");
}

/** Creates a file that is never seen half written. @throws EEXIST if it is there already */
async function createWhole(path: string, text: string): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await link(temporary, path);
  } catch (error) {
    // Some file systems have no links.
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(systemCode(error) ?? "")) throw error;
    const file = await open(path, "wx");
    await file.writeFile(text).finally(() => file.close());
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes a lock that was left, unless another process has put its own in the place meanwhile. */
async function remove(path: string, expected: string): Promise<void> {
  const aside = temporaryPath(path);
  try {
    await rename(path, aside);
    if ((await textOf(aside)) !== expected) await link(aside, path);
  } catch {
    // Another process was faster; the next attempt sees what it did.
  } finally {
    await rm(aside, { force: true });
  }
}

const textOf = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined);

function holderOf(text: string): Holder | undefined {
  try {
    const { machine, pid, started, host, since } = JSON.parse(text) as Holder;
    const texts = [machine, started, host, since].every((item) => typeof item === "string");
    return texts && Number.isSafeInteger(pid) && pid > 0 ? { machine, pid, started, host, since } : undefined;
  } catch {
    return undefined;
  }
}

// Locks on folders: one training at a time writes into a run folder, and a lock of a process that has ended holds nobody up.
import { link, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  fileSystemError,
  isRunning,
  type ProcessIdentity,
  systemCode,
  temporaryPath,
  thisProcess,
} from "@hooke/data/node";
import { fail } from "@hooke/runtime";

/** A folder that is held. */
export interface Lock {
  /** Whether the lock is still there, and still this one. */
  holds(): Promise<boolean>;
  /** Gives the folder back; does nothing if it is no longer held. */
  release(): Promise<void>;
}

interface Holder extends ProcessIdentity {
  readonly host: string;
  readonly since: string;
}

const name = "training.lock";
const attempts = 20;

/**
 * Takes a folder for one training, with a file `training.lock` in it.
 *
 * @param who the speaker of errors
 * @throws if another training holds it, also one of this process, naming it (`"in-use"`); if the file cannot be written (`"file-system"`)
 */
export async function lockFolder(folder: string, who: string): Promise<Lock> {
  const path = join(folder, name);
  const since = new Date().toISOString();
  const text = `${JSON.stringify({ ...thisProcess(), host: hostname(), since, key: crypto.randomUUID() })}\n`;
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      await createWhole(path, text);
      const holds = async (): Promise<boolean> => (await textOf(path)) === text;
      return { holds, release: async () => void ((await holds()) && (await rm(path, { force: true }))) };
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw fileSystemError(who, "write", path, error);
    }
    const found = await textOf(path);
    if (found === undefined) continue;
    const holder = holderOf(found);
    if (holder === undefined || isRunning(holder) !== false) refuse(who, folder, holder);
    await remove(path, found);
  }
  return refuse(who, folder, undefined);
}

function refuse(who: string, folder: string, holder: Holder | undefined): never {
  const { pid, host, since } = holder ?? {};
  const which =
    holder === undefined
      ? "another training"
      : pid === process.pid && isRunning(holder) === true
        ? `another training of this process, since ${since}`
        : `another training: process ${pid} on ${host}, since ${since}`;
  const unsure = holder === undefined || isRunning(holder) === "unknown";
  const cure = unsure ? `, or, if that training has ended, delete ${join(folder, name)}` : "";
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

// Locks on folders: one training, or one run of trials, at a time writes into a run folder, and a lock of a process that has ended holds
// nobody up, on this machine or another that shares the disk.
import { readFileSync, rmSync } from "node:fs";
import { link, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { delay, fail } from "@hooke/runtime";
import { fileSystemError, systemCode } from "./file-system-error.ts";
import { canTouch, keepAlive, lease } from "./heartbeat.ts";
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
export type LockHolder = "training" | "trials" | "trial";

interface Holder extends ProcessIdentity {
  readonly host: string;
  readonly since: string;
  /** Whether it touches its lock as long as it lives. */
  readonly alive: boolean;
}

const holders = { training: "another training", trials: "another run of trials", trial: "another run of this trial" };
const ended = { training: "that training has", trials: "those trials have", trial: "that trial has" };
const fileOf = (kind: LockHolder): string => `${kind}.lock`;
const attempts = 20;

/**
 * Takes a folder for one training, one run of trials or one trial, with a file `training.lock`, `trials.lock` or `trial.lock` in it. A lock
 * that was left by a process which has ended is taken over: at once where that process was on this machine, else after a minute in which
 * its lock was not touched, which is said on the error output as it begins.
 *
 * @param who the speaker of errors
 * @param signal ends the minute
 * @throws if another one holds it, also one of this process, naming it (`"in-use"`); if the file cannot be written (`"file-system"`); the
 *   signal's reason once it is aborted meanwhile
 */
export async function lockFolder(folder: string, who: string, kind: LockHolder, signal?: AbortSignal): Promise<Lock> {
  for (let waiting = false; ; waiting = true) {
    const found = await tryLockFolder(folder, who, kind);
    if ("holds" in found) return found;
    if (found.state === "held") return refuse(who, folder, kind, found.holder);
    if (!waiting) {
      const whose = found.holder === undefined ? "" : `: process ${found.holder.pid} on ${found.holder.host}`;
      console.error(
        `${who}: ${folder} may be in use by ${holders[kind]}${whose}. Its lock is watched for up to ${lease} s, and taken over ` +
          "if nobody touches it.",
      );
    }
    await delay(1000, signal);
  }
}

/** A folder that somebody else holds, or perhaps holds: asked again, it turns out whether that one lives. */
export interface Held {
  readonly state: "held" | "unsure";
  /** Undefined where the lock does not say. */
  readonly holder: Holder | undefined;
}

/** The same without waiting and refusing. @throws if the file cannot be written (`"file-system"`) */
export async function tryLockFolder(folder: string, who: string, kind: LockHolder): Promise<Lock | Held> {
  const path = join(folder, fileOf(kind));
  const since = new Date().toISOString();
  const own = { ...thisProcess(), host: hostname(), since, alive: canTouch(), key: crypto.randomUUID() };
  const text = `${JSON.stringify(own)}\n`;
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      await createWhole(path, text);
      return lockOf(path, text);
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw fileSystemError(who, "write", path, error);
    }
    const found = await textOf(path);
    if (found === undefined) continue;
    const holder = holderOf(found);
    const state = await stateOf(path, found, holder);
    if (state !== "gone") return { state, holder };
    await remove(path, found);
  }
  return { state: "held", holder: undefined };
}

/** Who holds a folder, without a try to take it; undefined where nobody does. */
export async function folderHolder(folder: string, kind: LockHolder): Promise<Held | undefined> {
  const path = join(folder, fileOf(kind));
  const found = await textOf(path);
  if (found === undefined) return undefined;
  const holder = holderOf(found);
  const state = await stateOf(path, found, holder);
  return state === "gone" ? undefined : { state, holder };
}

function lockOf(path: string, text: string): Lock {
  const letGo = keepAlive(path);
  const holds = async (): Promise<boolean> => (await textOf(path)) === text;
  return {
    holds,
    async release() {
      letGo();
      if (await holds()) await rm(path, { force: true });
    },
    releaseNow() {
      letGo();
      removeNow(path, text);
    },
  };
}

/** When locks of other machines were last touched, as their disk has it, and when that was seen here. */
const seen = new Map<string, { readonly text: string; readonly touched: number; readonly at: number }>();

/** Of two clocks that may differ none is asked the time: a lock is watched for a change. */
async function stateOf(path: string, text: string, holder: Holder | undefined): Promise<"held" | "unsure" | "gone"> {
  if (holder === undefined) return "held";
  const runs = isRunning(holder);
  if (runs !== "unknown") return runs ? "held" : "gone";
  if (!holder.alive) return "held";
  const touched = await touchedAt(path);
  if (touched === undefined) return "unsure";
  const before = seen.get(path);
  if (before?.text !== text) {
    seen.set(path, { text, touched, at: performance.now() });
    return "unsure";
  }
  if (before.touched !== touched) {
    seen.set(path, { text, touched, at: performance.now() });
    return "held";
  }
  return performance.now() - before.at < lease * 1000 ? "unsure" : "gone";
}

/** Opened for it: network file systems look at the server's file then, not at what they remember. */
async function touchedAt(path: string): Promise<number | undefined> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return undefined;
  return file
    .stat()
    .then(({ mtimeMs }) => mtimeMs)
    .finally(() => file.close());
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
  const cure = unsure ? `, or, if ${ended[kind]} ended, delete ${join(folder, fileOf(kind))}` : "";
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
    const { machine, pid, started, host, since, alive = false } = JSON.parse(text) as Holder;
    const texts = [machine, started, host, since].every((item) => typeof item === "string");
    return texts && Number.isSafeInteger(pid) && pid > 0 ? { machine, pid, started, host, since, alive } : undefined;
  } catch {
    return undefined;
  }
}

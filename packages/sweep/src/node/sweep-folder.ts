// A sweep's folder: what is asked in `sweep.json`, and a folder for each trial with its checkpoint, its records and its lock.
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { createFolder, fileSystemError } from "@hooke/data/node";
import { type Check, checks, fail } from "@hooke/runtime";
import { isNumber, isText, isThere, partsCheck, readRecord, writeRecord } from "./records.ts";
import type { SweepJson } from "./sweep.ts";
import { decode, difference, type Json } from "./values.ts";

/** What a finished trial leaves, at each budget if there are several. */
export type TrialRecord = Readonly<{ result: Json; score: Json; seconds: number; attempts: number }>;
/** Why a trial did not finish. */
export type FailureRecord = Readonly<{ message: string; at: string; attempts: number }>;

/** Names in a trial's folder that are not its own. */
export const reserved =
  /^(attempts\.json|checkpoint\.safetensors|failure\.json|result(-[\d.e+-]+)?\.json|trial\.lock)$/;

/** Files of one trial. */
export interface TrialFiles {
  readonly folder: string;
  readonly checkpoint: string;
  /** Whether anybody has begun it. */
  begun(): Promise<boolean>;
  /** How often it was begun. */
  readonly attempts: RecordFile<number>;
  readonly failure: RecordFile<FailureRecord>;
  /** @param budget undefined without halving */
  result(budget: number | undefined): RecordFile<TrialRecord>;
}

/** A file with a record in it. */
export interface RecordFile<T> {
  /** @throws if it is damaged (`"corrupt-file"`) */
  read(): Promise<T | undefined>;
  write(content: T): Promise<void>;
  remove(): Promise<void>;
}

const trialCheck = partsCheck({ result: isThere, score: isThere, seconds: isNumber, attempts: isNumber });
const failureCheck = partsCheck({ message: isText, at: isText, attempts: isNumber });
const halvingCheck = partsCheck({ budgets: Array.isArray, keep: isNumber });
const sweepCheck = partsCheck({
  settings: isThere,
  trials: Array.isArray,
  halving: (part) => part === null || halvingCheck(part) === undefined,
});

/** @param who the speaker of errors */
export function trialFiles(who: string, root: string, index: number): TrialFiles {
  const folder = join(root, "trials", String(index).padStart(4, "0"));
  const file = <T extends Json>(name: string, check: Check): RecordFile<T> => {
    const path = join(folder, name);
    return {
      read: () => readRecord(who, path, "Delete it, and the trial runs again.", check) as Promise<T | undefined>,
      write: (content) => writeRecord(path, content),
      remove: () => rm(path, { force: true }),
    };
  };
  return {
    folder,
    checkpoint: join(folder, "checkpoint.safetensors"),
    begun: () =>
      stat(folder)
        .then(() => true)
        .catch(() => false),
    attempts: file("attempts.json", checks.wholeNumber),
    failure: file("failure.json", failureCheck),
    result: (budget) => file(budget === undefined ? "result.json" : `result-${budget}.json`, trialCheck),
  };
}

/** What a folder is asked for; undefined where it is none of a sweep. */
export async function readSweep(who: string, folder: string): Promise<SweepJson | undefined> {
  return (await readRecord(who, join(folder, "sweep.json"), "Begin anew in another folder.", sweepCheck)) as
    | SweepJson
    | undefined;
}

/**
 * Makes a folder one of this sweep, creating it where absent. Where it is one already, a longer list of trials goes on from a shorter one.
 *
 * @throws if it is of another sweep, naming what differs (`"mismatch"`), or holds something else
 */
export async function claimFolder(who: string, folder: string, sweep: SweepJson): Promise<void> {
  await createFolder(folder, who);
  // Looked at before it is read: tasks of a job begin at once, and one that makes the folder a sweep's meanwhile is no other's.
  const names = await namesIn(who, folder);
  const there = await readSweep(who, folder);
  if (there === undefined) checkEmpty(who, folder, names);
  else {
    const found = changed(there, sweep);
    if (found !== undefined) {
      fail(who, `${folder} is of another sweep: ${found}. Give the same sweep, or another folder.`, "mismatch");
    }
  }
  if (there === undefined || there.trials.length < sweep.trials.length)
    await writeRecord(join(folder, "sweep.json"), sweep);
  await createFolder(join(folder, "trials"), who);
}

function changed(there: SweepJson, here: SweepJson): string | undefined {
  const count = Math.min(there.trials.length, here.trials.length);
  const part = (sweep: SweepJson): unknown => ({ ...sweep, trials: sweep.trials.slice(0, count) });
  return difference(decode(part(there) as Json), decode(part(here) as Json));
}

const namesIn = (who: string, folder: string): Promise<string[]> =>
  readdir(folder).catch((error: unknown) => {
    throw fileSystemError(who, "read", folder, error);
  });

function checkEmpty(who: string, folder: string, names: readonly string[]): void {
  if (names.every((name) => name.startsWith(".") || name === "logs")) return;
  fail(who, `${folder} holds files, but no sweep.json. Give a new folder, or that of a sweep.`);
}

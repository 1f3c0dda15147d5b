// Trials by name: computed once, kept in a folder when they are finished, and taken from there when they are asked for again.
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createFolder, fileSystemError, type Lock, lockFolder, pathCheck, systemCode } from "@hooke/data/node";
import { type Check, checkArgument, checkOptions, fail } from "@hooke/runtime";
import { isNumber, isText, isThere, partsCheck, readRecord, writeRecord } from "./records.ts";
import { decode, difference, encode, type Json } from "./values.ts";

/**
 * Gives the result of a trial: the one that is kept where there is one, else the one that is computed.
 *
 * @param name tells it from the others, e.g. `"lstm, seed 3"`
 * @param compute gets the signal that stops it, for `fit` and others
 */
export type RunTrial = <R>(name: string, compute: (signal: AbortSignal) => R | Promise<R>) => Promise<R>;

export interface TrialsOptions {
  /** All that trials depend on besides their names: null, true, false, numbers, texts, lists and records. */
  readonly settings: unknown;
  /** Stops the trial at work, such as that of `stopOnInterrupt`. Default: one that never does. */
  readonly signal?: AbortSignal;
}

/** What {@link openTrials} returns. */
export interface Trials {
  /**
   * Keeps a result before it is returned. Once the signal is aborted, nothing more is kept: what a trial then returns or
   * throws is dropped.
   *
   * @throws the signal's reason once it is aborted; if another trial of this process has the name; if the result holds anything but
   *   null, true, false, numbers, texts, lists and records; if it cannot be written (`"file-system"`) or is damaged (`"corrupt-file"`)
   */
  readonly run: RunTrial;
  /** Seconds that the trials so far took to compute, in this process or the one that kept them. */
  readonly seconds: number;
}

const who = "openTrials";
const given: Check = (value) => (value === undefined ? "all that trials depend on, such as { epochs: 10 }" : undefined);
const signalCheck: Check = (value) =>
  value instanceof AbortSignal ? undefined : "an AbortSignal, such as that of stopOnInterrupt";
const nameCheck: Check = (value) =>
  typeof value === "string" && value !== "" ? undefined : 'the name of a trial, such as "lstm, seed 3"';
const computeCheck: Check = (value) =>
  typeof value === "function" ? undefined : "a function that computes the trial's result";

/**
 * Opens a folder for the results of independent trials. Each is written whole as soon as it is finished, so that a process that
 * is stopped or killed loses no more than the trial at work, and the next one goes on from there to the same results, to the bit.
 *
 * @param folder a new one, such as `createRunFolder` makes, or that of trials with the same settings. Results are in its folder
 *   `trials`, a file each, settings in `settings.json`
 * It belongs to this process until that ends (with a file `trials.lock`; one left by a process that was killed holds nobody up).
 *
 * @throws if there is no such folder, or it holds something else; if another process has it open (`"in-use"`), naming that; if its trials have other settings, naming one that differs (`"mismatch"`)
 * @example
 * ```ts
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { openTrials } from "@hooke/sweep";
 *
 * const folder = await mkdtemp(join(tmpdir(), "trials-"));
 * let computed = 0;
 * const squares = async () => {
 *   const { run } = await openTrials(folder, { settings: { power: 2 } });
 *   const results: number[] = [];
 *   for (const x of [1, 2, 3]) {
 *     results.push(await run(`x = ${x}`, () => {
 *       computed++;
 *       return x ** 2;
 *     }));
 *   }
 *   return results;
 * };
 * console.log(await squares(), computed); // [ 1, 4, 9 ] 3
 * console.log(await squares(), computed); // [ 1, 4, 9 ] 3
 * await rm(folder, { recursive: true });
 * ```
 */
export async function openTrials(folder: string, options: TrialsOptions): Promise<Trials> {
  checkArgument(who, "the folder", folder, pathCheck);
  checkOptions<TrialsOptions>(who, options, { required: { settings: given }, optional: { signal: signalCheck } });
  const { settings, signal = endless() } = options;
  const encoded = encode(who, "settings", settings);
  const names = await namesIn(folder);
  await hold(folder, signal);
  await claim(folder, encoded, names);
  const asked = new Set<string>();
  let seconds = 0;
  return {
    get seconds() {
      return seconds;
    },
    async run<R>(name: string, compute: (signal: AbortSignal) => R | Promise<R>): Promise<R> {
      checkTrial(name, compute);
      signal.throwIfAborted();
      if (asked.has(name)) fail(who, `a trial "${name}" was run before; give each a name of its own.`);
      asked.add(name);
      const path = join(folder, "trials", fileName(name));
      const kept = (await readRecord(who, path, "Delete it, and the trial runs again.", keptCheck)) as Kept | undefined;
      if (kept !== undefined && kept.name !== name) {
        fail(who, `trials "${kept.name}" and "${name}" have the same file here: ${path}. Rename one.`);
      }
      const trial = kept ?? (await computed(name, compute, signal));
      if (kept === undefined) await writeRecord(path, trial);
      seconds += trial.seconds;
      return decode(trial.result) as R;
    },
  };
}

/** Computes a trial and keeps nothing: where a study of trials is called without a folder. */
export const runDirectly: RunTrial = async (name, compute) => {
  checkTrial(name, compute);
  return compute(endless());
};

/** A trial's record. */
type Kept = Readonly<{ name: string; seconds: number; result: Json }>;
const keptCheck = partsCheck({ name: isText, seconds: isNumber, result: isThere });

async function computed(name: string, compute: (signal: AbortSignal) => unknown, signal: AbortSignal): Promise<Kept> {
  const start = performance.now();
  let result: unknown;
  try {
    result = await compute(signal);
  } catch (error) {
    // What follows a training that was cut short may fail in any way.
    signal.throwIfAborted();
    throw error;
  }
  signal.throwIfAborted();
  const seconds = (performance.now() - start) / 1000;
  return { name, seconds, result: encode(who, `the result of "${name}"`, result) };
}

/** Folders that this process has opened: it may open them again, and gives them back when it ends. */
const held = new Map<string, Promise<Lock>>();

/** Keeps other processes out of a folder. */
async function hold(folder: string, signal: AbortSignal): Promise<void> {
  const path = resolve(folder);
  const before = held.get(path);
  if (before !== undefined && (await (await before).holds())) return;
  const taken = lockFolder(folder, who, "trials", signal);
  held.set(path, taken);
  try {
    process.once("exit", (await taken).releaseNow);
  } catch (error) {
    held.delete(path);
    throw error;
  }
}

/** Makes a folder one of trials with these settings. */
async function claim(folder: string, settings: Json, names: readonly string[]): Promise<void> {
  const path = join(folder, "settings.json");
  const there = await readRecord(who, path, "Begin anew in another folder.", () => undefined);
  if (there !== undefined) {
    const found = difference(decode(there), decode(settings));
    const cure = "Give the same, or another folder.";
    if (found !== undefined) fail(who, `the trials in ${folder} have other settings: ${found}. ${cure}`, "mismatch");
  } else {
    checkEmpty(folder, names);
    await writeRecord(path, settings);
  }
  await createFolder(join(folder, "trials"), who);
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (systemCode(error) !== "ENOENT") throw fileSystemError(who, "read", folder, error);
    return fail(who, `there is no folder ${folder}. Create it, or correct the path.`, "file-system");
  });
}

function checkEmpty(folder: string, names: readonly string[]): void {
  if (names.every((name) => name.startsWith(".") || name === "trials.lock")) return;
  fail(who, `${folder} holds files, but no settings.json of trials. Give a new folder, or that of a stopped run.`);
}

function checkTrial(name: unknown, compute: unknown): void {
  checkArgument("run", "the name", name, nameCheck);
  checkArgument("run", "the second argument", compute, computeCheck);
}

/** Readable, allowed on every system, and another one for every name. */
const fileName = (name: string): string =>
  `${name.replace(/[^\w ,.=+-]/g, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}.json`;

const endless = (): AbortSignal => new AbortController().signal;

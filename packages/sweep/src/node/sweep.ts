// What a sweep is: a list of trials in an order that stays, and the function that computes one of them.
import { type Check, checkArgument, checkOptions, fail, show } from "@hooke/runtime";
import { encode, type Json } from "./values.ts";

/** What a trial is given besides its parameters. */
export interface Trial {
  /** Its place in the list, from 0. */
  readonly index: number;
  /** A folder of its own, for what it wants to keep besides its result. It is there again when the trial is resumed. */
  readonly folder: string;
  /** How long to train, in the unit of `halving.budgets`; undefined without halving. */
  readonly budget: number | undefined;
  /** Stops it: hand it on to `fit`, `evaluate` and others. */
  readonly signal: AbortSignal;
  /**
   * The options `checkpoint` and `resume` of `fit`: checkpoints go to `checkpoint.safetensors` in the trial's folder, each in the place of
   * the one before; one that is there already, of a process that was killed or of a smaller budget, is gone on from. Where writing one takes
   * more than a twentieth of the time between two, some are left out.
   */
  checkpoints(every: number | "epoch"): Promise<TrialCheckpoints>;
  /** Writes a file into the trial's folder, whole or not at all, such as `model.safetensors`. */
  keep(name: string, bytes: Uint8Array): Promise<void>;
}

/** What {@link Trial.checkpoints} returns, for `fit({ ..., ...(await trial.checkpoints("epoch")) })`. */
export interface TrialCheckpoints {
  readonly checkpoint: { readonly every: number | "epoch"; readonly save: (bytes: Uint8Array) => Promise<void> };
  readonly resume?: Uint8Array;
}

/** Asynchronous successive halving: all trials get a small budget, the best of them a larger one, and so on. */
export interface Halving<R = unknown> {
  /** Rising, such as epochs `[3, 9, 27]`. A trial goes on from its checkpoint: budgets are totals. */
  readonly budgets: readonly number[];
  /** What is to be small, such as `({ loss }) => loss`. NaN counts as worst. */
  readonly by: (result: R) => number;
  /** The share of the trials with one budget that get the next. Default 1 / 3. */
  readonly keep?: number;
}

/** Options of {@link defineSweep}. */
export interface SweepOptions<P, R> {
  /** Parameters of each trial: records of null, true, false, numbers, texts, lists and records. */
  readonly trials: readonly P[];
  /**
   * Computes a trial. What it returns is kept: null, true, false, numbers (NaN and the infinities too), texts, lists and records;
   * nothing is null. What it throws is kept as its failure, and the other trials go on.
   */
  readonly run: (parameters: P, trial: Trial) => R | Promise<R>;
  /** All that trials depend on besides their parameters, such as epochs or a version of the data. Default `{}`. */
  readonly settings?: unknown;
  /** Written after `run`, from which TypeScript takes the type of results. Default: every trial runs once, to its end. */
  readonly halving?: Halving<R>;
}

/** A sweep, such as {@link defineSweep} makes. */
export interface Sweep<P = unknown, R = unknown> extends SweepOptions<P, R> {
  readonly settings: unknown;
}

/** What a folder keeps of a sweep. */
export type SweepJson = Readonly<{ settings: Json; trials: readonly Json[]; halving: HalvingJson | null }>;
export type HalvingJson = Readonly<{ budgets: readonly number[]; keep: number }>;

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const functionCheck: Check = (value) =>
  typeof value === "function" ? undefined : "a function of parameters and a trial";
const listCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isRecord)
    ? undefined
    : "a list of records, such as gridTrials({ units: [8, 16], seed: [0, 1] })";
const halvingCheck: Check = (value) => {
  const { budgets, by, keep = 1 / 3 } = (value ?? {}) as Partial<Halving>;
  const rising =
    Array.isArray(budgets) && budgets.length > 1 && budgets.every((at, i) => at > (i === 0 ? 0 : budgets[i - 1]));
  if (!rising || !budgets.every(Number.isFinite))
    return "budgets that rise, such as { budgets: [3, 9, 27], by: ({ loss }) => loss }";
  if (typeof by !== "function") return "what is to be small, such as { budgets: [3, 9, 27], by: ({ loss }) => loss }";
  return keep > 0 && keep < 1 ? undefined : "keep between 0 and 1, such as 1 / 3";
};

/** Expects a sweep. */
export const sweepCheck: Check = (value) =>
  isRecord(value) && listCheck((value as Sweep).trials) === undefined && typeof (value as Sweep).run === "function"
    ? undefined
    : "a sweep, such as defineSweep({ trials, run }) makes";

/**
 * A sweep: a comparison, a search of settings, the folds of a cross-validation, the members of an ensemble. It is what a program exports as
 * its default, so that other processes, on this machine or a cluster, can compute trials of it.
 *
 * @throws on trials that are alike, whose results would be the same
 * @example
 * ```ts
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { collect, defineSweep, gridTrials, runSweep } from "@hooke/sweep";
 *
 * const powers = defineSweep({
 *   trials: gridTrials({ base: [2, 3], exponent: [1, 2] }),
 *   run: ({ base, exponent }) => ({ power: base ** exponent }),
 * });
 * const folder = await mkdtemp(join(tmpdir(), "sweep-"));
 * await runSweep(folder, powers, { task: 0, tasks: 2 });
 * const { finished, missing } = await collect(folder);
 * console.log(finished.map(({ result }) => result), missing.map(({ why }) => why));
 * // [ { power: 2 }, { power: 3 } ] [ 'not begun', 'not begun' ]
 * await rm(folder, { recursive: true });
 * ```
 */
export function defineSweep<P, R>(options: SweepOptions<P, R>): Sweep<P, R> {
  checkOptions<SweepOptions<P, R>>("defineSweep", options, {
    required: { trials: listCheck, run: functionCheck },
    optional: { settings: () => undefined, halving: halvingCheck },
  });
  const sweep = { ...options, settings: options.settings ?? {} };
  jsonOf(sweep);
  return sweep;
}

/** What a folder keeps of a sweep. @throws on what cannot be kept, and on trials that are alike */
export function jsonOf<P, R>({ settings, trials, halving }: Sweep<P, R>): SweepJson {
  checkArgument("defineSweep", "the trials", trials, listCheck);
  const encoded = trials.map((parameters, i) => encode("defineSweep", `trials[${i}]`, parameters));
  const first = new Map<string, number>();
  for (const [i, parameters] of encoded.entries()) {
    const text = JSON.stringify(parameters);
    const before = first.get(text);
    if (before !== undefined) {
      const cure = "Leave one out, or give each a seed of its own.";
      fail("defineSweep", `trials ${before} and ${i} are alike: ${show(trials[i])}. ${cure}`);
    }
    first.set(text, i);
  }
  return {
    settings: encode("defineSweep", "settings", settings),
    trials: encoded,
    halving: halving === undefined ? null : { budgets: halving.budgets, keep: halving.keep ?? 1 / 3 },
  };
}

// Taking trials: which are left, and a lock on the next of them that nobody else is at.
import { createFolder, type Lock, tryLockFolder } from "@hooke/data/node";
import { stepsToDo, type TrialState } from "./order.ts";
import type { HalvingJson } from "./sweep.ts";
import { type TrialFiles, trialFiles } from "./sweep-folder.ts";
import { decode } from "./values.ts";

/** A trial that this process holds. */
export interface Taken {
  readonly index: number;
  /** Undefined without halving. */
  readonly budget: number | undefined;
  readonly files: TrialFiles;
  readonly lock: Lock;
}

/** The trials of a share that are left. */
export interface Left {
  /** Takes the next; undefined where nobody is needed any more, `"later"` where that depends on whether another process lives. */
  next(): Promise<Taken | "later" | undefined>;
  /** Those that somebody else was at when they were last asked for. */
  elsewhere(): number[];
}

/**
 * @param indices the share, whose states are read once; with halving they are read again for every step
 * @param since when the run began that this process is one of, by its own clock: what failed from then on is not tried again. Default: now
 */
export async function trialsLeft(
  who: string,
  root: string,
  indices: readonly number[],
  halving: HalvingJson | null,
  since: string | undefined,
): Promise<Left> {
  const budgets = halving?.budgets ?? [undefined];
  const files = new Map(indices.map((index) => [index, trialFiles(who, root, index)]));
  const failedBefore = new Map<number, string>();
  for (const [index, { failure }] of files) {
    const found = await failure.read();
    if (found !== undefined && (since === undefined || found.at < since)) failedBefore.set(index, found.at);
  }
  const scores = new Map(indices.map((index) => [index, budgets.map((): number | undefined => undefined)]));
  /** Nothing is left to do of these here. */
  const settled = new Set<number>();
  /** Steps that this process took: whatever became of them, it takes each once. */
  const tried = new Set<string>();
  let held: number[] = [];

  const failedSince = async (index: number): Promise<boolean> => {
    const at = (await files.get(index)!.failure.read())?.at;
    return at !== undefined && at !== failedBefore.get(index);
  };
  const read = async (index: number): Promise<void> => {
    const own = scores.get(index)!;
    for (const [stage, budget] of budgets.entries()) {
      if (own[stage] !== undefined) continue;
      const record = await files.get(index)!.result(budget).read();
      if (record === undefined) return;
      own[stage] = decode(record.score) as number;
    }
    settled.add(index);
  };
  const look = async (): Promise<void> => {
    for (const index of indices) if (!settled.has(index)) await read(index);
  };
  const begun = new Set<number>();
  for (const [index, own] of files) if (await own.begun()) begun.add(index);
  await look();

  return {
    async next() {
      if (halving !== null) await look();
      // Settled ones still count among those of which the best go on.
      const states = indices.map(
        (index): TrialState => ({
          index,
          scores: scores.get(index)!,
          begun: begun.has(index),
          failed: failedBefore.has(index),
        }),
      );
      let later = false;
      held = [];
      for (const { index, stage } of stepsToDo(states, halving)) {
        const step = `${index} ${stage}`;
        if (settled.has(index) || tried.has(step)) continue;
        const own = files.get(index)!;
        await createFolder(own.folder, who);
        const lock = await tryLockFolder(own.folder, who, "trial");
        if (!("holds" in lock)) {
          held.push(index);
          later ||= lock.state === "unsure";
          continue;
        }
        // Meanwhile somebody may have been at it.
        const found = await own.result(budgets[stage]).read();
        if (found === undefined && !(await failedSince(index))) {
          tried.add(step);
          return { index, budget: budgets[stage], files: own, lock };
        }
        if (found === undefined) settled.add(index);
        else await read(index);
        await lock.release();
      }
      return later ? "later" : undefined;
    },
    elsewhere: () => held,
  };
}

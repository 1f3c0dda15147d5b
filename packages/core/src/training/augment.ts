// Augmentation: each batch changed on the host before its update. Loaded for trainings that ask for it.

import { fail, foldHost, type HostArray, isHostArray, randomKey, show } from "@hooke/runtime";
import { type Batch, batchParts, batchSignature } from "./batch.ts";
import type { TrainOptions } from "./options.ts";

/**
 * Augmentation with a key for each batch, so that a resumed training draws what the uninterrupted one does; nothing where none is asked
 * for.
 */
export function augmenter({
  augment,
  seed,
}: TrainOptions): ((batch: Batch<HostArray>, number: number, first?: number) => Batch<HostArray>) | undefined {
  if (augment === undefined) return undefined;
  const key = foldHost(randomKey(seed), "augment");
  return (batch, number, first) => {
    const result: unknown = augment(batch, foldHost(key, number), first);
    checkBatch(result);
    const [before, after] = [batchSignature(batch), batchSignature(result)];
    if (before !== after)
      fail("train", `augment turned a batch of ${before} into ${after}; shapes and dtypes must stay.`, "mismatch");
    return result;
  };
}

function checkBatch(result: unknown): asserts result is Batch<HostArray> {
  if (typeof result !== "object" || result === null || result instanceof Promise)
    fail("train", `augment returned ${show(result)}; it must return the batch, { inputs, targets, ... }.`);
  const odd = batchParts(result as Batch<unknown>).find(({ array }) => !isHostArray(array));
  if (odd !== undefined)
    fail("train", `augment returned ${show(odd.array)} as ${odd.name} of the batch; it must be an array.`);
}

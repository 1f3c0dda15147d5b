// A seeded random order: what shuffling, splits and folds are made of.
import { type Check, checkArgument, checks, type HostArray, isHostArray, threefryWords } from "@hooke/runtime";

const keyCheck: Check = (value) =>
  isHostArray(value) && value.dtype === "u32" && value.data.length === 2 ? undefined : "a key, such as randomKey(0)";

/**
 * A random order of `0 ... count - 1` (Fisher and Yates; Durstenfeld's form) drawn from a key with threefry.
 * An index is `floor(word * n / 2^32)`, whose bias is below `n / 2^32`.
 */
export function permutation(key: HostArray, count: number): Int32Array {
  checkArgument("permutation", "the key", key, keyCheck);
  checkArgument("permutation", "the number of rows", count, checks.wholeNumber);
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  const words = threefryWords(key.data, count);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor((words[i]! / 2 ** 32) * (i + 1));
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}

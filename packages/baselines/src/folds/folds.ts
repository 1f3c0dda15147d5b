// What a method holds back to judge itself: folds that keep groups together and classes alike.
import { type Fold, kFold } from "@hooke/data";
import { fail, type HostArray } from "@hooke/runtime";
import { randomFrom } from "../method/random.ts";
import type { Samples } from "../method/samples.ts";

/**
 * `count` folds of samples, or as many as there are rows or groups: whole groups where there are some, classes in their shares.
 *
 * @param purpose what they are for: other purposes draw other folds
 * @throws on fewer than two rows, or groups
 */
export function foldsOf(
  who: string,
  { rowCount, groups, target, source }: Pick<Samples, "rowCount" | "groups" | "target" | "source">,
  count: number,
  key: HostArray,
  purpose = "folds",
): Fold[] {
  const most = groups === undefined ? rowCount : new Set(Array.from(groups as ArrayLike<unknown>)).size;
  if (most < 2) {
    const what = groups === undefined ? "row" : "group";
    fail(
      who,
      `${source} has ${most} ${what} to learn from; it holds some back, and so needs two at least.`,
      "invalid-data",
    );
  }
  const seed = randomFrom(key, purpose).below(2 ** 31);
  return kFold(rowCount, Math.min(count, most), seed, groups, target.type === "class" ? target.values : undefined);
}

/** Rows by group, in the order in which groups come; undefined where every row stands by itself. */
export function membersOf({ groups, rowCount }: Pick<Samples, "groups" | "rowCount">): Int32Array[] | undefined {
  if (groups === undefined) return undefined;
  const members = new Map<string | number, number[]>();
  for (let row = 0; row < rowCount; row++) {
    const rows = members.get(groups[row]!);
    if (rows === undefined) members.set(groups[row]!, [row]);
    else rows.push(row);
  }
  return [...members.values()].map((rows) => Int32Array.from(rows));
}

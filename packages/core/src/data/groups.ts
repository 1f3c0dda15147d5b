// Groups: rows that stay together when data are divided, such as those of one specimen.
import { fail, foldHost, type HostArray } from "@hooke/runtime";
import { permutation } from "./permutation.ts";

/** A label for each row: rows with the same label belong together. */
export type GroupLabels = ArrayLike<string | number>;

/**
 * Deals groups of rows out to parts: the largest first, those of one size in random order, each to the part that is
 * furthest from its size.
 *
 * @param sizes rows that each part should have
 * @returns rows per part, as near to the sizes as whole groups allow
 * @throws on labels that are not one for each row, and on fewer groups than parts
 */
export function dealGroups(
  who: string,
  groups: GroupLabels,
  count: number,
  sizes: readonly number[],
  key: HostArray,
): Int32Array[] {
  const members = rowsByLabel(who, groups, count);
  if (members.length < sizes.length) {
    fail(
      who,
      `received ${members.length} groups for ${sizes.length} parts; each part needs a group of its own.`,
      "mismatch",
    );
  }
  const order = Array.from(permutation(foldHost(key, "groups"), members.length), (at) => members[at]!);
  // Sorting is stable: groups of one size stay in random order.
  order.sort((a, b) => b.length - a.length);
  const parts = sizes.map((): number[] => []);
  for (const [i, rows] of order.entries()) {
    // Where only as many groups are left as parts are empty, each of these gets one.
    const empty = parts.filter((part) => part.length === 0);
    const open = order.length - i === empty.length ? empty : parts;
    const wanting = (part: number[]): number => sizes[parts.indexOf(part)]! - part.length;
    open.reduce((best, part) => (wanting(part) > wanting(best) ? part : best)).push(...rows);
  }
  return parts.map((rows) => Int32Array.from(rows));
}

/** The rows of each label, in `order`. @throws on labels that are not one for each row */
export function rowsByLabel(who: string, groups: GroupLabels, count: number, order?: Int32Array): number[][] {
  if (groups?.length !== count) {
    fail(who, `received ${groups?.length ?? "no"} group labels for ${count} rows; give one for each row.`, "mismatch");
  }
  const rows = new Map<string | number, number[]>();
  for (let i = 0; i < count; i++) {
    const row = order?.[i] ?? i;
    const label = groups[row]!;
    if (typeof label !== "string" && !Number.isFinite(label)) {
      fail(who, `received ${String(label)} as the group of row ${row}; a label is a text or a number.`, "invalid-data");
    }
    const members = rows.get(label);
    if (members === undefined) rows.set(label, [row]);
    else members.push(row);
  }
  return [...rows.values()];
}

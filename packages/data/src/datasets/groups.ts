// Groups: rows that stay together when data are divided, such as those of one specimen, and strata, of which each part gets its share.
import { fail, foldHost, type HostArray, isHostArray, show } from "@hooke/runtime";
import { permutation } from "./permutation.ts";

/** A name or a number for each row, such as that of its specimen: rows of one name belong together. */
export type RowNames = ArrayLike<string | number>;

/** Whole groups, and where they go. */
export interface GroupDealing {
  readonly count: number;
  /** Rows that each part should have. */
  readonly sizes: readonly number[];
  readonly key: HostArray;
  readonly groups: RowNames;
  /** The stratum of each row. Default: one for all. */
  readonly stratify: RowNames | undefined;
}

/** Rows of a stratum. */
type Counts = readonly (readonly [stratum: number, rows: number])[];

/**
 * Deals groups of rows out to parts: the largest first, by their share of each stratum, those of one size in random order, each to
 * the part that comes nearest to its share of every stratum by it.
 *
 * @returns rows per part, as near to the sizes and to the shares as whole groups allow
 * @throws on names that are not one for each row, and on fewer groups than parts
 */
export function dealGroups(who: string, { count, sizes, key, groups, stratify }: GroupDealing): Int32Array[] {
  const members = rowsByName(who, "groups", groups, count);
  if (members.length < sizes.length) {
    fail(
      who,
      `received ${members.length} groups for ${sizes.length} parts; each part needs a group of its own.`,
      "mismatch",
    );
  }
  const strata = stratify && rowsByName(who, "stratify", stratify, count);
  const totals = strata?.map(({ length }) => length) ?? [count];
  const stratumOf = new Int32Array(count);
  for (const [stratum, rows] of (strata ?? []).entries()) for (const row of rows) stratumOf[row] = stratum;
  const countsOf = (rows: readonly number[]): Counts => {
    const counts = new Map<number, number>();
    for (const row of rows) counts.set(stratumOf[row]!, (counts.get(stratumOf[row]!) ?? 0) + 1);
    return [...counts];
  };
  const weightOf = (counts: Counts): number =>
    counts.reduce((sum, [stratum, rows]) => sum + (rows / totals[stratum]!) ** 2, 0);
  const order = Array.from(permutation(foldHost(key, "groups"), members.length), (at) => {
    const counts = countsOf(members[at]!);
    return { rows: members[at]!, counts, weight: weightOf(counts) };
  });
  // Sorting is stable: groups of one size stay in random order.
  order.sort((a, b) => b.weight - a.weight);
  const parts = sizes.map((size) => ({
    rows: [] as number[],
    wanted: Float64Array.from(totals, (total) => (total * size) / count),
  }));
  for (const [i, { rows, counts }] of order.entries()) {
    // Where only as many groups are left as parts are empty, each of these gets one.
    const empty = parts.filter((part) => part.rows.length === 0);
    const open = order.length - i === empty.length ? empty : parts;
    // How much nearer the part comes to its shares: the fall of the sum of the squares of what it lacks.
    const gains = open.map(({ wanted }) =>
      counts.reduce((sum, [stratum, more]) => sum + (more * (2 * wanted[stratum]! - more)) / totals[stratum]! ** 2, 0),
    );
    const chosen = open[gains.indexOf(Math.max(...gains))]!;
    chosen.rows.push(...rows);
    for (const [stratum, more] of counts) chosen.wanted[stratum]! -= more;
  }
  return parts.map(({ rows }) => Int32Array.from(rows));
}

/** The rows of each name, in `order`. @throws on names that are not one for each row */
export function rowsByName(
  who: string,
  option: "groups" | "stratify",
  names: RowNames,
  count: number,
  order?: Int32Array,
): number[][] {
  if (isHostArray(names)) fail(who, `received ${show(names)} as ${option}; give its .data.`);
  if (names?.length !== count) {
    fail(who, `${option} holds ${names?.length ?? "no"} names for ${count} rows; give one for each row.`, "mismatch");
  }
  const rows = new Map<string | number, number[]>();
  for (let i = 0; i < count; i++) {
    const row = order?.[i] ?? i;
    const name = names[row]!;
    if (typeof name !== "string" && !Number.isFinite(name)) {
      fail(who, `${option} holds ${String(name)} for row ${row}; names are texts or numbers.`, "invalid-data");
    }
    const members = rows.get(name);
    if (members === undefined) rows.set(name, [row]);
    else members.push(row);
  }
  return [...rows.values()];
}

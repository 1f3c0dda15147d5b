// Train/validation/test parts and k folds, of rows or of whole groups of rows. Same seed, same rows, on every machine.
import { checkArgument, checks, fail, foldHost, type HostArray, randomKey, show } from "@hooke/runtime";
import { anyDatasetCheck, isDataset } from "../arguments.ts";
import { take } from "./dataset.ts";
import { dealGroups, type RowNames, rowsByName } from "./groups.ts";
import { permutation } from "./permutation.ts";
import type { Dataset } from "./samples.ts";
import type { StreamedDataset } from "./streamed.ts";

/** Sizes by part name: all fractions of the rows (adding up to 1), or all row counts; one may be `"rest"`. */
export type SplitParts<Name extends string> = Readonly<Record<Name, number | "rest">>;

/**
 * Divides rows at random into disjoint parts that together hold every row.
 *
 * @param data a dataset, in memory or streamed, or a number of rows
 * @param parts e.g. `{ train: "rest", validation: 0.1, test: 0.1 }` or `{ train: 800, test: 230 }`
 * @param seed a whole number; the same seed gives the same parts
 * @param groups a name or number for each row, such as its specimen's: rows of one group come into the same part, and sizes
 *   are as near to what is asked as that allows. Default: every row by itself
 * @param stratify a name or number for each row, such as its class, `data.targets.data`: every part gets its share of each, as
 *   nearly as whole rows, or whole groups, allow. Default: rows fall where they may
 * @returns a dataset per part, or, for a number of rows, the row indices per part. A training takes the parts `train` and
 *   `validation`, `evaluate` the others: `const { test, ...data } = split(...)`
 * @throws if a part would hold no row, sizes do not add up, or there are fewer rows or groups than the parts need
 */
export function split<Name extends string>(
  data: Dataset,
  parts: SplitParts<Name>,
  seed: number,
  groups?: RowNames,
  stratify?: RowNames,
): Record<Name, Dataset>;
export function split<Name extends string>(
  data: StreamedDataset,
  parts: SplitParts<Name>,
  seed: number,
  groups?: RowNames,
  stratify?: RowNames,
): Record<Name, StreamedDataset>;
export function split<Name extends string>(
  count: number,
  parts: SplitParts<Name>,
  seed: number,
  groups?: RowNames,
  stratify?: RowNames,
): Record<Name, Int32Array>;
export function split(
  data: Dataset | StreamedDataset | number,
  parts: SplitParts<string>,
  seed: number,
  groups?: RowNames,
  stratify?: RowNames,
): Record<string, Dataset | StreamedDataset | Int32Array> {
  checkArgument("split", "the data", data, (value) =>
    typeof value === "number" ? checks.count(value) : anyDatasetCheck(value),
  );
  checkArgument("split", "the parts", parts, (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? undefined
      : 'sizes by name, such as { train: "rest", validation: 0.2 }',
  );
  const count = typeof data === "number" ? data : data.count;
  const sizes = partSizes(count, parts);
  const key = foldHost(randomKey(seed), "split");
  const counts = sizes.map(([, size]) => size);
  const rows = deal("split", { count, sizes: counts, key, groups, stratify });
  return Object.fromEntries(
    sizes.map(([name], i) => [name, typeof data === "number" ? rows[i]! : take(data, rows[i]!)]),
  );
}

/** One fold of a cross-validation: row indices. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * `k` folds of shuffled rows: every row is tested exactly once, and fold sizes differ by one at most.
 *
 * @param k number of folds, from 2 to `count`
 * @param groups a name or number for each row, such as its specimen's: rows of one group are tested in the same fold, so that
 *   no model is tested on a group it was trained on; fold sizes are then as even as that allows. Default: every row by
 *   itself
 * @param stratify a name or number for each row, such as its class: every fold tests its share of each, as nearly as whole rows,
 *   or whole groups, allow. Default: rows fall where they may
 * @throws on another `k`, and on fewer groups than folds
 */
export function kFold(count: number, k: number, seed: number, groups?: RowNames, stratify?: RowNames): Fold[] {
  checkArgument("kFold", "the number of rows", count, (value) =>
    isDataset(value) ? "a number: give the .count of the dataset" : checks.count(value),
  );
  if (!Number.isInteger(k) || k < 2 || k > count) {
    fail("kFold", `received k = ${show(k)} for ${count} rows; k is a whole number from 2 to the number of rows.`);
  }
  const key = foldHost(randomKey(seed), "kFold");
  const sizes = Array.from({ length: k }, (_, i) => Math.floor(((i + 1) * count) / k) - Math.floor((i * count) / k));
  const tests = deal("kFold", { count, sizes, key, groups, stratify });
  return tests.map((test) => ({ train: joined(tests.filter((other) => other !== test)), test }));
}

interface Dealing {
  readonly count: number;
  readonly sizes: readonly number[];
  readonly key: HostArray;
  readonly groups: RowNames | undefined;
  readonly stratify: RowNames | undefined;
}

/** The rows of each part. */
function deal(who: string, { groups, ...dealing }: Dealing): Int32Array[] {
  const { count, sizes, key, stratify } = dealing;
  if (groups !== undefined) return dealGroups(who, { ...dealing, groups });
  const order = permutation(key, count);
  return stratify === undefined ? cut(order, sizes) : dealStrata(who, stratify, order, sizes);
}

/** Deals shuffled rows, stratum by stratum, each to the part that is furthest behind its share. */
function dealStrata(who: string, names: RowNames, order: Int32Array, sizes: readonly number[]): Int32Array[] {
  const strata = rowsByName(who, "stratify", names, order.length, order);
  const parts = sizes.map((): number[] => []);
  let dealt = 0;
  for (const row of strata.flat()) {
    dealt++;
    const behind = sizes.map((size, i) =>
      parts[i]!.length < size ? (size * dealt) / order.length - parts[i]!.length : -Infinity,
    );
    parts[behind.indexOf(Math.max(...behind))]!.push(row);
  }
  return parts.map((rows) => Int32Array.from(rows));
}

/** A list of rows cut into parts. */
function cut(rows: Int32Array, sizes: readonly number[]): Int32Array[] {
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return rows.slice(start - size, start);
  });
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const rows = new Int32Array(parts.reduce((count, part) => count + part.length, 0));
  let start = 0;
  for (const part of parts) {
    rows.set(part, start);
    start += part.length;
  }
  return rows;
}

function partSizes(count: number, parts: SplitParts<string>): [name: string, size: number][] {
  const entries = Object.entries(parts);
  const given = entries.filter((entry): entry is [string, number] => entry[1] !== "rest");
  const written = `{ ${entries.map(([name, size]) => `${name}: ${JSON.stringify(size)}`).join(", ")} }`;
  const received = `received ${written} for ${count} rows`;
  for (const [name, size] of given) {
    if (!(size > 0) || (size >= 1 && !Number.isInteger(size))) {
      fail("split", `${received}; "${name}" is a fraction between 0 and 1, a number of rows, or "rest".`);
    }
  }
  if (entries.length - given.length > 1) fail("split", `${received}; only one part can be the "rest".`);
  const hasRest = given.length < entries.length;
  const fractional = given.filter(([, size]) => size < 1);
  if (fractional.length > 0 && fractional.length < given.length) {
    fail("split", `${received}; give all sizes as fractions or all as numbers of rows.`);
  }
  const sum = given.reduce((total, [, size]) => total + size, 0);
  const whole = fractional.length > 0 ? 1 : count;
  const tolerance = fractional.length > 0 ? 1e-9 : 0;
  const unit = fractional.length > 0 ? "" : " rows";
  if (hasRest ? sum > whole + tolerance : Math.abs(sum - whole) > tolerance) {
    const advice = hasRest ? "leave some for the rest" : `make them add up to ${whole}, or call one part "rest"`;
    fail("split", `${received}; the sizes add up to ${Number(sum.toPrecision(12))}${unit}: ${advice}.`, "mismatch");
  }
  // Fractions are rounded as boundaries, so that the parts always add up to every row.
  let cumulative = 0;
  let taken = 0;
  const sizes = new Map<string, number>();
  for (const [name, size] of given) {
    cumulative += size;
    const end = fractional.length > 0 ? Math.round(cumulative * count) : cumulative;
    sizes.set(name, end - taken);
    taken = end;
  }
  return entries.map(([name]) => {
    const size = sizes.get(name) ?? count - taken;
    if (size < 1)
      fail("split", `${received}; part "${name}" would hold no row: use more rows or a larger part.`, "mismatch");
    return [name, size];
  });
}

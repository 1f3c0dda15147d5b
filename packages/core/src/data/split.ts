// Seeded shuffling, and what follows from it: train/validation/test parts and k folds. Same seed, same rows, on every machine.
import { fail, foldHost, type HostArray, randomKey, threefryWords } from "@hooke/runtime";
import { type Dataset, take } from "./dataset.ts";

/**
 * A random order of `0 ... count - 1` (Fisher and Yates; Durstenfeld's form) drawn from a key with threefry.
 * An index is `floor(word * n / 2^32)`, whose bias is below `n / 2^32`.
 */
export function permutation(key: HostArray, count: number): Int32Array {
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

/** Sizes by part name: all fractions of the rows (adding up to 1), or all row counts; one may be `"rest"`. */
export type SplitParts<Name extends string> = Readonly<Record<Name, number | "rest">>;

/**
 * Divides rows at random into disjoint parts that together hold every row.
 *
 * @param data a dataset, or a number of rows
 * @param parts e.g. `{ train: "rest", validation: 0.1, test: 0.1 }` or `{ train: 800, test: 230 }`
 * @param seed a whole number; the same seed gives the same parts
 * @returns a dataset per part, or, for a number of rows, the row indices per part
 * @throws if a part would hold no row, sizes do not add up, or there are fewer rows than the parts need
 */
export function split<Name extends string>(data: Dataset, parts: SplitParts<Name>, seed: number): Record<Name, Dataset>;
export function split<Name extends string>(
  count: number,
  parts: SplitParts<Name>,
  seed: number,
): Record<Name, Int32Array>;
export function split(
  data: Dataset | number,
  parts: SplitParts<string>,
  seed: number,
): Record<string, Dataset | Int32Array> {
  const count = typeof data === "number" ? data : data.count;
  const sizes = partSizes(count, parts);
  const order = permutation(foldHost(randomKey(seed), "split"), count);
  let start = 0;
  return Object.fromEntries(
    sizes.map(([name, size]) => {
      const rows = order.slice(start, start + size);
      start += size;
      return [name, typeof data === "number" ? rows : take(data, rows)];
    }),
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
 */
export function kFold(count: number, k: number, seed: number): Fold[] {
  if (!Number.isInteger(k) || k < 2 || k > count) {
    fail("kFold", `received k = ${k} for ${count} rows; k is a whole number from 2 to the number of rows.`);
  }
  const order = permutation(foldHost(randomKey(seed), "kFold"), count);
  return Array.from({ length: k }, (_, fold) => {
    const from = Math.floor((fold * count) / k);
    const to = Math.floor(((fold + 1) * count) / k);
    const train = new Int32Array(count - (to - from));
    train.set(order.subarray(0, from));
    train.set(order.subarray(to), from);
    return { train, test: order.slice(from, to) };
  });
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
    fail("split", `${received}; the sizes add up to ${Number(sum.toPrecision(12))}${unit}: ${advice}.`);
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
    if (size < 1) fail("split", `${received}; part "${name}" would hold no row: use more rows or a larger part.`);
    return [name, size];
  });
}

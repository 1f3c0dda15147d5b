// Inputs that say the same: hierarchical clusters by how strongly ranks go together.
import { type Table, tableCheck } from "@hooke/data";
import { checkArgument, checkOptions, checks } from "@hooke/runtime";
import type { Fitted } from "../method/method.ts";
import { type CategoryInput, type Input, type Inputs, inputsOf, isMissing } from "../method/samples.ts";
import { correlation, meanOf } from "./correlation.ts";

/** Options of {@link correlatedInputs}. */
export interface CorrelationOptions {
  /** Clusters are joined while the mean association of their members is at least so much, from 0 to 1. Default 0.7. */
  readonly least?: number;
}

/**
 * Inputs by groups that go together: average linkage of distances `1 - association`. The association of numbers is the magnitude of Spearman's rank
 * correlation, over rows that have both; of a number and a category the root of the share of the ranks' variance that lies between categories
 * (epsilon squared, which is corrected for their number); of categories Cramer's V, corrected likewise (Bergsma 2013).
 *
 * Shuffle such a group together: of two inputs that say the same, each seems to say nothing while the other is there.
 *
 * @param inputs the columns in question, such as `fitted.inputs`
 * @returns names, in the order of the inputs
 * @example
 * ```ts
 * import { correlatedInputs, ridge } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const load = [1, 2, 3, 4, 5, 6, 7, 8];
 * const table = tableOf({ load, stress: load.map((x) => x * x), hour: [4, 1, 7, 2, 8, 3, 6, 5], strain: load });
 * const { inputs } = await ridge().fit(table, "strain");
 * console.log(correlatedInputs(table, inputs)); // [ [ 'load', 'stress' ], [ 'hour' ] ]
 * ```
 */
export function correlatedInputs(table: Table, inputs: Fitted["inputs"], options: CorrelationOptions = {}): string[][] {
  const who = "correlatedInputs";
  checkArgument(who, "the table", table, tableCheck);
  checkArgument(who, "the inputs", inputs, (value) =>
    Array.isArray(value) && value.every((input) => typeof (input as { name?: unknown } | null)?.name === "string")
      ? undefined
      : "columns, such as fitted.inputs",
  );
  checkOptions<CorrelationOptions>(who, options, { optional: { least: checks.fraction } });
  const { columns } = inputsOf(table, inputs);
  return clustersOf(associations({ columns, rowCount: table.rowCount }), columns.length, options.least ?? 0.7).map(
    (members) => members.map((member) => columns[member]!.name),
  );
}

/** `[columns, columns]` */
function associations({ columns, rowCount }: Inputs): Float64Array {
  const { length: count } = columns;
  const found = new Float64Array(count * count).fill(1);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) {
      const value = associationOf(columns[a]!, columns[b]!, rowCount);
      found[a * count + b] = value;
      found[b * count + a] = value;
    }
  }
  return found;
}

function associationOf(a: Input, b: Input, rowCount: number): number {
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row).filter(
    (row) => !isMissing(a, row) && !isMissing(b, row),
  );
  if (rows.length < 3) return 0;
  if (a.type === "number" && b.type === "number") return Math.abs(correlation(ranksOf(a, rows), ranksOf(b, rows)));
  if (a.type === "category" && b.type === "category") return cramersV(a, b, rows);
  const [number, category] = a.type === "category" ? [b, a] : [a, b as CategoryInput];
  return betweenCategories(
    ranksOf(number, rows),
    Int32Array.from(rows, (row) => category.values[row]!),
  );
}

/** From 1; of equals their mean. */
function ranksOf({ values }: Input, rows: Int32Array): Float64Array {
  const order = Array.from(rows.keys()).sort((a, b) => values[rows[a]!]! - values[rows[b]!]!);
  const ranks = new Float64Array(rows.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[rows[order[to]!]!] === values[rows[order[from]!]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

function betweenCategories(ranks: Float64Array, categories: Int32Array): number {
  const groups = new Map(Array.from(categories, (category) => [category, [] as number[]]));
  for (const [i, category] of categories.entries()) groups.get(category)!.push(ranks[i]!);
  const mean = meanOf(ranks);
  const total = ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0);
  let within = 0;
  for (const members of groups.values()) {
    const own = members.reduce((sum, rank) => sum + rank, 0) / members.length;
    for (const rank of members) within += (rank - own) ** 2;
  }
  const free = ranks.length - groups.size;
  if (total === 0 || free <= 0) return 0;
  return Math.sqrt(Math.max(0, 1 - ((within / total) * (ranks.length - 1)) / free));
}

function cramersV(a: CategoryInput, b: CategoryInput, rows: Int32Array): number {
  const counts = new Map<string, number>();
  const [countsA, countsB] = [new Map<number, number>(), new Map<number, number>()];
  const add = <K>(to: Map<K, number>, key: K) => void to.set(key, (to.get(key) ?? 0) + 1);
  for (const row of rows) {
    add(counts, `${a.values[row]} ${b.values[row]}`);
    add(countsA, a.values[row]!);
    add(countsB, b.values[row]!);
  }
  const { length: n } = rows;
  let chi = 0;
  for (const [keyA, countA] of countsA) {
    for (const [keyB, countB] of countsB) {
      const expected = (countA * countB) / n;
      chi += ((counts.get(`${keyA} ${keyB}`) ?? 0) - expected) ** 2 / expected;
    }
  }
  const [r, k] = [countsA.size, countsB.size];
  const phi = Math.max(0, chi / n - ((r - 1) * (k - 1)) / (n - 1));
  const least = Math.min(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1;
  return least > 0 ? Math.min(1, Math.sqrt(phi / least)) : 0;
}

/** Average linkage: the two clusters that are most alike are joined while that is `least` or more. */
function clustersOf(alike: Float64Array, count: number, least: number): number[][] {
  const clusters = Array.from({ length: count }, (_, i) => [i]);
  const between = (a: readonly number[], b: readonly number[]): number => {
    let sum = 0;
    for (const i of a) for (const j of b) sum += alike[i * count + j]!;
    return sum / (a.length * b.length);
  };
  for (;;) {
    let [first, second, most] = [-1, -1, least];
    for (let b = 1; b < clusters.length; b++) {
      for (let a = 0; a < b; a++) {
        const value = between(clusters[a]!, clusters[b]!);
        if (value > most || (value === most && first < 0)) [first, second, most] = [a, b, value];
      }
    }
    if (first < 0) return clusters;
    clusters[first] = [...clusters[first]!, ...clusters[second]!].sort((a, b) => a - b);
    clusters.splice(second, 1);
  }
}

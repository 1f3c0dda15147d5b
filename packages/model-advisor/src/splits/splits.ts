// Splits: which rows are held back to be predicted, which is what "good" means. The purpose of a model decides it.
import { type Inputs, randomFrom, type Samples } from "@hooke/baselines";
import { type Fold, kFold, type RowNames } from "@hooke/data";
import { checkOptions, checks, fail, type HostArray } from "@hooke/runtime";
import { clustersOf } from "./clusters.ts";

/** How rows are held back, as JSON. */
export type Split =
  | { readonly kind: "random"; readonly folds: number }
  | { readonly kind: "grouped"; readonly folds: number }
  | { readonly kind: "clusters"; readonly count: number }
  | { readonly kind: "beyond" }
  | { readonly kind: "later"; readonly folds: number };

const folds = (options: { readonly folds?: number }): number => {
  checkOptions<{ folds?: number }>("splits", options, {
    optional: {
      folds: (value) => checks.count(value) ?? ((value as number) < 2 ? "a whole number from 2" : undefined),
    },
  });
  return options.folds ?? 5;
};

/** The ways to hold rows back. */
export const splits = {
  /** Any row: new rows are like those that are there. Rows whose inputs are the same stay together. */
  random: (options: { readonly folds?: number } = {}): Split => ({ kind: "random", folds: folds(options) }),
  /** Whole groups, such as specimens: new rows are of new ones. */
  grouped: (options: { readonly folds?: number } = {}): Split => ({ kind: "grouped", folds: folds(options) }),
  /** Whole clusters of inputs (k-means; one of few rows joins the nearest, so that there may be fewer): new rows are of another family. Default `count` 8. */
  clusters: (options: { readonly count?: number } = {}): Split => {
    checkOptions<{ count?: number }>("splits.clusters", options, { optional: { count: checks.count } });
    return { kind: "clusters", count: options.count ?? 8 };
  },
  /** The fifth with the largest targets, then that with the smallest: new rows lie beyond what was seen. */
  beyond: (): Split => ({ kind: "beyond" }),
  /** Later rows of the table, from those before them: new rows come after all that are there. */
  later: (options: { readonly folds?: number } = {}): Split => ({ kind: "later", folds: folds(options) }),
} as const;

/** What a split says, in words. */
export function describeSplit(split: Split, group?: string): string {
  switch (split.kind) {
    case "random":
      return "by row";
    case "grouped":
      return `by ${group ?? "group"}`;
    case "clusters":
      return "by cluster";
    case "beyond":
      return "beyond the range";
    case "later":
      return "by order";
  }
}

/**
 * The folds of one repeat: other repeats of random splits draw other ones.
 *
 * @throws where there are too few rows, groups or clusters
 */
export function foldsFor(split: Split, samples: Samples, key: HostArray, repeat: number): Fold[] {
  const { rowCount, target, groups, source } = samples;
  const random = randomFrom(key, "split", repeat);
  switch (split.kind) {
    case "random":
    case "grouped": {
      if (split.kind === "grouped" && groups === undefined) {
        fail("splits.grouped", `no column of ${source} is named as groups; name one: groups: "specimen".`, "mismatch");
      }
      const together = split.kind === "grouped" ? groups! : sameInputs(samples);
      const most = countOf(together);
      if (most < split.folds) {
        const what = split.kind === "grouped" ? "groups" : "rows of different inputs";
        const cure = most < 2 ? "two at least are needed" : `give splits.${split.kind}({ folds: ${most} })`;
        fail("splits", `${source} has ${most} ${what}; ${split.folds} folds need as many: ${cure}.`, "invalid-data");
      }
      const labels = target.type === "class" ? target.values : undefined;
      return kFold(rowCount, split.folds, random.below(2 ** 31), together, labels);
    }
    case "clusters":
      return leftOut(clustersOf(samples, split.count, random), rowCount);
    case "beyond":
      return beyondFolds(samples);
    case "later":
      return laterFolds(rowCount, split.folds);
  }
}

/** A split of five folds, or of as many as there are rows of different inputs, or groups. */
export function fewFolds(kind: "random" | "grouped", samples: Samples): Split {
  const together = kind === "grouped" ? samples.groups! : sameInputs(samples);
  return splits[kind]({ folds: Math.max(2, Math.min(5, countOf(together))) });
}

const countOf = (names: RowNames): number => new Set(Array.from(names as ArrayLike<unknown>)).size;

/** A number for each row, in the order of the first: rows whose inputs are the same have the same. */
export function sameInputs({ columns, texts = [], rowCount }: Inputs): Int32Array {
  const names = new Int32Array(rowCount);
  let count = 1;
  // One column after the other tells rows apart; mostly the first does.
  for (const { values } of [...texts, ...columns]) {
    if (count === rowCount) break;
    const numbers = new Map<number | string, number>();
    const pairs = new Map<number, number>();
    for (let row = 0; row < rowCount; row++) {
      const number = numbered(numbers, values[row]!);
      // Below 2^53, as both are below the number of rows.
      names[row] = numbered(pairs, names[row]! * rowCount + number);
    }
    count = pairs.size;
  }
  return names;
}

/** The number of a value among those that came before, or the next one. */
function numbered<V>(numbers: Map<V, number>, value: V): number {
  const known = numbers.get(value);
  if (known !== undefined) return known;
  numbers.set(value, numbers.size);
  return numbers.size - 1;
}

/** A fold for each part. */
function leftOut(parts: readonly Int32Array[], rowCount: number): Fold[] {
  return parts.map((test) => {
    const isTest = new Uint8Array(rowCount);
    for (const row of test) isTest[row] = 1;
    return { test, train: Int32Array.from(isTest.keys()).filter((row) => isTest[row] === 0) };
  });
}

function beyondFolds({ target, rowCount, source }: Samples): Fold[] {
  if (target.type === "class") {
    return fail(
      "splits.beyond",
      `the target "${target.name}" of ${source} is classes, which have no order; hold rows back in another way, such as purpose: "new-group".`,
      "mismatch",
    );
  }
  const order = Array.from({ length: rowCount }, (_, row) => row).sort(
    (a, b) => target.values[a]! - target.values[b]! || a - b,
  );
  const fifth = Math.max(1, Math.floor(rowCount / 5));
  return leftOut([Int32Array.from(order.slice(-fifth)), Int32Array.from(order.slice(0, fifth))], rowCount);
}

function laterFolds(rowCount: number, count: number): Fold[] {
  const edges = Array.from({ length: count + 2 }, (_, i) => Math.floor((i * rowCount) / (count + 1)));
  const range = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
  return Array.from({ length: count }, (_, i) => ({
    train: range(0, edges[i + 1]!),
    test: range(edges[i + 1]!, edges[i + 2]!),
  }));
}

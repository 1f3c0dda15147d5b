// Splits, folds and batches: disjoint, complete, decided by the seed alone.
import { array, foldHost, randomKey } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { parseCsv } from "../tables/csv/index.ts";
import { dataset } from "./dataset.ts";
import { batchCount, batches } from "./loader.ts";
import { permutation } from "./permutation.ts";
import { kFold, split } from "./split.ts";
import { tableDataset } from "./table-dataset.ts";

const sorted = (...parts: Iterable<number>[]) => parts.flatMap((part) => [...part]).sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe("permutation", () => {
  test.each([0, 1, 2, 3, 100, 1031])("of %i holds every index once", (count) => {
    expect(sorted(permutation(randomKey(1), count))).toEqual(upTo(count));
  });

  test("every order of three is equally likely", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = permutation(foldHost(randomKey(7), i), 3).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Chi-square with 5 degrees of freedom: 20.5 is exceeded once in a thousand times.
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(20.5);
  });
});

describe("split", () => {
  test.each([
    [1030, { train: 0.8, validation: 0.1, test: 0.1 }, [824, 103, 103]],
    [1030, { train: "rest", test: 0.1 }, [927, 103]],
    [10, { train: "rest", validation: 3, test: 2 }, [5, 3, 2]],
    [10, { train: 8, test: 2 }, [8, 2]],
    [7, { a: 1 / 3, b: 1 / 3, c: 1 / 3 }, [2, 3, 2]],
    [3, { train: 0.34, validation: 0.33, test: 0.33 }, [1, 1, 1]],
    [5, { train: "rest" }, [5]],
  ] as const)("%i rows into %j", (count, parts, sizes) => {
    const result = split(count, parts as Record<string, number | "rest">, 3);
    expect(Object.keys(result)).toEqual(Object.keys(parts));
    expect(Object.values(result).map((rows) => rows.length)).toEqual(sizes);
    expect(sorted(...Object.values(result))).toEqual(upTo(count));
  });

  test("the seed decides", () => {
    const parts = { train: "rest", test: 0.2 } as const;
    expect(split(100, parts, 5)).toEqual(split(100, parts, 5));
    expect(split(100, parts, 5)).not.toEqual(split(100, parts, 6));
    expect(split(100, parts, 5)).not.toEqual(split(100, parts, 5 + 2 ** 32));
  });

  test("of a dataset gives datasets that know their lines", () => {
    const table = parseCsv(
      `x,y\n${upTo(10)
        .map((i) => `${i},${10 * i}`)
        .join("\n")}`,
    );
    const { train, test: held } = split(tableDataset(table, { target: "y" }), { train: "rest", test: 3 }, 0);
    expect(train.count + held.count).toBe(10);
    for (const { inputs, targets, lines } of [train, held]) {
      inputs.data.forEach((x, i) => {
        expect([targets.data[i], lines![i]]).toEqual([10 * x, x + 2]);
      });
    }
  });

  test.each([
    [
      3,
      { train: 0.8, validation: 0.1, test: 0.1 },
      'split: received { train: 0.8, validation: 0.1, test: 0.1 } for 3 rows; part "test" would hold no row: use more rows or a larger part.',
    ],
    [
      10,
      { train: 0.8, test: 0.1 },
      'split: received { train: 0.8, test: 0.1 } for 10 rows; the sizes add up to 0.9: make them add up to 1, or call one part "rest".',
    ],
    [
      10,
      { train: 8, test: 5 },
      'split: received { train: 8, test: 5 } for 10 rows; the sizes add up to 13 rows: make them add up to 10, or call one part "rest".',
    ],
    [
      10,
      { train: "rest", test: 12 },
      'split: received { train: "rest", test: 12 } for 10 rows; the sizes add up to 12 rows: leave some for the rest.',
    ],
    [
      10,
      { train: "rest", test: 10 },
      'split: received { train: "rest", test: 10 } for 10 rows; part "train" would hold no row: use more rows or a larger part.',
    ],
    [
      10,
      { train: 0.5, test: 5 },
      "split: received { train: 0.5, test: 5 } for 10 rows; give all sizes as fractions or all as numbers of rows.",
    ],
    [
      10,
      { train: "rest", test: 0 },
      'split: received { train: "rest", test: 0 } for 10 rows; "test" is a fraction between 0 and 1, a number of rows, or "rest".',
    ],
    [10, { train: "rest", test: 2.5 }, '"test" is a fraction between 0 and 1, a number of rows, or "rest".'],
    [10, { train: "rest", test: "rest" }, 'only one part can be the "rest".'],
  ] as const)("%i rows into %j fails", (count, parts, message) => {
    expect(() => split(count, parts as Record<string, number | "rest">, 0)).toThrow(message);
  });
});

describe("kFold", () => {
  test.each([
    [10, 5],
    [11, 3],
    [4, 4],
    [1030, 20],
  ])("%i rows, %i folds", (count, k) => {
    const folds = kFold(count, k, 2);
    expect(folds).toHaveLength(k);
    expect(sorted(...folds.map((fold) => fold.test))).toEqual(upTo(count));
    for (const { train, test: held } of folds) {
      expect(sorted(train, held)).toEqual(upTo(count));
      expect([Math.floor(count / k), Math.ceil(count / k)]).toContain(held.length);
    }
  });

  test.each([1, 11, 2.5])("k = %d of 10 rows fails", (k) => {
    expect(() => kFold(10, k, 0)).toThrow(
      `kFold: received k = ${k} for 10 rows; k is a whole number from 2 to the number of rows.`,
    );
  });
});

describe("batches", () => {
  const options = { count: 10, batchSize: 4, seed: 1, epoch: 0 };
  const listOf = (list: Int32Array[]) => list.map((rows) => [...rows]);

  test("every row once an epoch; the last batch is kept or dropped", () => {
    expect(batches(options).map((rows) => rows.length)).toEqual([4, 4, 2]);
    expect(sorted(...batches(options))).toEqual(upTo(10));
    expect(batches({ ...options, lastBatch: "drop" }).map((rows) => rows.length)).toEqual([4, 4]);
    expect(batchCount(options)).toBe(3);
    expect(batchCount({ ...options, lastBatch: "drop" })).toBe(2);
    expect(batches({ ...options, batchSize: 64 }).map((rows) => rows.length)).toEqual([10]);
  });

  test("a pure function of seed and epoch", () => {
    expect(listOf(batches(options))).toEqual(listOf(batches(options)));
    for (const other of [{ epoch: 1 }, { seed: 2 }]) {
      expect(listOf(batches({ ...options, ...other }))).not.toEqual(listOf(batches(options)));
    }
    expect(listOf(batches({ ...options, shuffle: false }))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
  });

  test.each([
    [
      { count: 20, batchSize: 64, lastBatch: "drop" },
      'batches: received 20 rows, fewer than one batch of 64, and lastBatch: "drop" leaves nothing to train on; use a batchSize of at most 20, or lastBatch: "keep".',
    ],
    [{ count: 0 }, "batches: received no rows; training needs at least one."],
    [{ batchSize: 0 }, "batches: received batchSize 0; it is a whole number of rows, 1 or more."],
    [{ batchSize: 1.5 }, "batches: received batchSize 1.5; it is a whole number of rows, 1 or more."],
  ] as const)("%j fails", (change, message) => {
    expect(() => batches({ ...options, ...change })).toThrow(message);
  });
});

describe("stratified", () => {
  // 50 rows of "a", 10 of "b", 3 of "c", in this order.
  const kinds = upTo(63).map((row) => (row < 50 ? "a" : row < 60 ? "b" : "c"));
  const shares = (rows: Int32Array) =>
    ["a", "b", "c"].map((name) => [...rows].filter((row) => kinds[row] === name).length);

  test("folds test their share of each, sizes as without", () => {
    const folds = kFold(63, 5, 3, undefined, kinds);
    expect(sorted(...folds.map(({ test }) => test))).toEqual(upTo(63));
    for (const { test } of folds) {
      const [a, b, c] = shares(test);
      expect([a, b]).toEqual([10, 2]);
      expect(c).toBeLessThanOrEqual(1);
    }
  });

  test("parts have the sizes asked for and their share of each", () => {
    const parts = split(63, { train: 42, test: 21 }, 1, undefined, kinds);
    expect(sorted(parts.train, parts.test)).toEqual(upTo(63));
    expect([parts.train.length, parts.test.length, shares(parts.test)[2]]).toEqual([42, 21, 1]);
    expect(Math.abs(shares(parts.test)[1]! - 10 / 3)).toBeLessThan(1);
    expect(split(63, { train: 42, test: 21 }, 2, undefined, kinds)).not.toEqual(parts);
  });

  test("by one name for each row", () => {
    expect(() => kFold(4, 2, 0, undefined, ["a"])).toThrow("kFold: stratify holds 1 names for 4 rows");
    expect(() => kFold(4, 2, 0, undefined, array([0, 1, 0, 1]) as never)).toThrow("as stratify; give its .data.");
    expect(() => kFold(dataset({ inputs: array([[1]]), targets: array([1]) }) as never, 2, 0)).toThrow(
      "give the .count",
    );
    expect(() => kFold(12, "5" as never, 0)).toThrow('received k = "5" for 12 rows');
  });
});

// Damaged files: each is read, or refused by an error that names it, within seconds. Seeded; HOOKE_TESTS=full reads 100,000.
import { afterAll, expect, test } from "vitest";
import { damaged, drawer } from "./damage.fixture.ts";
import { formats } from "./formats.fixture.ts";
import { endReader, readDamaged } from "./watch.fixture.ts";

const isFull = process.env.HOOKE_TESTS === "full";
const total = Object.values(formats).reduce((sum, { share }) => sum + share, 0);

afterAll(endReader);

test("the full form is of 100,000 files, the same in every run", () => {
  expect(total).toBe(100_000);
  const { seeds } = formats.npy!;
  expect(damaged(seeds, drawer("npy", 7))).toEqual(damaged(seeds, drawer("npy", 7)));
  expect(damaged(seeds, drawer("npy", 7))).not.toEqual(damaged(seeds, drawer("npy", 8)));
});

// Files that were never done with, or took gigabytes: texts in a heap whose objects lead nowhere, pages that state runs of millions of
// values, or are compressed with weights that take no bits.
test.each([
  ["hdf5", 495, /object 0 of the heap at 6144 states 0 bytes, where 2040 are left/],
  ["hdf5", 2026, /object 0 of the heap at 6144 states 0 bytes/],
  ["hdf5", 2068, /object 4 of the heap at 12288 states 18014398509481988 bytes/],
  ["hdf5", 4094, /object 0 of the heap at 12288 states 0 bytes/],
  ["hdf5", 4381, /object 0 of the heap at 12288 states 0 bytes/],
  ["parquet", 5246, /column "i" is damaged: a page has weights that take no bits/],
  ["parquet", 9209, /column "i" is damaged: a page has a run of 67444588 values, where 300 are left/],
])(
  "%s, file %i",
  async (name, index, message) => {
    // In a worker first, which can be ended.
    expect(await readDamaged(name, index, index + 1)).toEqual({ read: 0, faults: [] });
    const { seeds, read } = formats[name]!;
    await expect((async () => read(damaged(seeds, drawer(name, index))))()).rejects.toThrow(message);
  },
  60_000,
);

test.each(Object.entries(formats))(
  "%s",
  async (name, { seeds, pack, read, share }) => {
    // Whole files are read: damage is what the others are refused for.
    for (const seed of seeds) await read((await pack?.(Uint8Array.from(seed))) ?? seed);
    const count = isFull ? share : share / 200;
    const report = await readDamaged(name, 0, count);
    expect(report.faults).toEqual([]);
    console.log(`${name}: ${count} damaged files, of which ${report.read} could be read`);
  },
  isFull ? 3_600_000 : 60_000,
);

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

test.each(Object.entries(formats))(
  "%s",
  async (name, { seeds, pack, read, share }) => {
    // Whole files are read: damage is what the others are refused for.
    for (const seed of seeds) await read((await pack?.(Uint8Array.from(seed))) ?? seed);
    const count = isFull ? share : share / 200;
    const report = await readDamaged(name, count);
    expect(report.faults).toEqual([]);
    console.log(`${name}: ${count} damaged files, of which ${report.read} could be read`);
  },
  isFull ? 3_600_000 : 60_000,
);

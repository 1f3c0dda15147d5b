// The model of networks against closed forms, and what it counts against what sums of ranks do.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { costOf, deviationOf, fitNetwork, type Network, soldAs, updateOf } from "./cost.ts";
import { countSums } from "./programs.ts";

const network: Network = { perMessage: 0.02, perByte: 1e-6 };
const works = [1e3, 1e4, 1e6, 1e8].map((bytes, i) => ({ messages: 2 + i, bytes, adding: bytes * 1e-7 }));

test("a fit finds the network that times were made of", () => {
  const found = fitNetwork(works.map((work) => ({ work, milliseconds: costOf(network, work) })));
  expect(found.perMessage).toBeCloseTo(network.perMessage, 12);
  expect(found.perByte).toBeCloseTo(network.perByte, 14);
});

test("no other network deviates less", () => {
  const noise = [1.1, 0.9, 1.05, 0.97];
  const points = works.map((work, i) => ({ work, milliseconds: costOf(network, work) * noise[i]! }));
  const squares = (of: Network): number => points.reduce((sum, point) => sum + deviationOf(of, point) ** 2, 0);
  const found = fitNetwork(points);
  for (const [m, b] of [
    [1.01, 1],
    [0.99, 1],
    [1, 1.01],
    [1, 0.99],
  ] as const) {
    expect(squares({ perMessage: found.perMessage * m, perByte: found.perByte * b })).toBeGreaterThan(squares(found));
  }
});

test("no time is negative, and the other is fitted alone", () => {
  const points = [1, 2, 4].map((messages) => ({
    work: { messages, bytes: 1000, adding: 0 },
    milliseconds: messages - 0.5,
  }));
  const found = fitNetwork(points);
  expect(found.perByte).toBe(0);
  expect(found.perMessage).toBeCloseTo(
    0.5 * ((1 / 0.5 + 2 / 1.5 + 4 / 3.5) / (1 / 0.25 + 4 / 2.25 + 16 / 12.25)) * 2,
    12,
  );
});

test("10 Gb/s carry 1.25 GB/s, and ranks meet before every sum", () => {
  expect(soldAs(30, 10)).toEqual({ perMessage: 0.03, perByte: 8e-7 });
  const sum = { messages: 6, bytes: 1e6, adding: 1 };
  // Two of log2(4) for the meeting, 3 times 64 bytes.
  expect(updateOf(network, { computing: 100, sums: [sum, sum], ranks: 4 })).toBeCloseTo(
    100 + 2 * (8 * 0.02 + (1e6 + 192) * 1e-6 + 1),
    9,
  );
});

test("sums go in pieces, each in two exchanges of a part for every rank", async () => {
  const [small, large, last] = await countSums({ counts: [100, 3 * 2 ** 21], repetitions: 1, ranks: [2, 64] }).then(
    (all) => [all[0]!, all[1]!, all[3]!],
  );
  expect(small).toMatchObject({ ranks: 2, messages: 1, bytes: 400 });
  // 24 MiB in pieces of 2 MiB, and of 64 KiB a rank.
  expect(large).toMatchObject({ messages: 2 * 12, bytes: 2 * 12 * 2 ** 20 });
  expect(last).toMatchObject({ ranks: 64, messages: 2 * 63 * 6, bytes: 2 * 63 * 6 * 2 ** 16 });
});

test("the command measures, fits and reckons, and says what it could not start", { timeout: 120_000 }, () => {
  const command = fileURLToPath(new URL("network.ts", import.meta.url));
  const text = execFileSync(process.execPath, [command, "--quick"], { encoding: "utf8" });
  const headings = [...text.matchAll(/^## (.*)/gm)].map(([, heading]) => heading);
  expect([headings[0], headings.at(-1)]).toEqual([
    "Networks",
    "Weak scaling: the rate of a rank, of one process alone",
  ]);
  expect(text).toMatch(/^\| 2 ranks, shared memory +\|.*%|shared memory: not measured, /m);
  expect(text).toMatch(/^\| 100 Gb\/s, 2 us, as sold +\| +64 \| +reduced \| +0\.\d\d/m);
});

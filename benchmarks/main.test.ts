// The benchmark runs with Hooke alone, and says which peers are missing. Times are asserted nowhere.
import { execFileSync } from "node:child_process";
import { wideVectors } from "@hooke/backend-wasm/engine";
import { expect, test, vi } from "vitest";
import { measurements } from "./measurements.ts";
import { type Participant, participants, start } from "./participants.ts";
import { measure, median, quick } from "./rounds.ts";
import { renderTable } from "./table.ts";

const [hooke, wide] = participants.wasm;
const printsLine = (line: string): Participant["command"] => [
  process.execPath,
  "-e",
  `console.log(${JSON.stringify(line)})`,
];

test("prints a row per measurement with Hooke alone and says how to get the others", { timeout: 120_000 }, async () => {
  const report = await measure(
    [
      hooke,
      { name: "Absent program", command: ["hooke-no-such-program"], install: "apt install it" },
      {
        name: "Absent package",
        command: printsLine('{"missing": "it has no package tensors"}'),
        install: "pip install tensors",
      },
    ],
    quick,
  );
  const table = renderTable(report);
  for (const { label, long } of measurements) {
    const time = long ? "-" : "[\\d.]+";
    expect(table).toMatch(new RegExp(`^\\| ${label} +\\| +${time} \\| +not installed \\| +not installed \\|$`, "m"));
  }
  expect(table).toContain(
    "Absent program is not installed (there is no program hooke-no-such-program). To see it: apt install it.",
  );
  expect(table).toContain(
    "Absent package is not installed (it has no package tensors). To see it: pip install tensors.",
  );
});

test("Hooke is measured with vectors of 256 bits, too, where there are any, and not by an environment that asks for them", async () => {
  vi.stubEnv("HOOKE_WIDE", "1");
  const started = await Promise.all([hooke, wide].map(start));
  vi.unstubAllEnvs();
  for (const each of started) if (!("missing" in each)) each.end();
  const [narrow, other] = started.map((each) => ("missing" in each ? each.missing : each.tasks.length));
  const engine = wideVectors();
  expect(narrow).toBe(measurements.length);
  expect(other).toBe(engine.available ? measurements.length - 6 : engine.reason);
});

test("a participant that fails is an error that shows why", async () => {
  const broken = [process.execPath, "-e", "console.error('out of luck'); process.exit(1)"] as const;
  const started = start({ name: "Broken", command: broken, install: "" });
  await expect(started).rejects.toThrow("Broken ended without an answer: out of luck");
});

test("shows ratios, rates and participants that compute something else", () => {
  const medians = { step: 0.05, dot512: 5 };
  const results = [
    { name: "A", version: "1", medians, disagreements: [] },
    { name: "B", version: "2", medians: { step: 0.2, dot512: 2.5 }, disagreements: ["step: 1 instead of 2"] },
  ];
  const table = renderTable({ results, absences: [], rounds: 1 });
  expect(table).toMatch(/training step, ms +\| 0\.0500 \| 0\.200 \(0\.25x\) \|/);
  expect(table).toMatch(/matrix product 512, GFLOP\/s +\| +53\.7 \| +107 \(2\.0x\) \|/);
  expect(table).toContain("B DISAGREES with A; its time means nothing. step: 1 instead of 2");
});

test("floors are of operations and bytes", { timeout: 60_000 }, () => {
  const table = execFileSync(process.execPath, [new URL("floors.ts", import.meta.url).pathname, "1", "forward1"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  // Of 10 -> 64 -> 64 -> 1: 9,600 of products, 129 of biases, 256 of what relu compares and chooses.
  expect(table).toMatch(/^\| inference, 1 row +\| +0\.00999 \|/m);
});

test("the median is the middle value", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

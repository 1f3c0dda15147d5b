// What `npm start` does, on a small table: advice, a model, a network beside it, a report; and what it refuses.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { decodeModelFile } from "@hooke/model-advisor";
import { afterAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "hooke-first-minute-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const main = fileURLToPath(new URL("first-minute.ts", import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args, "--runs", folder]);

it("advises, trains, shows a network beside, and ends with metrics and a report", async () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${i % 10},${i % 3 ? "A" : "B"},S${Math.floor(i / 6)},${3 * (i % 10) + ((i * 5) % 7)}`,
  );
  const data = join(folder, "creep.csv");
  writeFileSync(data, `load,lab,specimen,strain\n${rows.join("\n")}\n`);
  const { stdout } = await run(data, "--target", "strain", "--groups", "specimen", "--budget", "0.1");
  expect(stdout).toMatch(/^creep\.csv: 60 rows, 6 of them held out/);
  expect(stdout).toMatch(/^Use .+ by specimen/m);
  expect(stdout).toMatch(/^ {2}.+ \(advised\) +RMSE [\d.]+ +R² 0\.\d+ +within 90 % bounds \d+ %$/m);
  expect(stdout).toMatch(/^ {2}network +RMSE [\d.]+ +R² /m);
  const report = stdout.trim().split("\n").at(-1)!;
  expect(readFileSync(report, "utf8")).toContain("Which method fits strain");
  const model = join(dirname(report), "model.safetensors");
  expect(existsSync(model)).toBe(true);
  expect(decodeModelFile(readFileSync(model)).domain!.ranges).toEqual([{ input: "load", least: 0, most: 9 }]);
});

it("asks for the target of a file", async () => {
  await expect(run("my.csv")).rejects.toMatchObject({
    code: 1,
    stderr:
      "start: received my.csv without its target; name the column to predict: npm start -- my.csv --target COLUMN\n",
  });
});

// The three lists at small size: what main.ts prints is what their folders hold, and a cross-validation in one process has the same numbers.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { metrics } from "@hooke/data";
import { crossValidate } from "@hooke/regularization";
import { collect } from "@hooke/sweep";
import { afterAll, expect, test } from "vitest";
import type { Fold, Searched } from "./found.ts";

const root = mkdtempSync(join(tmpdir(), "hooke-many-trainings-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("by processes they come to what one process computes", async () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--small", root]);
  const report = /^.+report\.html$/m.exec(stdout)![0];
  expect(readFileSync(report, "utf8")).toContain("Cross-validated RMSE");
  const folder = dirname(report);

  const search = await collect<Searched["parameters"], Searched["result"]>(join(folder, "search"));
  expect([2, 6, 18].map((epochs) => search.finished.filter(({ budget }) => budget! >= epochs).length)).toEqual([
    9,
    expect.toSatisfy((count: number) => count >= 3 && count <= 4),
    expect.toSatisfy((count: number) => count >= 1 && count <= 2),
  ]);

  process.env.STUDY = "small";
  const { chosen, rest, settings, training, transforms } = await import("./concrete.ts");
  delete process.env.STUDY;
  const expected = await crossValidate({
    ...training(chosen),
    data: rest,
    preprocessing: transforms,
    metrics: [metrics.rmse],
    folds: settings.folds,
    epochs: settings.epochs,
  });
  const { finished } = await collect<Fold["parameters"], Fold["result"]>(join(folder, "folds"));
  expect(finished.map(({ result }) => result.metrics)).toEqual(expected.folds.map((fold) => fold.metrics));
  const { mean, standardDeviation } = expected.metrics.rmse!;
  expect(stdout).toContain(`RMSE ${mean.toFixed(2)} ± ${standardDeviation.toFixed(2)} MPa over 3 folds\n`);

  // Members are better together.
  const [, ensemble, members] = /ensemble: test RMSE (\S+) MPa, of its members (.*)/.exec(stdout)!;
  for (const one of members!.split(", ")) expect(Number(ensemble)).toBeLessThan(Number(one));
});

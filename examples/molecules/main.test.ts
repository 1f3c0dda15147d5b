// The study at small size on chains whose solubility is known by a rule, and on the published molecules where they are at hand.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { kFold, take } from "@hooke/data";
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import { runDirectly } from "@hooke/sweep";
import { afterAll, expect, it } from "vitest";
import { readMolecules } from "./molecules.ts";
import { predictions } from "./networks.ts";
import { full, rmse, study } from "./study.ts";

const folder = mkdtempSync(join(tmpdir(), "hooke-molecules-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Chains and rings of carbon with alcohols: each carbon takes 0.5 from the solubility, each alcohol adds 1. */
const chains = Array.from({ length: 48 }, (_, i) => {
  const [length, alcohols, ring] = [3 + (i % 8), i % 3, i % 2];
  const carbons: string[] = Array.from({ length }, (__, k) => (k < alcohols ? "C(O)" : "C"));
  if (ring === 1) [carbons[0], carbons[length - 1]] = [`C1${carbons[0]!.slice(1)}`, "C1"];
  return `${carbons.join("")},${(alcohols - 0.5 * length).toFixed(2)}`;
});
const csv = `smiles,solubility\n${chains.join("\n")}\n`;

it("keeps its trainings, prints errors and writes a report", async () => {
  const file = join(folder, "chains.csv");
  writeFileSync(file, csv);
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--data", file, "--small", folder]);
  expect(stdout).toContain("48 molecules, 2 random folds");
  const errorOf = (method: string): number => Number(new RegExp(`^${method} +RMSE ([\\d.]+)`, "m").exec(stdout)![1]);
  expect(errorOf("D-MPNN, sum")).toBeLessThan(1);
  const report = /^.+report\.html$/m.exec(stdout)![0];
  expect(readFileSync(report, "utf8")).toContain("Solubility of molecules");
});

it("says what it needs", async () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  await expect(promisify(execFile)(process.execPath, [main, "--small", folder])).rejects.toMatchObject({
    stderr: expect.stringContaining("molecules: give the table of molecules: --data FILE.csv."),
  });
  await expect(readMolecules("a,b\n1,2\n")).rejects.toThrow("expected a table of SMILES and a number for each.");
});

const esol = new URL("../../../shared/data/esol.csv", import.meta.url);
if (!existsSync(esol)) console.warn("The published molecules are not predicted: shared/data/esol.csv is not there.");

const complete = process.env.HOOKE_TESTS === "full";

it.skipIf(!existsSync(esol) || complete)("predicts published molecules that it has not seen", async () => {
  const { graphs } = await readMolecules(readFileSync(esol, "utf8"));
  const [fold] = kFold(graphs.count, full.folds, full.seed);
  const [train, test] = [take(graphs, fold!.train), take(graphs, fold!.test)];
  const settings = { ...full.network, width: 32, epochs: 12 };
  const predicted = await predictions(wasmBackend(), "sum", settings, { train, test }, { seed: 0 });
  expect(rmse(predicted, test.targets.data)).toBeLessThan(1);
});

it.skipIf(!existsSync(esol) || !complete)(
  "the published molecules: as good as published, better than a forest",
  async () => {
    const molecules = await readMolecules(readFileSync(esol, "utf8"));
    const [forest, ...networks] = await study(wasmBackend(), molecules, full, runDirectly);
    const best = Math.min(...networks.map(({ errors }) => meanOf(errors)));
    expect(best).toBeLessThan(0.66);
    expect(best).toBeLessThan(meanOf(forest!.errors));
  },
);

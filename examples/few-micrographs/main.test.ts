// The comparison on a few small micrographs, and weights that are refused.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wasmBackend } from "@hooke/backend-wasm";
import { encodeSafetensors } from "@hooke/data/safetensors";
import { writeReport } from "@hooke/report/node";
import { array } from "@hooke/runtime";
import { runDirectly } from "@hooke/sweep";
import { featureFolder } from "@hooke/transfer/node";
import { expect, it } from "vitest";
import { textureBackbone } from "./backbone.ts";
import { rows, studyReport } from "./report.ts";
import { drawMicrographs, small, study } from "./study.ts";

it("scores every method, recommends one for each number of labels, and calls random weights random", {
  timeout: 240_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "few-micrographs-"));
  try {
    const backend = wasmBackend();
    const settings = { ...small, count: 30, test: 10, labels: [20], scratchEpochs: 1 };
    const sample = await drawMicrographs(backend, settings, runDirectly, () => undefined);
    const backbone = await textureBackbone(backend, settings.ensemble.side);
    let trials = 0;
    const results = await study(backend, backbone, sample, settings, runDirectly, featureFolder(folder), () => {
      trials++;
    });
    expect(Object.keys(results.scores)).toEqual([
      "two-point statistics",
      "random network + ridge",
      "random network, fine-tuned",
      "from scratch, augmented",
    ]);
    expect(trials).toBe(8);
    expect(results.scores["two-point statistics"]!.flat().every((r2) => r2 > 0)).toBe(true);
    const printed = rows(settings, results).join("\n");
    expect(printed).toMatch(/20 labels: Over 2 paired scores/);
    expect(printed).not.toMatch(/pretrained/);
    const page = join(folder, "report.html");
    await writeReport(page, studyReport(settings, results));
    expect(await readFile(page, "utf8")).toContain("Learning curves");
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("refuses a file of other weights by name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "few-micrographs-"));
  try {
    const file = join(folder, "other.safetensors");
    await writeFile(file, encodeSafetensors({ weight: array([1]) }));
    await expect(textureBackbone(wasmBackend(), 32, file)).rejects.toThrow(
      /give a file that examples\/texture-backbone wrote/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

// The comparison on a few small micrographs, what holds of features at 25 and 50 labels, and weights that are refused.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wasmBackend } from "@hooke/backend-wasm";
import { predict } from "@hooke/core";
import { encodeSafetensors } from "@hooke/data/safetensors";
import { writeReport } from "@hooke/report/node";
import { array, zeros } from "@hooke/runtime";
import { runDirectly } from "@hooke/sweep";
import { featureFolder } from "@hooke/transfer/node";
import { afterAll, describe, expect, it } from "vitest";
import { mobileNetBackbone, textureBackbone } from "./backbone.ts";
import { rows, studyReport } from "./report.ts";
import { drawMicrographs, full, type Settings, small, study } from "./study.ts";

const backend = wasmBackend();
const weights = new URL("../../../shared/weights/mobilenet-v2-imagenet.safetensors", import.meta.url);
const isFull = process.env.HOOKE_TESTS === "full";
const folder = await mkdtemp(join(tmpdir(), "few-micrographs-"));
afterAll(() => rm(folder, { recursive: true }));

async function compared(settings: Settings, file?: URL, signal = new AbortController().signal) {
  const { side } = settings.ensemble;
  const backbones = [await textureBackbone(side), ...(file ? [await mobileNetBackbone(side, file)] : [])];
  const sample = await drawMicrographs(backend, settings, runDirectly, () => undefined);
  const progress = { features: 0, trials: 0 };
  const results = await study(
    backend,
    backbones,
    sample,
    settings,
    runDirectly,
    { cache: featureFolder(join(folder, "features")), signal },
    {
      onFeatures: (completed) => {
        progress.features = completed;
      },
      onTrial: (completed) => {
        progress.trials = completed;
      },
    },
  );
  return { results, progress };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

it("scores every method, and recommends one for each number of labels", async () => {
  const settings = { ...small, count: 30, test: 10, labels: [20], scratchSteps: 2 };
  const { results, progress } = await compared(settings);
  expect(Object.keys(results.scores)).toEqual([
    "two-point statistics",
    "textureNet + ridge",
    "textureNet, fine-tuned",
    "from scratch, augmented",
  ]);
  expect(results.ridges).toEqual(Object.keys(results.scores).slice(0, 2));
  expect(progress).toEqual({ features: 30, trials: 8 });
  expect(results.scores["two-point statistics"]!.flat().every((r2) => r2 > 0)).toBe(true);
  expect(rows(settings, results).join("\n")).toMatch(/20 labels: Over 2 paired scores/);
  const page = join(folder, "report.html");
  await writeReport(page, studyReport(settings, results));
  expect(await readFile(page, "utf8")).toContain("Learning curves of training");
});

it("stops while features are computed", async () => {
  const settings = { ...small, count: 12, test: 4, labels: [8] };
  await expect(compared(settings, undefined, AbortSignal.abort("enough"))).rejects.toBe("enough");
});

describe("where few micrographs are labelled", () => {
  const settings: Settings = { ...full, labels: [25, 50], seeds: 8, scratchSteps: 0, tuneEpochs: 0 };
  const long = isFull ? "" : " (skipped: a minute of homogenising needs HOOKE_TESTS=full)";

  it.skipIf(!isFull)(`textureNet + ridge reaches 0.93 at 25 labels, 0.96 at 50${long}`, async () => {
    const { scores } = (await compared(settings)).results;
    const [few, more] = scores["textureNet + ridge"]!.map(mean) as [number, number];
    expect(few).toBeGreaterThanOrEqual(0.93);
    expect(more).toBeGreaterThanOrEqual(0.96);
  });

  it("textureNet + ridge beats two-point statistics, of smaller micrographs too", async () => {
    const smaller = { ...small, count: 65, test: 40, labels: [25], seeds: 4, scratchSteps: 0, tuneEpochs: 0 };
    const { scores } = (await compared(smaller)).results;
    expect(mean(scores["textureNet + ridge"]![0]!)).toBeGreaterThan(mean(scores["two-point statistics"]![0]!) + 0.05);
  });
});

describe("MobileNetV2, trained on ImageNet", () => {
  const skip = existsSync(weights) ? false : `there is no ${weights.pathname}`;
  if (skip !== false) console.log(`skipped: MobileNetV2 on micrographs: ${skip}`);
  const long = isFull ? "" : " (skipped: minutes of homogenising and features need HOOKE_TESTS=full)";

  it.skipIf(skip !== false || !isFull)(`features + ridge beat two-point statistics at 50 labels${long}`, async () => {
    const settings: Settings = { ...full, labels: [50], seeds: 8, scratchSteps: 0, tuneEpochs: 0 };
    const { scores } = (await compared(settings, weights)).results;
    expect(mean(scores["MobileNetV2 + ridge"]![0]!)).toBeGreaterThan(mean(scores["two-point statistics"]![0]!));
  });

  it.skipIf(skip !== false)("has 1,280 features of grey micrographs", async () => {
    const { model } = await mobileNetBackbone(32, weights);
    const { shape, data } = await predict(model, zeros([1, 32, 32, 1]), { backend });
    expect(shape).toEqual([1, 1280]);
    expect(data.every(Number.isFinite)).toBe(true);
  });
});

it("refuses a file of other weights by name", async () => {
  const file = join(folder, "other.safetensors");
  await writeFile(file, encodeSafetensors({ weight: array([1]) }));
  await expect(mobileNetBackbone(32, file)).rejects.toThrow(/other\.safetensors.*does not fit the model/);
});

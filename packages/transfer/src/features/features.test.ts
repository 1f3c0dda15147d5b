// Features: views, cache, streams, what makes an entry new; and models of them that go on as files.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core, dense, initialize, type Layer, predict, sequential, type TrainedModel } from "@hooke/core";
import { decodeModel, encodeModel } from "@hooke/core/checkpoint";
import { dataset, streamedDataset, takeRows } from "@hooke/data";
import { conv2d, convolution, globalAveragePool } from "@hooke/layers-conv";
import { array, type HostArray, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { withHead } from "../model/with-head.ts";
import { featureFolder } from "../node/index.ts";
import { transfer } from "../plugin.ts";
import { probe } from "../probe/probe.ts";
import type { FeatureCache } from "./cache.ts";
import { type FeatureProgress, type FeaturesOptions, features } from "./features.ts";

const backend = referenceBackend();
const network: Layer = sequential({
  first: conv2d({ filters: 4, kernelSize: 3, activation: "relu" }),
  pool: globalAveragePool(),
});

async function backboneOf(layer: Layer, shape: readonly number[], seed = 0): Promise<TrainedModel> {
  return { layer, inputShape: shape, variables: await initialize(backend, layer, shape, seed) };
}

const imagesOf = (count: number, height: number, width: number): HostArray => ({
  shape: [count, height, width, 1],
  dtype: "f32",
  data: Float32Array.from({ length: count * height * width }, (_, i) => Math.sin(i * 1.7) + Math.cos(i * i * 0.3)),
});

/** A cache that counts. */
function memory(): FeatureCache & { entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>();
  return {
    entries,
    read: async (name) => entries.get(name),
    write: async (name, bytes) => {
      entries.set(name, bytes);
    },
  };
}

it.each([
  [5, 5],
  [4, 6],
])("of %i x %i images the views are those of the square, and their mean does not turn", async (height, width) => {
  const backbone = await backboneOf(network, [height, width, 1]);
  const images = imagesOf(3, height, width);
  const plain = await features(backbone, images, { backend });
  const views = await features(backbone, images, { backend, views: "isotropic" });
  expect([plain.shape, views.shape]).toEqual([
    [3, 4],
    [3, 8, 4],
  ]);
  expect([...views.data.slice(0, 4)]).toEqual([...plain.data.slice(0, 4)]);
  const turned: HostArray = {
    ...images,
    shape: [3, width, height, 1],
    data: Float32Array.from(images.data, (_, at) => {
      const [image, rest] = [Math.floor(at / (height * width)), at % (height * width)];
      const [row, column] = [Math.floor(rest / height), rest % height];
      // A quarter turn.
      return images.data[image * height * width + column * width + (width - 1 - row)]!;
    }),
  };
  const other = await features({ ...backbone, inputShape: [width, height, 1] }, turned, {
    backend,
    views: "isotropic",
  });
  const mean = ({ data }: HostArray, image: number, j: number): number =>
    Array.from({ length: 8 }, (_, v) => data[(image * 8 + v) * 4 + j]! / 8).reduce((a, b) => a + b);
  for (let i = 0; i < 3; i++) for (let j = 0; j < 4; j++) expect(mean(other, i, j)).toBeCloseTo(mean(views, i, j), 6);
});

it("computes an image again when anything it depends on has changed, and nothing else", async () => {
  const backbone = await backboneOf(network, [4, 4, 1]);
  const images = imagesOf(5, 4, 4);
  const cache = memory();
  const missing = async (model: TrainedModel, given: HostArray, more: Partial<FeaturesOptions> = {}) => {
    let last: FeatureProgress | undefined;
    const options = {
      backend,
      cache,
      ...more,
      onProgress: (progress: FeatureProgress) => {
        last = progress;
      },
    };
    const found = await features(model, given, options);
    expect(found).toEqual(await features(model, given, { backend, ...more }));
    return last!.completed - last!.cached;
  };
  expect(await missing(backbone, images)).toBe(5);
  expect(await missing(backbone, images)).toBe(0);
  const changed = { ...images, data: images.data.map((value, i) => (i === 20 ? value + 1 : value)) };
  expect(await missing(backbone, changed)).toBe(1);
  expect(await missing(backbone, images, { views: "orthotropic" })).toBe(5);
  expect(await missing(backbone, images, { layer: "first" })).toBe(5);
  expect(await missing(await backboneOf(network, [4, 4, 1], 1), images)).toBe(5);
  const scaling = { type: "standardize", columns: ["input0"], mean: [1], std: [2] } as const;
  const preprocessing = { inputNames: ["input0"], targetNames: [], inputs: [scaling], targets: [], categories: {} };
  expect(await missing({ ...backbone, preprocessing }, images)).toBe(5);
  expect(await missing(backbone, images)).toBe(0);
});

it("goes on after it was stopped, and computes damaged entries again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "features-"));
  try {
    const backbone = await backboneOf(network, [4, 4, 1]);
    const images = imagesOf(7, 4, 4);
    const stop = new AbortController();
    const onProgress = ({ completed }: FeatureProgress) => void (completed >= 4 && stop.abort(new Error("killed")));
    const cache = featureFolder(folder);
    const options = { backend, cache, batchSize: 2 };
    await expect(features(backbone, images, { ...options, signal: stop.signal, onProgress })).rejects.toThrow("killed");
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".safetensors"));
    expect(files).toHaveLength(4);
    const [damaged, exchanged, other] = files.map((name) => join(folder, name)) as [string, string, string];
    await writeFile(damaged, (await readFile(damaged)).subarray(0, 90));
    await writeFile(exchanged, await readFile(other));
    let cached = 0;
    const whole = await features(backbone, images, {
      ...options,
      onProgress: (progress) => {
        cached = progress.cached;
      },
    });
    expect(cached).toBe(2);
    expect(whole).toEqual(await features(backbone, images, { backend, batchSize: 2 }));
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("takes batches of several sizes as they come, and keeps the targets and classes of a dataset", async () => {
  const backbone = await backboneOf(network, [4, 4, 1]);
  async function* batches() {
    yield { inputs: imagesOf(3, 4, 4) };
    yield { inputs: imagesOf(2, 5, 6) };
  }
  const found = await features(backbone, batches(), { backend, batchSize: 2 });
  expect(found.shape).toEqual([5, 4]);
  const alone = await features(backbone, imagesOf(3, 4, 4), { backend });
  expect([...found.data.slice(0, 12)]).toEqual([...alone.data].map((value) => expect.closeTo(value, 6)));
  const targets = array([0, 1, 0], { dtype: "i32" });
  const labelled = await features(backbone, dataset({ inputs: imagesOf(3, 4, 4), targets, classes: ["a", "b"] }), {
    backend,
  });
  expect([labelled.classes, labelled.targets, labelled.inputs]).toEqual([["a", "b"], targets, alone]);
});

it("ships: a probe with its backbone predicts as on features, also from a file", async () => {
  const backbone = await backboneOf(network, [4, 4, 1]);
  const images = dataset({ inputs: imagesOf(6, 4, 4), targets: array([1, 5, 2, 8, 3, 4]), targetNames: ["modulus"] });
  const views = "isotropic";
  const found = await features(backbone, images, { backend, views });
  const { model } = await probe({ data: found });
  const joined = withHead(backbone, model, { views });
  const width = 4;
  const mean = Float32Array.from({ length: 6 * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    return (
      Array.from({ length: 8 }, (_v, v) => found.inputs.data[(i * 8 + v) * width + j]!).reduce((a, b) => a + b) / 8
    );
  });
  const expected = await predict(model, { shape: [6, width], dtype: "f32", data: mean }, { backend });
  const direct = await predict(joined, images, { backend });
  expect([...direct.data]).toEqual([...expected.data].map((value) => expect.closeTo(value, 4)));
  const again = decodeModel(encodeModel(joined), { plugins: [core, convolution, transfer] });
  expect(await predict(again, images, { backend })).toEqual(direct);
  expect(again.preprocessing!.targetNames).toEqual(["modulus"]);
  // Files of images call their channels by colour.
  const named = { ...images, inputNames: ["grey"] };
  expect(await predict(again, named, { backend })).toEqual(direct);
});

it("refuses what it cannot be right about, by name", async () => {
  const backbone = await backboneOf(network, [4, 4, 1]);
  const images = imagesOf(2, 4, 4);
  await expect(features(backbone, images, { backend, layer: "second" })).rejects.toThrow(
    /"second", which no layer has/,
  );
  const infinite = { ...images, data: images.data.map(() => Number.POSITIVE_INFINITY) };
  await expect(features(backbone, infinite, { backend })).rejects.toThrow(/of image 0 the network makes/);
  await expect(features(backbone, "folder" as never, { backend })).rejects.toThrow(/expected images \[rows/);
  const head = await backboneOf(dense({ units: 1 }), [9]);
  expect(() => withHead(backbone, head)).toThrow(/head \(dense\)/);
});

it("of a streamed dataset they are those of one in memory, with its targets", async () => {
  const backbone = await backboneOf(network, [5, 5, 1]);
  const inputs = imagesOf(7, 5, 5);
  const targets = array([1, 2, 3, 4, 5, 6, 7]);
  const asked: number[] = [];
  const read = async (rows: Int32Array): Promise<HostArray> => {
    asked.push(rows.length);
    return takeRows(inputs, rows);
  };
  const streamed = streamedDataset({ inputs: { shape: inputs.shape, dtype: "f32", checksum: "", read }, targets });
  const found = await features(backbone, streamed, { backend, batchSize: 3 });
  const expected = await features(backbone, dataset({ inputs, targets }), { backend, batchSize: 3 });
  expect([found.inputs, found.targets]).toEqual([expected.inputs, expected.targets]);
  expect(asked).toEqual([3, 3, 1]);
});

// Features: what a pretrained network makes of images, computed once and kept.
import { fitChecks, type InferenceOptions, type TrainedModel, trainedModelCheck } from "@hooke/core";
import {
  anyDatasetCheck,
  type Dataset,
  dataset,
  isStreamed,
  type StreamedArray,
  type StreamedDataset,
} from "@hooke/data";
import {
  type Check,
  checkArgument,
  checkOptions,
  checks,
  createPauses,
  describe,
  fail,
  type HostArray,
  isHostArray,
  sizeOf,
  zeros,
} from "@hooke/runtime";
import { viewsCheck } from "../model/image-features.ts";
import { type Views, viewCounts } from "../model/views.ts";
import { decodeEntry, encodeEntry, entryName, type FeatureCache, modelHash } from "./cache.ts";
import { createExtractor, type Extractor } from "./extractor.ts";

/** Batches of images, `[batch, height, width, channels]`, one after the other: more of them than memory holds. */
export type ImageBatches = AsyncIterable<{ readonly inputs: HostArray }>;

/** How far {@link features} is. */
export interface FeatureProgress {
  /** Images whose features are there. */
  readonly completed: number;
  /** Of those, taken from the cache. */
  readonly cached: number;
  /** How many there are; undefined of batches, whose number only their end tells. */
  readonly total: number | undefined;
}

/** Options of {@link features}. */
export interface FeaturesOptions extends Omit<InferenceOptions, "batchSize"> {
  /** The path of the layer whose output is taken, as `summary` lists them. Default `""`: the output of the network. */
  readonly layer?: string;
  /**
   * Copies of each image that the symmetry of the material makes as good as itself: 1, the 4 mirror images, or those and the quarter turns, 8.
   * Default `"none"`.
   */
  readonly views?: Views;
  /** Where features are kept, image by image: a run that ended, however it did, costs the next one its last batch. Default nowhere. */
  readonly cache?: FeatureCache;
  /** Views that go through the network at a time. Default 32. */
  readonly batchSize?: number;
  /** Called after every batch. */
  readonly onProgress?: (progress: FeatureProgress) => void;
}

const imagesCheck: Check = (value) =>
  isHostArray(value) || anyDatasetCheck(value) === undefined || Symbol.asyncIterator in Object(value)
    ? undefined
    : "images [rows, height, width, channels], a dataset of them, in memory or streamed, or batches of them";
const cacheCheck: Check = (value) =>
  typeof (value as Partial<FeatureCache> | null)?.read === "function"
    ? undefined
    : 'a cache, such as featureFolder("features") of @hooke/transfer/node or featureStorage() in a page';
const functionCheck: Check = (value) => (typeof value === "function" ? undefined : "a function");

/**
 * Computes what a network makes of images, in inference mode: its output, or that of a layer inside of it, averaged over positions.
 *
 * In a cache an entry is known by the SHA-256 of all that it depends on: the network's layers and numbers, the layer's path, the views, the
 * backend, and the image as the network gets it. Whatever changes is computed again, and nothing else.
 *
 * @param backbone a network, best without its head; its preprocessing is applied
 * @param images of one size; or of several, in batches of one size each; those of a streamed dataset are read batch by batch
 * @returns of a dataset, one with features as inputs, which `probe` and `head` take; else an array. Of each image `[width]`, or, with views,
 *   `[views, width]`
 * @throws on a path of no layer, on images that are not the network's, and the signal's reason if it is aborted
 * @example
 * ```ts
 * import { dense, flatten, initialize, sequential } from "@hooke/core";
 * import { referenceBackend, zeros } from "@hooke/runtime";
 * import { features } from "@hooke/transfer";
 *
 * const backend = referenceBackend();
 * const layer = sequential([flatten(), dense({ units: 5 })]);
 * const backbone = { layer, inputShape: [4, 4, 1], variables: await initialize(backend, layer, [4, 4, 1], 0) };
 * const { shape } = await features(backbone, zeros([3, 4, 4, 1]), { backend, views: "isotropic" });
 * console.log(shape); // [ 3, 8, 5 ]
 * ```
 */
export function features(
  backbone: TrainedModel,
  images: Dataset | StreamedDataset,
  options: FeaturesOptions,
): Promise<Dataset>;
export function features(
  backbone: TrainedModel,
  images: HostArray | ImageBatches,
  options: FeaturesOptions,
): Promise<HostArray>;
export async function features(
  backbone: TrainedModel,
  images: Dataset | StreamedDataset | HostArray | ImageBatches,
  options: FeaturesOptions,
): Promise<Dataset | HostArray> {
  checkArgument("features", "the network", backbone, trainedModelCheck);
  checkArgument("features", "the images", images, imagesCheck);
  checkOptions<FeaturesOptions>("features", options, {
    required: { backend: (value) => (typeof value === "object" && value !== null ? undefined : "a backend") },
    optional: {
      layer: (value) => (typeof value === "string" ? undefined : "the path of a layer"),
      views: viewsCheck,
      cache: cacheCheck,
      batchSize: checks.count,
      signal: fitChecks.signal,
      onProgress: functionCheck,
    },
  });
  if (Symbol.asyncIterator in images) return collect(backbone, images, undefined, options);
  if (isHostArray(images)) return collect(backbone, [{ inputs: images }], images.shape[0], options);
  const { inputs, lines, classes, ignoreLabel, ...rest }: Dataset<HostArray | StreamedArray> = images;
  const batches = isStreamed(inputs) ? batchesOf(inputs, options) : [{ inputs }];
  const found = await collect(backbone, batches, images.count, options);
  return dataset({
    inputs: found,
    targets: rest.targets,
    targetNames: rest.targetNames,
    source: rest.source,
    ...(classes && { classes }),
    ...(ignoreLabel !== undefined && { ignoreLabel }),
    ...(lines && { lines }),
  });
}

/** A streamed array, batch by batch. */
async function* batchesOf(
  { shape, read }: StreamedArray,
  { batchSize = 32, signal }: Pick<FeaturesOptions, "batchSize" | "signal">,
): AsyncGenerator<{ readonly inputs: HostArray }, void, void> {
  const count = shape[0]!;
  for (let from = 0; from < count; from += batchSize) {
    const rows = Int32Array.from({ length: Math.min(batchSize, count - from) }, (_, i) => from + i);
    yield { inputs: await read(rows, signal) };
  }
}

interface Waiting {
  readonly row: number;
  readonly image: HostArray;
  readonly entry: string | undefined;
}

async function collect(
  backbone: TrainedModel,
  batches: Iterable<{ readonly inputs: HostArray }> | ImageBatches,
  total: number | undefined,
  { backend, layer = "", views = "none", cache, batchSize = 32, signal, onProgress }: FeaturesOptions,
): Promise<HostArray> {
  signal?.throwIfAborted();
  const pause = createPauses();
  const perBatch = Math.max(1, Math.floor(batchSize / viewCounts[views]));
  const origin = cache && { backend: backend.name, network: await modelHash(backbone), layer, views };
  const extractor = createExtractor(backbone, backend, layer, views);
  const rows: HostArray[] = [];
  let [count, completed, cached] = [0, 0, 0];
  let waiting: Waiting[] = [];
  const compute = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const found = await computed(extractor, waiting, perBatch);
    for (const [i, { row, entry }] of waiting.entries()) {
      rows[row] = found[i]!;
      if (entry !== undefined) await cache!.write(entry, encodeEntry(entry, found[i]!));
    }
    completed += waiting.length;
    waiting = [];
    onProgress?.({ completed, cached, total });
  };
  try {
    for await (const { inputs } of batches) {
      if (!(inputs.shape.length >= 2)) {
        fail("features", `received ${describe(inputs)}; images are [rows, height, width, channels].`, "mismatch");
      }
      for (let i = 0; i < inputs.shape[0]!; i++) {
        await pause();
        signal?.throwIfAborted();
        // Row by row: of a large array, no second one is made.
        const image = extractor.prepare(rowOf(inputs, i));
        const row = count++;
        const entry = origin && (await entryName(origin, image));
        const kept = entry && (await cache!.read(entry));
        const known = kept && decodeEntry(entry, kept);
        if (known) {
          rows[row] = known;
          completed++;
          cached++;
          continue;
        }
        if (waiting.length > 0 && describe(waiting[0]!.image) !== describe(image)) await compute();
        waiting.push({ row, image, entry });
        if (waiting.length === perBatch) await compute();
      }
    }
    await compute();
    onProgress?.({ completed, cached, total });
  } finally {
    extractor.free();
  }
  return joined(rows, views === "none");
}

/** One image, `[1, ...]`. */
function rowOf({ shape, dtype, data }: HostArray, row: number): HostArray {
  const size = sizeOf(shape.slice(1));
  return { shape: [1, ...shape.slice(1)], dtype, data: data.slice(row * size, (row + 1) * size) };
}

/** Features of each image, `[views, width]`. What a batch lacks is filled with zeros: one program serves them all. */
async function computed(extractor: Extractor, waiting: readonly Waiting[], perBatch: number): Promise<HostArray[]> {
  const [{ image }] = waiting as [Waiting];
  const batch = zeros([perBatch, ...image.shape.slice(1)], image.dtype);
  for (const [i, each] of waiting.entries()) batch.data.set(each.image.data, i * image.data.length);
  const { shape, dtype, data } = await extractor.run(batch);
  const size = shape[1]! * shape[2]!;
  return waiting.map(({ row }, i) => {
    const found = { shape: shape.slice(1), dtype, data: data.slice(i * size, (i + 1) * size) };
    const bad = found.data.findIndex((value: number) => !Number.isFinite(value));
    if (bad >= 0) fail("features", `of image ${row} the network makes ${found.data[bad]}.`, "non-finite");
    return found;
  });
}

function joined(rows: readonly HostArray[], single: boolean): HostArray {
  const [first] = rows;
  if (first === undefined) return fail("features", "received no images.", "invalid-data");
  const { shape, dtype } = first;
  const all = zeros([rows.length, ...(single ? shape.slice(1) : shape)], dtype);
  for (const [i, { data }] of rows.entries()) all.data.set(data, i * data.length);
  return all;
}

// A set of images as a dataset, all in memory, or read batch by batch.
import { type Dataset, dataset, type StreamedDataset, streamedDataset, takeRows } from "@hooke/data";
import { crc32c } from "@hooke/data/safetensors";
import { checkArgument, checkOptions, describe, fail, type HostArray } from "@hooke/runtime";
import { describeImage, type Image, scaleInto } from "./image.ts";
import { type ImageSet, imageSetCheck } from "./image-set.ts";
import { failureWarnings, type ImageFailure, type ReadOptions, readAhead, readChecks } from "./read-ahead.ts";

/** What {@link loadImages} returns. */
export interface LoadedImages<Data = Dataset> {
  /** Inputs `f32[images, height, width, channels]` from 0 to 1, targets as those of the set. */
  readonly data: Data;
  /** The names of its rows. */
  readonly names: readonly string[];
  readonly failures: readonly ImageFailure[];
  /** What was left out, in words: here, and by the set. */
  readonly warnings: readonly string[];
}

/** Images read at a time. */
const ahead = 8;

/**
 * Reads a set of images into a dataset. Each sample is divided by the largest of its depth, 255 or 65535.
 *
 * @param options `onProgress` counts images
 * @throws if images differ in size or channels (`"mismatch"`), naming two that do; if they do not fit in memory (`"out-of-memory"`):
 *   {@link streamImages} reads them batch by batch; if none can be read, or, where `onBroken` is `"throw"`, one cannot
 */
export async function loadImages(images: ImageSet, options: ReadOptions = {}): Promise<LoadedImages> {
  checkArgument("loadImages", "the images", images, imageSetCheck);
  checkOptions<ReadOptions>("loadImages", options, { optional: readChecks });
  const { count, source } = images;
  let values: Float32Array | undefined;
  const found = await readAll("loadImages", images, options, (image, row) => {
    const { height, width, channels } = image;
    values ??= allocate(source, [count, height, width, channels]);
    scaleInto(values, row * height * width * channels, image);
  });
  const { rows, row } = found;
  const shape = [rows.length, ...row];
  const length = shape.reduce((product, side) => product * side, 1);
  const inputs: HostArray = { shape, dtype: "f32", data: values!.subarray(0, length) };
  return loaded(images, found, dataset({ inputs, ...columnsOf(images, found) }));
}

/**
 * Reads every image of a set once, keeps none, and gives the dataset whose batches are read from the files when a training needs them: the
 * same rows and the same bits as {@link loadImages}. What cannot be read, or is of another size, is so known before the training begins,
 * and a checkpoint is resumed only with the same pixels. An image that is lost later ends the training by its name.
 *
 * @param options `onProgress` counts images
 * @throws if images differ in size or channels (`"mismatch"`), naming two that do; if none can be read, or, where `onBroken` is `"throw"`,
 *   one cannot; the signal's reason if it is aborted
 * @example
 * ```ts no-run
 * import { fit, type FitOptions } from "@hooke/core";
 * import { split } from "@hooke/data";
 * import { streamImages } from "@hooke/io/images";
 * import { imageFolder } from "@hooke/io/node";
 *
 * declare const options: Omit<FitOptions, "data">;
 * const { data, warnings } = await streamImages(await imageFolder("micrographs", { size: 224, channels: 1 }));
 * const { model } = await fit({ ...options, data: split(data, { train: "rest", validation: 0.2 }, 0) });
 * ```
 */
export async function streamImages(
  images: ImageSet,
  options: ReadOptions = {},
): Promise<LoadedImages<StreamedDataset>> {
  checkArgument("streamImages", "the images", images, imageSetCheck);
  checkOptions<ReadOptions>("streamImages", options, { optional: readChecks });
  let sum = 0;
  const found = await readAll("streamImages", images, options, ({ values: { buffer, byteOffset, byteLength } }) => {
    sum = crc32c(new Uint8Array(buffer, byteOffset, byteLength), sum);
  });
  const { rows, row } = found;
  const inputs = {
    shape: [rows.length, ...row],
    dtype: "f32",
    checksum: `crc32c:${sum.toString(16)} of pixels`,
    read: (chosen: Int32Array, signal?: AbortSignal) =>
      readRows(
        images,
        chosen.map((at) => rows[at]!),
        row,
        signal && { signal },
      ),
  } as const;
  return loaded(images, found, streamedDataset({ inputs, ...columnsOf(images, found) }));
}

/** Images of a set by their numbers, `f32[images, height, width, channels]`. @param row their shape, which they may have lost since */
async function readRows(
  images: ImageSet,
  indices: Int32Array,
  row: readonly number[],
  options: ReadOptions = {},
): Promise<HostArray> {
  const [height, width, channels] = row as [number, number, number];
  const data = new Float32Array(indices.length * height * width * channels);
  let at = 0;
  for await (const read of readAhead("streamImages", images, indices, ahead, { ...options, onBroken: "throw" })) {
    // Failures are thrown.
    const { image, index } = read as Extract<typeof read, { image: Image }>;
    if (image.height !== height || image.width !== width || image.channels !== channels) {
      const before = `${width}x${height}, ${channels} ${channels === 1 ? "channel" : "channels"}`;
      fail(images.source, `${images.names[index]} is ${describeImage(image)}; it was ${before}.`, "mismatch");
    }
    scaleInto(data, at, image);
    at += image.values.length;
  }
  return { shape: [indices.length, ...row], dtype: "f32", data };
}

/** What reading every image of a set has found. */
interface Found {
  /** Those that can be read. */
  readonly rows: readonly number[];
  /** `[height, width, channels]`. */
  readonly row: readonly number[];
  readonly failures: readonly ImageFailure[];
}

async function readAll(
  who: string,
  images: ImageSet,
  options: ReadOptions,
  use: (image: Image, row: number) => void,
): Promise<Found> {
  const failures: ImageFailure[] = [];
  const rows: number[] = [];
  let row: readonly number[] = [];
  const all = Int32Array.from({ length: images.count }, (_, i) => i);
  for await (const read of readAhead(who, images, all, ahead, options)) {
    if ("failure" in read) {
      failures.push(read.failure);
      continue;
    }
    const { height, width, channels } = read.image;
    row = [height, width, channels];
    use(read.image, rows.length);
    rows.push(read.index);
  }
  return { rows, row, failures };
}

/** All of a dataset of images but its inputs. */
function columnsOf(images: ImageSet, { rows, row }: Found) {
  const { classes, lines, source, targets, targetNames } = images;
  return {
    targets: takeRows(targets, rows),
    inputNames: row[2] === 1 ? ["grey"] : ["red", "green", "blue"],
    targetNames,
    source,
    ...(classes && { classes }),
    ...(lines && { lines: Int32Array.from(rows, (at) => lines[at]!) }),
  };
}

function loaded<Data>(images: ImageSet, { rows, failures }: Found, data: Data): LoadedImages<Data> {
  const warnings = [...images.warnings, ...failureWarnings(images, failures, images.count)];
  return { data, names: rows.map((row) => images.names[row]!), failures, warnings };
}

function allocate(source: string, shape: readonly number[]): Float32Array {
  const length = shape.reduce((product, side) => product * side, 1);
  try {
    return new Float32Array(length);
  } catch {
    const size = `${describe({ shape, dtype: "f32" })}, ${Math.ceil(length / 2 ** 28)} GiB`;
    return fail(
      source,
      `there is no memory for ${size}. Give a smaller size, or take streamImages, which reads batch by batch.`,
      "out-of-memory",
    );
  }
}

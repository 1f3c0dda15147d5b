// A set of images as a dataset, all in memory.
import { type Dataset, dataset, takeRows } from "@hooke/data";
import { checkArgument, checkOptions, describe, fail } from "@hooke/runtime";
import { scaleInto } from "./image.ts";
import { type ImageSet, imageSetCheck } from "./image-set.ts";
import { failureWarnings, type ImageFailure, type ReadOptions, readAhead, readChecks } from "./read-ahead.ts";

/** What {@link loadImages} returns. */
export interface LoadedImages {
  /** Inputs `f32[images, height, width, channels]` from 0 to 1, targets as those of the set. */
  readonly data: Dataset;
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
 *   `imageBatches` reads them piece by piece; if none can be read, or, where `onBroken` is `"throw"`, one cannot
 */
export async function loadImages(images: ImageSet, options: ReadOptions = {}): Promise<LoadedImages> {
  checkArgument("loadImages", "the images", images, imageSetCheck);
  checkOptions<ReadOptions>("loadImages", options, { optional: readChecks });
  const { count, source } = images;
  const indices = Int32Array.from({ length: count }, (_, i) => i);
  const failures: ImageFailure[] = [];
  const rows: number[] = [];
  let values: Float32Array | undefined;
  let shape: number[] = [];
  for await (const read of readAhead("loadImages", images, indices, ahead, options)) {
    if ("failure" in read) {
      failures.push(read.failure);
      continue;
    }
    const { height, width, channels } = read.image;
    shape = [height, width, channels];
    values ??= allocate(source, [count, ...shape]);
    scaleInto(values, rows.length * height * width * channels, read.image);
    rows.push(read.index);
  }
  const length = shape.reduce((product, side) => product * side, rows.length);
  const { classes, lines, targetNames } = images;
  const data = dataset({
    inputs: { shape: [rows.length, ...shape], dtype: "f32", data: values!.subarray(0, length) },
    targets: takeRows(images.targets, rows),
    inputNames: shape[2] === 1 ? ["grey"] : ["red", "green", "blue"],
    targetNames,
    source,
    ...(classes && { classes }),
    ...(lines && { lines: Int32Array.from(rows, (row) => lines[row]!) }),
  });
  const warnings = [...images.warnings, ...failureWarnings(images, failures, count)];
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
      `there is no memory for ${size}. Give a smaller size, or read piece by piece with imageBatches.`,
      "out-of-memory",
    );
  }
}

// A set of images in batches, larger than memory: those to come are read while one is used.
import { type BatchOptions, batches, takeRows } from "@hooke/data";
import { checkArgument, checkOptions, checks, type HostArray } from "@hooke/runtime";
import { type Image, scaleInto } from "./image.ts";
import { type ImageSet, imageSetCheck } from "./image-set.ts";
import { type ImageFailure, type ReadOptions, readAhead, readChecks } from "./read-ahead.ts";

/** Options of {@link imageBatches}. */
export interface ImageBatchOptions
  extends ReadOptions,
    Omit<BatchOptions, "count" | "seed" | "epoch" | "shuffle" | "order"> {
  /** A new order by seed and epoch, as `batches` of `@hooke/data` makes it. Default: the order of the set. */
  readonly shuffle?: { readonly seed: number; readonly epoch: number };
  /** Batches that are read ahead: these and the one in use are in memory, no more. Default 1. */
  readonly prefetch?: number;
}

/** Some images of a set. */
export interface ImageBatch {
  /** `f32[images, height, width, channels]` from 0 to 1. */
  readonly inputs: HostArray;
  /** Those of the set, of these images. */
  readonly targets: HostArray;
  /** The places of these images in the set. */
  readonly indices: Int32Array;
  /** Images that should have been here and cannot be read. */
  readonly failures: readonly ImageFailure[];
}

/**
 * The images of a set in batches. The same options give the same batches, whatever is read ahead. Where images cannot be read,
 * batches are smaller, with no images at the least.
 *
 * @param options `onProgress` counts images
 * @throws if images differ in size or channels, naming two that do (`"mismatch"`); if none can be read, or, where `onBroken` is
 *   `"throw"`, one cannot; the signal's reason if it is aborted
 */
export async function* imageBatches(
  images: ImageSet,
  options: ImageBatchOptions,
): AsyncGenerator<ImageBatch, void, void> {
  checkArgument("imageBatches", "the images", images, imageSetCheck);
  checkOptions<ImageBatchOptions>("imageBatches", options, {
    required: { batchSize: checks.count },
    optional: {
      ...readChecks,
      prefetch: checks.wholeNumber,
      lastBatch: (value) => checks.oneOf(value, ["keep", "drop"]),
      shuffle: (value) =>
        [(value as ImageBatchOptions["shuffle"])?.seed, (value as ImageBatchOptions["shuffle"])?.epoch].every(
          (number) => checks.wholeNumber(number) === undefined,
        )
          ? undefined
          : "{ seed, epoch }, whole numbers",
    },
  });
  const { batchSize, shuffle, lastBatch = "keep", prefetch = 1 } = options;
  const { seed, epoch } = shuffle ?? { seed: 0, epoch: 0 };
  const plan = batches({ count: images.count, batchSize, seed, epoch, shuffle: shuffle !== undefined, lastBatch });
  const order = plan.flatMap((batch) => [...batch]);
  const reads = readAhead("imageBatches", images, order, Math.max(prefetch * batchSize, 1), options);
  // Batches whose images all failed wait for one that shows what shape images have.
  const empty: ImageFailure[][] = [];
  let shape: readonly number[] | undefined;
  try {
    for (const { length } of plan) {
      const found: { readonly index: number; readonly image: Image }[] = [];
      const failures: ImageFailure[] = [];
      for (let i = 0; i < length; i++) {
        const { value } = await reads.next();
        if (value === undefined) continue;
        if ("failure" in value) failures.push(value.failure);
        else found.push(value);
      }
      const image = found[0]?.image;
      if (image !== undefined) shape = [image.height, image.width, image.channels];
      empty.push(failures);
      if (shape === undefined) continue;
      for (const waiting of empty.splice(0, empty.length - 1)) yield batchOf(images, [], waiting, shape);
      yield batchOf(images, found, empty.pop()!, shape);
    }
    // Says so where none could be read.
    await reads.next();
  } finally {
    await reads.return();
  }
}

function batchOf(
  { targets }: ImageSet,
  found: readonly { readonly index: number; readonly image: Image }[],
  failures: readonly ImageFailure[],
  shape: readonly number[],
): ImageBatch {
  const length = shape.reduce((product, side) => product * side, 1);
  const data = new Float32Array(found.length * length);
  for (const [i, { image }] of found.entries()) scaleInto(data, i * length, image);
  const indices = Int32Array.from(found, ({ index }) => index);
  return {
    inputs: { shape: [found.length, ...shape], dtype: "f32", data },
    targets: takeRows(targets, indices),
    indices,
    failures,
  };
}

// Volumes: the pages of a TIFF file, or slices that are files of their own, as one block of voxels.
import { type Check, checkArgument, checkOptions, checks, createPauses, fail, type HostArray } from "@hooke/runtime";
import { withoutAlpha } from "./alpha.ts";
import { bytesCheck, type DecodeImageOptions, decodingChecks, defaultLimit } from "./decode-image.ts";
import { allocateSamples, checkAlike, type Image, imageCheck, scaleInto } from "./image.ts";
import { orient } from "./orientation.ts";
import { progressChecks, type WorkOptions } from "./progress.ts";
import { decodePage, readPage, type TiffPage } from "./tiff/decode.ts";
import { isTiff, readDirectories } from "./tiff/directories.ts";

/** A stack of slices in memory: that of number `z` is an {@link Image} of the values from `z * height * width * channels` on. */
export interface Volume extends Omit<Image, "values"> {
  readonly values: Uint8Array | Uint16Array | Float32Array;
  /** Number of slices. */
  readonly depth: number;
}

/** Options of {@link decodeVolume}. */
export interface DecodeVolumeOptions extends Pick<DecodeImageOptions, "source" | "limit">, WorkOptions {}

/**
 * The pages of a TIFF file as a volume, in the order of the file; small copies and masks of pages are left out.
 *
 * @param options `limit` is of voxels, all pages together. `onProgress` counts pages
 * @throws as `decodeImage` does; if pages differ in size, depth or channels, naming the first that does (`"mismatch"`); the
 *   signal's reason if it is aborted
 */
export async function decodeVolume(bytes: Uint8Array, options: DecodeVolumeOptions = {}): Promise<Volume> {
  checkArgument("decodeVolume", "the file", bytes, bytesCheck);
  const { source: sourceCheck, limit: limitCheck } = decodingChecks;
  checkOptions<DecodeVolumeOptions>("decodeVolume", options, {
    optional: { source: sourceCheck, limit: limitCheck, ...progressChecks },
  });
  const { source = "decodeVolume", limit = defaultLimit } = options;
  if (!isTiff(bytes))
    fail(source, "it is no TIFF; decodeImage reads other files, stackSlices joins images.", "unsupported");
  const file = readDirectories(source, bytes);
  const nameOf = (page: number): string => `page ${page + 1} of ${file.pages.length}`;
  const pages: TiffPage[] = [];
  for (const [index, directory] of file.pages.entries()) {
    const page = readPage(`${source}, ${nameOf(index)}`, file, directory);
    if (index === 0) checkVoxels(source, sizeOf(page), file.pages.length, limit);
    if (index > 0) checkAlike(source, sizeOf(pages[0]!), sizeOf(page), [nameOf(0), nameOf(index)]);
    pages.push(page);
  }
  const read = async (index: number): Promise<Image> => {
    const who = `${source}, ${nameOf(index)}`;
    return orient(withoutAlpha(who, await decodePage(who, pages[index]!), undefined), pages[index]!.orientation);
  };
  return joinSlices(
    source,
    pages.map((_, index) => nameOf(index)),
    read,
    options,
  );
}

/**
 * Slices as a volume, read one by one.
 *
 * @throws if one is not like the first, naming it; if all together have more voxels than the limit
 */
export async function joinSlices(
  source: string,
  names: readonly string[],
  read: (index: number) => Promise<Image>,
  { limit = defaultLimit, onProgress, signal }: WorkOptions & Pick<DecodeImageOptions, "limit">,
): Promise<Volume> {
  const pause = createPauses();
  let volume: Filling | undefined;
  for (const [index, name] of names.entries()) {
    await pause();
    signal?.throwIfAborted();
    const slice = await read(index);
    if (volume === undefined) {
      checkVoxels(source, slice, names.length, limit);
      volume = startVolume(slice, names.length);
    }
    checkAlike(source, volume, slice, [names[0]!, name]);
    volume.values.set(slice.values, index * slice.values.length);
    onProgress?.({ done: index + 1, total: names.length });
  }
  return volume!;
}

/** @throws if slices of one size have more voxels than they may */
function checkVoxels(source: string, { width, height }: Omit<Image, "values">, depth: number, limit: number): void {
  if (width * height * depth <= limit) return;
  const cure = "If it is right, raise the limit";
  fail(source, `it has ${width}x${height}x${depth} voxels; the limit is ${limit}. ${cure}.`, "unsupported");
}

interface Filling extends Volume {
  readonly values: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

function startVolume({ width, height, channels, bits }: Omit<Image, "values">, depth: number): Filling {
  return { values: allocateSamples(depth * height * width * channels, bits), depth, height, width, channels, bits };
}

/** The image that a page becomes. */
function sizeOf({ width, height, channels, bits, orientation }: TiffPage): Omit<Image, "values"> {
  const kept = channels > 2 ? 3 : 1;
  return orientation > 4
    ? { width: height, height: width, channels: kept, bits }
    : { width, height, channels: kept, bits };
}

const slicesCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((slice) => imageCheck(slice) === undefined)
    ? undefined
    : "a list of images, one or more";

/**
 * Slices as a volume, in their order.
 *
 * @param options `source` is the speaker of errors, default `"stackSlices"`; `names` are those of slices in errors
 * @throws if slices differ in size, depth or channels, naming the first that does (`"mismatch"`)
 */
export function stackSlices(
  slices: readonly Image[],
  options: { readonly source?: string; readonly names?: readonly string[] } = {},
): Volume {
  checkArgument("stackSlices", "the slices", slices, slicesCheck);
  checkOptions("stackSlices", options, { optional: { source: decodingChecks.source, names: checks.list } });
  const { source = "stackSlices", names } = options;
  const nameOf = (index: number): string => names?.[index] ?? `slice ${index + 1}`;
  const volume = startVolume(slices[0]!, slices.length);
  slices.forEach((slice, index) => {
    checkAlike(source, slices[0]!, slice, [nameOf(0), nameOf(index)]);
    volume.values.set(slice.values, index * slice.values.length);
  });
  return volume;
}

const volumeCheck: Check = (value) => {
  const { depth, height } = (value ?? {}) as Partial<Volume>;
  return imageCheck({ ...(value as object), height: depth! * height! }) === undefined
    ? undefined
    : "a volume, such as decodeVolume returns: { values, depth, height, width, channels, bits }";
};

/** A volume as the array that models take: `f32[depth, height, width, channels]`, each sample over the largest of its bits; floats as they are. */
export function volumeArray(volume: Volume): HostArray {
  checkArgument("volumeArray", "the volume", volume, volumeCheck);
  const { depth, height, width, channels } = volume;
  const data = new Float32Array(volume.values.length);
  scaleInto(data, 0, volume);
  return { shape: [depth, height, width, channels], dtype: "f32", data };
}

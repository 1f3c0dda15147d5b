// Volumes in folders: one image a slice.
import { displayPath, pathCheck } from "@hooke/data/node";
import { checkArgument, checkOptions, fail } from "@hooke/runtime";
import { type DecodeImageOptions, decodeImage, decodingChecks } from "../images/decode-image.ts";
import { joinSlices, type Volume } from "../images/decode-volume.ts";
import { progressChecks, type WorkOptions } from "../images/progress.ts";
import { imageNames, readNamed } from "./image-folder.ts";

/** Options of {@link volumeFolder}. */
export interface VolumeFolderOptions extends Omit<DecodeImageOptions, "source">, WorkOptions {}

/**
 * The images of a folder as the slices of a volume, in natural order of their names (`slice2` before `slice10`).
 *
 * @param options `limit` is of voxels, all slices together. `onProgress` counts slices
 * @throws if a slice cannot be read, or is of another size, depth or number of channels than the first, naming it
 */
export async function volumeFolder(path: string, options: VolumeFolderOptions = {}): Promise<Volume> {
  checkArgument("volumeFolder", "the path", path, pathCheck);
  const { limit, background, jpegDecoder } = decodingChecks;
  checkOptions<VolumeFolderOptions>("volumeFolder", options, {
    optional: { limit, background, jpegDecoder, ...progressChecks },
  });
  const { onProgress: _, signal: __, ...decoding } = options;
  const names = await imageNames("volumeFolder", path);
  if (names.length === 0) fail(displayPath(path), "it holds no images that could be slices.", "invalid-data");
  const read = async (index: number) => {
    const [bytes, source] = await readNamed("volumeFolder", path, names[index]!);
    return decodeImage(bytes, { source, ...decoding });
  };
  return joinSlices(displayPath(path), names, read, options);
}

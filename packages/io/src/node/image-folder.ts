// Images in folders: named by their paths, read when they are needed.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { displayPath, fileSystemError, pathCheck } from "@hooke/data/node";
import { checkArgument } from "@hooke/runtime";
import {
  checkImageSetOptions,
  type ImageSet,
  type ImageSetOptions,
  isImageName,
  prepareImage,
} from "../images/image-set.ts";
import { labelNames } from "../images/labels.ts";
import { namesBelow } from "./names-below.ts";

/**
 * The images of a folder and of those in it, in natural order: numbers by value, all else by character codes, the same on every
 * machine. Other files, and names that begin with a dot, are left aside.
 *
 * @throws if the folder cannot be read (`"file-system"`), holds no images, or labels do not fit them
 * @example
 * ```ts no-run
 * import { imageFolder } from "@hooke/io/node";
 * import { loadImages } from "@hooke/io/images";
 * import { readCsv } from "@hooke/data/node";
 *
 * const table = await readCsv("micrographs/labels.csv");
 * const images = await imageFolder("micrographs", { labels: { table, file: "image", target: "hardness" }, size: 224 });
 * const { data, warnings } = await loadImages(images, { onProgress: ({ done, total }) => console.log(done, total) });
 * ```
 */
export async function imageFolder(path: string, options: ImageSetOptions = {}): Promise<ImageSet> {
  checkArgument("imageFolder", "the path", path, pathCheck);
  checkImageSetOptions("imageFolder", options);
  const source = displayPath(path);
  const labelled = labelNames(source, await imageNames("imageFolder", path), options.labels ?? "folders");
  return {
    source,
    count: labelled.names.length,
    ...labelled,
    read: async (index) => prepareImage(...(await readNamed("imageFolder", path, labelled.names[index]!)), options),
  };
}

/** Paths of images below a folder, with `/`, in natural order. */
export const imageNames = async (who: string, folder: string): Promise<string[]> =>
  (await namesBelow(who, folder)).filter(isImageName);

/** The bytes of an image, and its name as errors show it. */
export async function readNamed(
  who: string,
  folder: string,
  name: string,
): Promise<[bytes: Uint8Array, source: string]> {
  const path = join(folder, name);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileSystemError(who, "read", displayPath(path), error);
  });
  return [bytes, displayPath(path)];
}

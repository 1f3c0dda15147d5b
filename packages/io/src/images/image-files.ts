// Images that a reader of a page chose or dropped: files, or a folder of them.
import { type Check, checkArgument } from "@hooke/runtime";
import { checkImageSetOptions, type ImageSet, type ImageSetOptions, isImageName, prepareImage } from "./image-set.ts";
import { labelNames } from "./labels.ts";
import { naturalOrder } from "./natural-order.ts";

const filesCheck: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  Symbol.iterator in value &&
  [...(value as Iterable<unknown>)].every((file) => file instanceof Blob && typeof (file as File).name === "string")
    ? undefined
    : "files, such as the .files of an input element";

/**
 * The images among files, in natural order of their names; others are left aside. Of a folder that was chosen
 * (`<input type="file" webkitdirectory>`) names are paths below it. Files are read when their images are needed.
 *
 * @throws if there are no images, or labels do not fit them
 * @example
 * ```ts no-run
 * import { imageFiles, loadImages } from "@hooke/io/images";
 *
 * declare const input: HTMLInputElement;
 * const images = imageFiles(input.files!, { size: 64, channels: 1 });
 * const { data, warnings } = await loadImages(images);
 * ```
 */
export function imageFiles(files: Iterable<File>, options: ImageSetOptions = {}): ImageSet {
  checkArgument("imageFiles", "the files", files, filesCheck);
  checkImageSetOptions("imageFiles", options);
  const nameOf = ({ name, webkitRelativePath }: File): string =>
    webkitRelativePath ? webkitRelativePath.slice(webkitRelativePath.indexOf("/") + 1) : name;
  const byName = new Map(Array.from(files, (file) => [nameOf(file), file] as const));
  const found = [...byName.keys()].filter(isImageName).sort(naturalOrder);
  const labelled = labelNames("imageFiles", found, options.labels ?? "folders");
  return {
    source: "imageFiles",
    count: labelled.names.length,
    ...labelled,
    async read(index) {
      const name = labelled.names[index]!;
      const bytes = new Uint8Array(await byName.get(name)!.arrayBuffer());
      return prepareImage(bytes, name, options);
    },
  };
}

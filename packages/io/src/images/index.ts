/**
 * Images: decoding, resizing, cropping, as PIL and torchvision do it.
 *
 * @packageDocumentation
 */

export type { Background } from "./alpha.ts";
export { toColor, toGrey } from "./color.ts";
export { centerCrop } from "./crop.ts";
export { type DecodeImageOptions, decodeImage } from "./decode-image.ts";
export {
  type DecodeVolumeOptions,
  decodeVolume,
  stackSlices,
  type Volume,
  volumeArray,
} from "./decode-volume.ts";
export { type Image, imageArray } from "./image.ts";
export { type ImageBatch, type ImageBatchOptions, imageBatches } from "./image-batches.ts";
export { imageFiles } from "./image-files.ts";
export type { ImageSet, ImageSetOptions } from "./image-set.ts";
export type { JpegDecoder } from "./jpeg/decode.ts";
export type { LabelOptions } from "./labels.ts";
export { type LoadedImages, loadImages, streamImages } from "./load-images.ts";
export type { ImageProgress, WorkOptions } from "./progress.ts";
export type { ImageFailure, ReadOptions } from "./read-ahead.ts";
export { type ImageSize, resize, resizeShortSide } from "./resize.ts";

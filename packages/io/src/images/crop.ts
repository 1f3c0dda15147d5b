// The middle of an image.
import { checkArgument, checkOptions, checks, fail } from "@hooke/runtime";
import { allocateSamples, describeImage, type Image, imageCheck } from "./image.ts";
import type { ImageSize } from "./resize.ts";

/**
 * The middle of an image; where it is not exactly in the middle, as torchvision rounds: half to even.
 *
 * @throws if the image is smaller
 */
export function centerCrop(image: Image, size: ImageSize): Image {
  checkArgument("centerCrop", "the image", image, imageCheck);
  checkOptions<ImageSize>("centerCrop", size, { required: { height: checks.count, width: checks.count } });
  const { height, width } = size;
  if (height > image.height || width > image.width) {
    const cure = "Resize it first, or crop less.";
    fail("centerCrop", `received ${describeImage(image)} to cut ${width}x${height} out of. ${cure}`, "mismatch");
  }
  const { channels, bits } = image;
  const top = halfToEven(image.height - height);
  const left = halfToEven(image.width - width);
  const values = allocateSamples(height * width * channels, bits);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * image.width + left) * channels;
    values.set(image.values.subarray(from, from + width * channels), row * width * channels);
  }
  return { values, width, height, channels, bits };
}

/** Half of a whole number, as Python's `round` rounds it. */
function halfToEven(count: number): number {
  const half = Math.floor(count / 2);
  return count % 2 === 1 && half % 2 === 1 ? half + 1 : half;
}

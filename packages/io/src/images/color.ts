// Between grey and colour.
import { checkArgument } from "@hooke/runtime";
import { allocateSamples, type Image, imageCheck } from "./image.ts";

/**
 * An image in grey: the luma of ITU-R BT.601, 0.299 red + 0.587 green + 0.114 blue, with PIL's weights in 65536ths and its
 * rounding, so that 8 bits are the same as those of `convert("L")`; floats are not rounded. A grey image is returned as it is.
 */
export function toGrey(image: Image): Image {
  checkArgument("toGrey", "the image", image, imageCheck);
  if (image.channels === 1) return image;
  const { width, height, bits, values: colors } = image;
  const values = allocateSamples(width * height, bits);
  for (let i = 0, at = 0; i < values.length; i++, at += 3) {
    const luma = 19595 * colors[at]! + 38470 * colors[at + 1]! + 7471 * colors[at + 2]!;
    values[i] = bits === 32 ? luma / 65536 : Math.floor((luma + 32768) / 65536);
  }
  return { values, width, height, channels: 1, bits };
}

/** An image with three channels, as networks trained on photographs take it: grey is repeated. A colour image is returned as it is. */
export function toColor(image: Image): Image {
  checkArgument("toColor", "the image", image, imageCheck);
  if (image.channels === 3) return image;
  const { width, height, bits, values: greys } = image;
  const values = allocateSamples(3 * width * height, bits);
  for (let i = 0; i < greys.length; i++) values.fill(greys[i]!, 3 * i, 3 * i + 3);
  return { values, width, height, channels: 3, bits };
}

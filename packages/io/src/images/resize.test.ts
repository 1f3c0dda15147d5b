// Resizing beside PIL (to one level of 8 bits) and PyTorch in f64 (to the rounding of 16), grey as PIL makes it, crops.
import { expect, test } from "vitest";
import { toColor, toGrey } from "./color.ts";
import { centerCrop } from "./crop.ts";
import golden from "./fixtures/resize.json" with { type: "json" };
import type { Image } from "./image.ts";
import { resize, resizeShortSide } from "./resize.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));
const image = (values: number[], width: number, channels: 1 | 3 = 1): Image => ({
  values: Uint8Array.from(values),
  width,
  height: values.length / width / channels,
  channels,
  bits: 8,
});

test.each(golden.cases)("$size.0 x $size.1, $channels channels, becomes $new.0 x $new.1", (given) => {
  const [height, width] = given.size as [number, number];
  const [newHeight, newWidth] = given.new as [number, number];
  const channels = given.channels as 1 | 3;
  const shallow: Image = { values: bytesOf(given.image), width, height, channels, bits: 8 };
  const resized = resize(shallow, { height: newHeight, width: newWidth });
  expect([resized.height, resized.width, resized.channels, resized.bits]).toEqual([newHeight, newWidth, channels, 8]);
  const pil = bytesOf(given.pil);
  expect(Math.max(...resized.values.map((value, i) => Math.abs(value - pil[i]!)))).toBeLessThanOrEqual(1);

  const deep: Image = { ...shallow, values: Uint16Array.from(shallow.values, (value) => 257 * value), bits: 16 };
  const torch = new Float32Array(bytesOf(given.torch).buffer);
  const { values } = resize(deep, { height: newHeight, width: newWidth });
  expect(Math.max(...torch.map((value, i) => Math.abs(value - values[i]!)))).toBeLessThan(0.52);
});

test("grey is PIL's, to the bit", () => {
  const { values } = toGrey({ values: bytesOf(golden.grey.image), width: 6, height: 5, channels: 3, bits: 8 });
  expect(values).toEqual(bytesOf(golden.grey.pil));
  expect([...toColor(image([7, 9], 2)).values]).toEqual([7, 7, 7, 9, 9, 9]);
});

test("the short side gets its length, the long one is rounded down", () => {
  const { height, width } = resizeShortSide(image(new Array(7 * 9).fill(1), 9), 5);
  expect([height, width]).toEqual([5, 6]);
});

test("crops are cut from the middle, or refused", () => {
  const nine = image([0, 1, 2, 3, 4, 5, 6, 7, 8], 3);
  expect([...centerCrop(nine, { height: 1, width: 3 }).values]).toEqual([3, 4, 5]);
  // torchvision: round((3 - 2) / 2) is 0.
  expect([...centerCrop(nine, { height: 2, width: 2 }).values]).toEqual([0, 1, 3, 4]);
  expect(() => centerCrop(nine, { height: 4, width: 1 })).toThrow(
    "centerCrop: received 3x3, 1 channel of 8 bits to cut 1x4 out of.",
  );
});

// Samples made of two: proportions of inputs and targets agree, and what belongs to one sample is refused.
import type { Batch } from "@hooke/core";
import { array, type HostArray, randomKey, zeros } from "@hooke/runtime";
import { expect, it } from "vitest";
import { cutmix, mixup } from "./mix.ts";

it("mixup blends inputs and targets alike; cutmix blends targets by area", () => {
  const inputs: HostArray = { shape: [4, 8, 8, 1], dtype: "f32", data: new Float32Array(256) };
  for (let row = 0; row < 4; row++) inputs.data.fill(row, row * 64, (row + 1) * 64);
  const labels = array([[0], [1], [2], [3]]);
  const blended = mixup()({ inputs, targets: labels }, randomKey(2));
  for (let row = 0; row < 4; row++) expect(blended.inputs.data[row * 64]).toBeCloseTo(blended.targets.data[row]!, 5);
  const pasted = cutmix()({ inputs, targets: labels }, randomKey(4));
  for (let row = 0; row < 4; row++) {
    const pixels = Array.from(pasted.inputs.data.subarray(row * 64, (row + 1) * 64));
    const mean = pixels.reduce((sum, value) => sum + value, 0) / 64;
    expect(pasted.targets.data[row]).toBeCloseTo(mean, 5);
  }
});

const images = zeros([2, 4, 4, 1]);

it.each<[string, Batch<HostArray>, string]>([
  [
    "integer classes",
    { inputs: images, targets: zeros([2], "i32") },
    "received targets i32[2]; only f32 and f64 can be blended. Give classes one-hot, [batch, classes].",
  ],
  [
    "targets of other rows",
    { inputs: images, targets: zeros([3, 1]) },
    "received inputs f32[2, 4, 4, 1] and targets f32[3, 1]; they have as many rows.",
  ],
  [
    "extras",
    { inputs: images, targets: zeros([2, 1]), extras: { lengths: zeros([2], "i32") } },
    "received a batch with extras.lengths: they belong to one row, and a mixed row is made of two. Leave them out.",
  ],
  ["weights", { inputs: images, targets: zeros([2, 1]), weights: zeros([2]) }, "received a batch with weights"],
])("refuse %s", (_, batch, message) => {
  expect(() => mixup()(batch, randomKey(0))).toThrow(`mixup: ${message}`);
  expect(() => cutmix()(batch, randomKey(0))).toThrow(`cutmix: ${message}`);
});

it("refuse integer inputs, rows that are no images, and bad options", () => {
  const targets = zeros([2, 1]);
  expect(() => mixup()({ inputs: zeros([2, 3], "i32"), targets }, randomKey(0))).toThrow(
    /^mixup: received inputs i32\[2, 3\]; only f32 and f64 can be blended.$/,
  );
  expect(() => cutmix()({ inputs: zeros([2, 3]), targets }, randomKey(0))).toThrow("expected [batch, y, x, channels]");
  expect(() => mixup({ alpha: 0 })).toThrow('mixup: option "alpha" is 0; expected a number above 0.');
  expect(() => cutmix({ aplha: 1 } as never)).toThrow('cutmix: received the unknown option "aplha"');
});

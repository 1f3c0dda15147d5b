// Samples made of two: mixup blends them, cutmix pastes a box of one into the other. Targets are blended in the same proportion.
import type { Batch } from "@hooke/core";
import { describe, fail, foldHost, type HostArray, isFloat } from "@hooke/runtime";
import { randomStream } from "./random.ts";

/** A batch and a key to a batch of the same shapes. */
export type BatchTransform = (batch: Batch<HostArray>, key: HostArray) => Batch<HostArray>;

/**
 * Blends each sample with another one of its batch: `lambda a + (1 - lambda) b`, inputs and targets alike, with
 * `lambda ~ Beta(alpha, alpha)` drawn once per batch, as the authors do. Zhang et al. 2018.
 *
 * It assumes that targets are linear between samples: one-hot classes, or regressions where that is a fair guess. The property of
 * a blend of two micrographs is not the blend of their properties.
 *
 * @param options.alpha above 0; default 0.2
 */
export function mixup(options: { readonly alpha?: number } = {}): BatchTransform {
  const { alpha = 0.2 } = options;
  checkAlpha("mixup", alpha);
  return (batch, key) => {
    const random = randomStream(key);
    const lambda = random.beta(alpha, alpha);
    const partner = partners(batch.inputs.shape[0]!, key);
    return {
      ...batch,
      inputs: blended("mixup", batch.inputs, partner, lambda),
      targets: blended("mixup", batch.targets, partner, lambda),
    };
  };
}

/**
 * Pastes a box of another sample of the batch into each image, `[batch, y, x, channels]`; targets are blended by area. The box
 * covers `1 - lambda` of the image before it is clipped at the edges, `lambda ~ Beta(alpha, alpha)`, drawn once per batch. Yun et al. 2019.
 *
 * It is meant for classes, `[batch, classes]` one-hot: of a property of the whole image it makes a label that no physics supports.
 *
 * @param options.alpha above 0; default 1
 */
export function cutmix(options: { readonly alpha?: number } = {}): BatchTransform {
  const { alpha = 1 } = options;
  checkAlpha("cutmix", alpha);
  return (batch, key) => {
    const { inputs, targets } = batch;
    if (inputs.shape.length !== 4)
      fail("cutmix", `received inputs ${describe(inputs)}; expected [batch, y, x, channels].`);
    const [rows, height, width, channels] = inputs.shape as readonly [number, number, number, number];
    const random = randomStream(key);
    const side = Math.sqrt(1 - random.beta(alpha, alpha));
    const span = (length: number): readonly [number, number] => {
      const centre = random.integer(length);
      const half = Math.floor((length * side) / 2);
      return [Math.max(0, centre - half), Math.min(length, centre + half)];
    };
    const [top, bottom] = span(height);
    const [left, right] = span(width);
    const partner = partners(rows, key);
    const data = inputs.data.slice();
    for (let row = 0; row < rows; row++) {
      for (let y = top; y < bottom; y++) {
        const at = (y * width + left) * channels;
        const from = partner[row]! * height * width * channels + at;
        data.set(inputs.data.subarray(from, from + (right - left) * channels), row * height * width * channels + at);
      }
    }
    const kept = 1 - ((bottom - top) * (right - left)) / (height * width);
    return { ...batch, inputs: { ...inputs, data }, targets: blended("cutmix", targets, partner, kept) };
  };
}

function checkAlpha(who: string, alpha: number): void {
  if (!(Number.isFinite(alpha) && alpha > 0)) fail(who, `received alpha ${alpha}; expected a number above 0.`);
}

/** A random order of the rows: row `i` is mixed with row `partners[i]`. */
function partners(rows: number, key: HostArray): number[] {
  const random = randomStream(foldHost(key, "partners"));
  const order = Array.from({ length: rows }, (_, i) => i);
  for (let i = rows - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function blended(who: string, array: HostArray, partner: readonly number[], lambda: number): HostArray {
  if (!isFloat(array.dtype)) fail(who, `received ${describe(array)}; only f32 and f64 can be blended.`);
  const width = array.data.length / partner.length;
  const data = array.data.map((value, i) => {
    const row = Math.floor(i / width);
    return lambda * value + (1 - lambda) * array.data[partner[row]! * width + (i - row * width)]!;
  });
  return { ...array, data };
}

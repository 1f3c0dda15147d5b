// Samples made of two: mixup blends them, cutmix pastes a box of one into the other. Targets are blended in the same
// proportion.
import type { Augmentation, Batch } from "@hooke/core";
import { checkOptions, checks, describe, fail, foldHost, type HostArray, isFloat } from "@hooke/runtime";
import { checkRows } from "./batch.ts";
import { randomStream } from "./random.ts";

/** Options of {@link mixup} and {@link cutmix}. */
export interface MixOptions {
  /**
   * Parameter of the distribution of proportions, above 0: small ones leave most samples nearly whole. Default 0.2
   * (cutmix: 1).
   */
  readonly alpha?: number;
}

/**
 * Blends each sample with another one of its batch: `lambda a + (1 - lambda) b`, inputs and targets alike, with
 * `lambda ~ Beta(alpha, alpha)` drawn once per batch, as the authors do. Zhang et al., "mixup" (ICLR 2018).
 *
 * It assumes that targets are linear between samples: one-hot classes, or regressions where that is a fair guess. The
 * property of a blend of two micrographs is not the blend of their properties.
 *
 * @throws with a batch that has extras or weights, which belong to single samples; and on integer targets or inputs
 */
export function mixup(options: MixOptions = {}): Augmentation {
  const { alpha = 0.2 } = checked("mixup", options);
  return (batch, key) => {
    checkMixable("mixup", batch);
    const random = randomStream(key);
    const lambda = random.beta(alpha, alpha);
    const partner = partners(batch.inputs.shape[0]!, key);
    return {
      ...batch,
      inputs: blended("mixup", "inputs", batch.inputs, partner, lambda),
      targets: blended("mixup", "targets", batch.targets, partner, lambda),
    };
  };
}

/**
 * Pastes a box of another sample of the batch into each image, `[batch, y, x, channels]`; targets are blended by area.
 * The box covers `1 - lambda` of the image before it is clipped at the edges, `lambda ~ Beta(alpha, alpha)`, drawn once
 * per batch. Yun et al., "CutMix" (ICCV 2019).
 *
 * It is meant for classes, `[batch, classes]` one-hot: of a property of the whole image it makes a label that no
 * physics supports.
 *
 * @throws with a batch that has extras or weights, which belong to single samples; on integer targets, and on inputs
 *   that are no images
 */
export function cutmix(options: MixOptions = {}): Augmentation {
  const { alpha = 1 } = checked("cutmix", options);
  return (batch, key) => {
    checkMixable("cutmix", batch);
    const { inputs, targets } = batch;
    if (inputs.shape.length !== 4)
      fail("cutmix", `received inputs ${describe(inputs)}; expected [batch, y, x, channels].`, "mismatch");
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
    return { ...batch, inputs: { ...inputs, data }, targets: blended("cutmix", "targets", targets, partner, kept) };
  };
}

function checked(who: string, options: MixOptions): MixOptions {
  checkOptions<MixOptions>(who, options, { optional: { alpha: checks.positive } });
  return options;
}

function checkMixable(who: string, batch: Batch<HostArray>): void {
  checkRows(who, batch);
  const { weights, extras = {} } = batch;
  const named = [...(weights === undefined ? [] : ["weights"]), ...Object.keys(extras).map((name) => `extras.${name}`)];
  if (named.length > 0) {
    fail(
      who,
      `received a batch with ${named.join(", ")}: they belong to one row, and a mixed row is made of two. Leave them out.`,
      "mismatch",
    );
  }
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

function blended(
  who: string,
  part: "inputs" | "targets",
  array: HostArray,
  partner: readonly number[],
  lambda: number,
): HostArray {
  if (!isFloat(array.dtype)) {
    const cure = part === "targets" ? " Give classes one-hot, [batch, classes]." : "";
    fail(who, `received ${part} ${describe(array)}; only f32 and f64 can be blended.${cure}`, "mismatch");
  }
  const width = array.data.length / partner.length;
  const data = array.data.map((value, i) => {
    const row = Math.floor(i / width);
    return lambda * value + (1 - lambda) * array.data[partner[row]! * width + (i - row * width)]!;
  });
  return { ...array, data };
}

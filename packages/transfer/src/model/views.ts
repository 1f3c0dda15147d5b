// Views: the copies of an image that a declared symmetry makes as good as itself, and what a network says of them.
import { concat, describe, HookeError, mean, reshape, reverse, type Tensor, transpose } from "@hooke/runtime";

/**
 * Which copies of an image are as good as itself: `"none"` but the image; `"orthotropic"`, for rolled or woven material, its 4 mirror
 * images; `"isotropic"` the 8 of the square, quarter turns too. They are exact: no pixel is interpolated.
 */
export type Views = "none" | "orthotropic" | "isotropic";

/** How many there are. */
export const viewCounts: Readonly<Record<Views, number>> = { none: 1, orthotropic: 4, isotropic: 8 };

/**
 * What a network says of the views of each image.
 *
 * @param x `[batch, height, width, channels]`
 * @param network to `[batch, width]`, or to `[batch, ..., channels]` of which the mean over positions is taken
 * @returns `[batch, views, width]`
 */
export function featuresOfViews(x: Tensor, views: Views, network: (x: Tensor) => Tensor): Tensor {
  if (views !== "none" && x.rank !== 4) {
    throw new HookeError(`expected images [batch, height, width, channels] to turn, received ${describe(x)}.`, {
      code: "mismatch",
    });
  }
  const [batch, height, width] = x.shape as [number, number, number];
  const mirrored = (image: Tensor): Tensor[] =>
    views === "none" ? [image] : [image, reverse(image, 1), reverse(image, 2), reverse(image, [1, 2])];
  const turned = views === "isotropic" ? mirrored(transpose(x, [0, 2, 1, 3])) : [];
  // Views of one size go through the network in one batch.
  const stacks = height === width ? [[...mirrored(x), ...turned]] : [mirrored(x), turned];
  const parts = stacks
    .filter((images) => images.length > 0)
    .map((images) => {
      const features = pooled(network(concat(images, 0)));
      return transpose(reshape(features, [images.length, batch, features.shape[1]!]), [1, 0, 2]);
    });
  return concat(parts, 1);
}

/** `[batch, ..., channels]` as `[batch, channels]`. */
function pooled(output: Tensor): Tensor {
  if (output.rank < 2) {
    throw new HookeError(`expected features [batch, ..., width], received ${describe(output)}.`, { code: "mismatch" });
  }
  const between = Array.from({ length: output.rank - 2 }, (_, i) => i + 1);
  return between.length === 0 ? output : mean(output, { axes: between });
}

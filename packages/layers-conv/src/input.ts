// Checks of inputs: how many spatial axes they have, how long these are, and that values may lie between whole numbers.
import { fail, HookeError, isFloat, type Tensor } from "@hooke/runtime";

const dimensions = (rank: number): string =>
  rank === 1 ? "length" : ["depth", "height", "width"].slice(3 - rank).join(", ");

/**
 * The spatial sizes of `[...spatial, channels]`.
 *
 * @throws if there are not `rank` of them, or one is below `least` points
 */
export function spatialOf(inputShape: readonly number[], rank: number, least = 1): readonly number[] {
  const spatial = inputShape.slice(0, -1);
  if (spatial.length !== rank || spatial.some((size) => size < least)) {
    const sides = least > 1 ? ` with at least ${least} points on each side` : "";
    fail(
      "input",
      `received [${["batch", ...inputShape].join(", ")}]; expected [batch, ${dimensions(rank)}, channels]${sides}.`,
      "mismatch",
    );
  }
  return spatial;
}

/**
 * The numbers of the spatial axes of `x[batch, ...spatial, channels]`.
 *
 * @throws if there are not one to three of them
 */
export function spatialAxes(x: Tensor): readonly number[] {
  if (x.rank < 3 || x.rank > 5) {
    throw new HookeError(
      `expected [batch, ...spatial, channels] with 1 to 3 spatial axes, received [${x.shape.join(", ")}].`,
      { code: "mismatch" },
    );
  }
  return Array.from({ length: x.rank - 2 }, (_, i) => i + 1);
}

/** @throws on integers: means of them are not integers */
export function checkFloat(x: Tensor): void {
  if (isFloat(x.dtype)) return;
  throw new HookeError(`takes means, which ${x.dtype} cannot hold; convert the input to f32 first.`, {
    code: "mismatch",
  });
}

// Checks of inputs: how many spatial axes they have, how long these are, and that values may lie between whole numbers.
import { fail, HookeError, isFloat, type Tensor } from "@hooke/runtime";

const dimensions = (rank: number): string =>
  rank === 1 ? "length" : ["depth", "height", "width"].slice(3 - rank).join(", ");

/** How to move channels to the end, where they seem to come first: few of them, before what is as long as images are. */
export function channelsFirst(inputShape: readonly number[]): string {
  const [first, ...others] = inputShape as [number, ...number[]];
  if (others.length < 2 || first > 4 || Math.min(...others) <= first || others.at(-1)! < 8) return "";
  const order = `[0, ${others.map((_, i) => i + 2).join(", ")}, 1]`;
  return (
    ` Images are [batch, ${dimensions(others.length)}, channels]: if the ${first} of [batch, ${inputShape.join(", ")}] counts channels, ` +
    `move them to the end by await run(backend, (x) => transpose(x, ${order}), images).`
  );
}

/** What `compute` makes of an input. @throws what it throws on shapes that do not fit, with a hint if channels seem to come first */
export function channelsLast<R>(inputShape: readonly number[], compute: () => R): R {
  try {
    return compute();
  } catch (error) {
    const hint = error instanceof HookeError && error.code === "mismatch" ? channelsFirst(inputShape) : "";
    if (hint === "") throw error;
    const { message, code } = error as HookeError;
    throw new HookeError(message + hint, { code, cause: error });
  }
}

/**
 * The spatial sizes of `[...spatial, channels]`.
 *
 * @throws if there are not `rank` of them, or one is below `least` points
 */
export function spatialOf(inputShape: readonly number[], rank: number, least = 1): readonly number[] {
  const spatial = inputShape.slice(0, -1);
  if (spatial.length !== rank || spatial.some((size) => size < least)) {
    const sides = least > 1 ? ` with at least ${least} points on each side` : "";
    const one =
      spatial.length === rank - 1 ? ` A single channel is an axis, too: [batch, ${inputShape.join(", ")}, 1].` : "";
    fail(
      "input",
      `received [${["batch", ...inputShape].join(", ")}]; expected [batch, ${dimensions(rank)}, channels]${sides}.${one}${channelsFirst(inputShape)}`,
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

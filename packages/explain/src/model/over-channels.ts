// Shares of places, of those of their channels.
import { checkArgument, describe, fail, type HostArray, isHostArray, zeros } from "@hooke/runtime";

/**
 * What each place adds, whatever its channels: the sum over the last axis, `[rows, ..., channels]` to `[rows, ...]`, f64. Of integrated gradients of a graph that is
 * a share for each node, of a sequence for each step, of an image for each pixel.
 *
 * @throws on arrays without places
 * @example
 * ```ts
 * import { overChannels } from "@hooke/explain";
 * import { array } from "@hooke/runtime";
 *
 * console.log(overChannels(array([[[1, 2], [3, 4]]])).data); // Float64Array(2) [ 3, 7 ]
 * ```
 */
export function overChannels(values: HostArray): HostArray {
  checkArgument("overChannels", "the values", values, (value) =>
    isHostArray(value) ? undefined : "an array, [rows, ..., channels], such as the values of integratedGradients",
  );
  if (values.shape.length < 3) {
    fail("overChannels", `received ${describe(values)}; give [rows, ..., channels].`, "mismatch");
  }
  const channels = values.shape.at(-1)!;
  const sums = zeros(values.shape.slice(0, -1), "f64");
  for (let i = 0; i < values.data.length; i++) sums.data[Math.floor(i / channels)]! += Number(values.data[i]!);
  return sums;
}

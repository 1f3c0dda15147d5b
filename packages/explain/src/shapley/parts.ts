// Parts of images, volumes and sequences, which take the place of single inputs.
import { checkArgument, checks, fail, type HostArray, zeros } from "@hooke/runtime";

/**
 * Numbers of blocks: a grid over the places of an image, a volume or a sequence, for `parts` of `exactShapley` and `kernelShapley`. Blocks at
 * the end of an axis are what is left.
 *
 * @param shape of one row without channels: `[height, width]`, `[steps]`
 * @param size edge of the blocks: one for all axes, or one for each
 * @returns `i32[...shape]`, numbers from 0, the last axis fastest
 * @throws on sizes that are not whole numbers above 0, one for each axis
 * @example
 * ```ts
 * import { gridParts } from "@hooke/explain";
 *
 * console.log(Array.from(gridParts([2, 6], 2).data).join("")); // 001122001122
 * ```
 */
export function gridParts(shape: readonly number[], size: number | readonly number[]): HostArray {
  const lengths = (value: unknown): string | undefined =>
    Array.isArray(value) && value.length > 0 && value.every((each) => checks.count(each) === undefined)
      ? undefined
      : "whole numbers above 0, one for each axis";
  checkArgument("gridParts", "the shape", shape, lengths);
  const edges = typeof size === "number" ? shape.map(() => size) : size;
  checkArgument("gridParts", "the size", edges, lengths);
  if (edges.length !== shape.length) {
    fail(
      "gridParts",
      `received sizes for ${edges.length} axes and a shape of ${shape.length}; give one for each.`,
      "mismatch",
    );
  }
  const counts = shape.map((length, axis) => Math.ceil(length / edges[axis]!));
  const parts = zeros(shape, "i32");
  for (let i = 0; i < parts.data.length; i++) {
    let [rest, part, stride] = [i, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      part += stride * Math.floor((rest % shape[axis]!) / edges[axis]!);
      stride *= counts[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    parts.data[i] = part;
  }
  return parts;
}

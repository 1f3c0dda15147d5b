// Borders other than zeros: the image mirrored or continued periodically beyond its edges.
import { concat, fail, reverse, sliceAxis, type Tensor } from "@hooke/runtime";
import type { Margins, PaddingMode } from "./options.ts";

/**
 * `x[batch, ...spatial, channels]` with margins around its spatial axes.
 *
 * @throws on margins that the image cannot fill
 */
export function withBorder(x: Tensor, margins: Margins, mode: Exclude<PaddingMode, "zeros">): Tensor {
  return margins.reduce((value, [before, after], i) => {
    if (before === 0 && after === 0) return value;
    const axis = i + 1;
    const size = value.shape[axis]!;
    const most = mode === "reflect" ? size - 1 : size;
    if (before > most || after > most) {
      fail(
        "padding",
        `${mode} padding of [${before}, ${after}] is more than an axis of ${size} points holds (${most}); use a smaller window.`,
        "mismatch",
      );
    }
    const part = (from: number, to: number): Tensor => sliceAxis(value, axis, from, to);
    const mirrored = (from: number, to: number): Tensor => reverse(part(from, to), axis);
    const head = mode === "reflect" ? () => mirrored(1, before + 1) : () => part(size - before, size);
    const tail = mode === "reflect" ? () => mirrored(size - 1 - after, size - 1) : () => part(0, after);
    return concat([...(before > 0 ? [head()] : []), value, ...(after > 0 ? [tail()] : [])], axis);
  }, x);
}

// The derivatives of a function of rows: the one place that decides how they are computed.
import { rowDerivatives as byTaylor, type Tensor } from "@hooke/runtime";
import { axesOf, type MultiIndex } from "./multi-index.ts";

/**
 * Partial derivatives of a function that maps each row by itself: in Taylor mode, with as few passes for all of them as the runtime finds.
 *
 * @param fn `[n, d]` to `[n, c]`, row by row
 * @param rows `[n, d]`
 * @param indices the derivatives wanted
 * @returns `[n, c]` for each of them
 */
export const rowDerivatives = (
  fn: (rows: Tensor) => Tensor,
  rows: Tensor,
  indices: readonly MultiIndex[],
): readonly Tensor[] => byTaylor(fn, rows, indices.map(axesOf));

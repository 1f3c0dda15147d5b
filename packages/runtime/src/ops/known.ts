// Functions whose derivatives are stated, because those of the steps that compute them would lose digits or be NaN.

import { elementwise } from "../primitives/elementwise.ts";
import { known as family } from "../primitives/known.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";

/**
 * The function `of` of operands alike in shape and dtype.
 *
 * @param of its name, which stands for one function alone
 * @param compute its value; how it comes about does not matter for derivatives
 * @param slopes its derivative in each operand, themselves differentiable
 */
export const known = (
  of: string,
  x: readonly Tensor[],
  compute: (...x: Tensor[]) => Tensor,
  slopes: readonly ((...x: Tensor[]) => Tensor)[],
): Tensor =>
  emit(family, "known", [compute(...x.map((operand) => emit(elementwise, "stopGradient", [operand], {})[0]!)), ...x], {
    of,
    slopes,
  })[0]!;

// Functions whose derivatives are stated, because those of the steps that compute them would lose digits or be NaN.
import { bind } from "../record.ts";
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
  bind("known", [compute(...x.map((operand) => bind("stopGradient", [operand], {})[0]!)), ...x], { of, slopes })[0]!;

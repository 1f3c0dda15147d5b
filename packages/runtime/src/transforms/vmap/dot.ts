// Mapping the matrix product: of two mapped operands the rows are one batch axis more; with one that is the same in every row, all
// rows are one tall product, and nothing is repeated.
import { reshape, transpose } from "../../ops/structure.ts";
import type { Tensor } from "../../tensor.ts";
import { apply, type BatchRules, mapped, moveAxis } from "./rule.ts";

/** The last two axes swapped. */
function swapped(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/**
 * Every row's matrices on top of each other, `[...batch, rows * M, K]`, times what `multiply` multiplies them with: `[rows, ...batch, M, N]`.
 */
function tall(x: Tensor, multiply: (stacked: Tensor) => Tensor): Tensor {
  const [rows, ...shape] = x.shape as [number, ...number[]];
  const [height, inner] = shape.slice(-2) as [number, number];
  const batch = shape.slice(0, -2);
  const product = multiply(reshape(moveAxis(x, 0, batch.length), [...batch, rows * height, inner]));
  return moveAxis(reshape(product, [...batch, rows, height, product.shape.at(-1)!]), batch.length, 0);
}

export const dot: BatchRules<"dot"> = {
  dot([a, b], node) {
    const { transposeA, transposeB } = node.params;
    if (a!.mapped && b!.mapped) return apply(node, [a!.tensor, b!.tensor]).map(mapped);
    if (a!.mapped) {
      const left = transposeA ? swapped(a!.tensor) : a!.tensor;
      const params = { transposeA: false, transposeB };
      return [mapped(tall(left, (rows) => apply(node, [rows, b!.tensor], params)[0]!))];
    }
    // Transposed, so that the mapped operand is the left one.
    const right = transposeB ? b!.tensor : swapped(b!.tensor);
    const params = { transposeA: false, transposeB: !transposeA };
    return [mapped(swapped(tall(right, (rows) => apply(node, [rows, a!.tensor], params)[0]!)))];
  },
};

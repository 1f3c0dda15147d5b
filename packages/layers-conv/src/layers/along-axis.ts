// A linear map along one axis, given as a matrix.
import { array, matmul, type Tensor, transpose } from "@hooke/runtime";

/** `result[..., i, ...] = sum over j of rows[i][j] x[..., j, ...]` on an axis. */
export function mapAlongAxis(x: Tensor, axis: number, rows: readonly (readonly number[])[]): Tensor {
  const last = x.rank - 1;
  const swapped = x.shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
  const matrix = array(rows as number[][], { dtype: x.dtype });
  return transpose(matmul(transpose(x, swapped), matrix, { transposeB: true }), swapped);
}

// Orthogonal matrices: the product of random reflections, written as a few products of matrices whatever their number.
import {
  add,
  convert,
  div,
  equal,
  fail,
  iota,
  type Key,
  less,
  matmul,
  maximum,
  mul,
  normal,
  reshape,
  type Shape,
  select,
  shiftRight,
  sizeOf,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
  xor,
} from "@hooke/runtime";

/**
 * A kernel whose matrix `[fanIn, out]` has orthonormal columns, or rows if those are fewer, distributed uniformly: the factor Q of
 * the QR decomposition, with a positive diagonal, of a matrix of normal numbers. Its Householder reflections are those of
 * independent vectors (Stewart 1980), so that they are drawn at once, and their product is `1 - V T V'` with the inverse T of
 * a triangle of `V' V` (Joffrain et al. 2006).
 *
 * @throws below two dimensions
 */
export function orthogonal(key: Key, shape: Shape, dtype: "f32" | "f64"): Tensor {
  if (shape.length < 2) {
    fail("initializer orthogonal", `received the shape [${shape.join(", ")}]; it takes two dimensions or more.`);
  }
  const columns = shape.at(-1)!;
  const rows = sizeOf(shape) / columns;
  const size = [Math.max(rows, columns), Math.min(rows, columns)];
  const [row, column] = [iota(size, 0), iota(size, 1)];
  const one = convert(equal(row, column), dtype);
  // Column k is what the k-th reflection turns into its first element, of opposite sign.
  const x = select(less(row, column), 0, normal(key, size, dtype));
  const negative = less(sum(mul(one, x), { axes: 0 }), 0);
  const signs = sub(1, mul(convert(negative, dtype), 2));
  const v = add(x, mul(one, mul(signs, sqrt(sum(square(x), { axes: 0 })))));
  const t = inverseOfTriangle(matmul(transpose(v), v));
  const q = mul(sub(one, matmul(v, matmul(t, matmul(transpose(v), one)))), mul(signs, -1));
  // One step of Newton's towards the nearest orthogonal matrix: what is left is the rounding of the numbers themselves.
  const basis = sub(mul(q, 1.5), matmul(q, mul(matmul(transpose(q), q), 0.5)));
  return reshape(rows < columns ? transpose(basis) : basis, shape);
}

/** The inverse of the upper triangle of a matrix with half of its diagonal: of blocks of one element, then of two, four, ... */
function inverseOfTriangle(matrix: Tensor): Tensor {
  const [size] = matrix.shape as [number];
  const [row, column] = [iota([size, size], 0, "u32"), iota([size, size], 1, "u32")];
  // A vector that is zero reflects nothing, whatever it is divided by.
  let inverse: Tensor = select(equal(row, column), div(2, maximum(matrix, 1e-30)), 0);
  const above = select(less(row, column), matrix, 0);
  // Two elements are in neighbouring blocks of 2^level, to become one, where that is the highest bit in which their numbers differ.
  const difference = xor(row, column);
  for (let level = 0; 2 ** level < size; level++) {
    const between = select(equal(shiftRight(difference, level), 1), above, 0);
    inverse = sub(inverse, matmul(inverse, matmul(between, inverse)));
  }
  return inverse;
}

// Orthogonal matrices: Gram-Schmidt on normal vectors, recorded as one loop.
import {
  add,
  div,
  fail,
  iota,
  type Key,
  matmul,
  mul,
  normal,
  oneHot,
  reshape,
  type Shape,
  scan,
  sizeOf,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
} from "@hooke/runtime";

/**
 * A kernel whose matrix `[fanIn, out]` has orthonormal columns, or rows if those are fewer, distributed uniformly
 * (Gram-Schmidt yields the factor Q of a QR decomposition with a positive diagonal).
 *
 * @throws below two dimensions
 */
export function orthogonal(key: Key, shape: Shape, dtype: "f32" | "f64"): Tensor {
  if (shape.length < 2) {
    fail("initializer orthogonal", `received the shape [${shape.join(", ")}]; it takes two dimensions or more.`);
  }
  const columns = shape.at(-1)!;
  const rows = sizeOf(shape) / columns;
  const count = Math.min(rows, columns);
  const vectors = normal(key, [count, Math.max(rows, columns)], dtype);
  const [basis] = scan(
    (done: Tensor, { vector, place }: { vector: Tensor; place: Tensor }) => {
      // Once leaves errors of the size of the vectors' dependence; twice is enough (Giraud et al. 2005).
      const unit = normalized(withoutProjections(done, withoutProjections(done, vector)));
      // Rows not reached yet are zero.
      return [add(done, mul(reshape(place, [count, 1]), unit)), []];
    },
    mul(vectors, 0),
    { vector: vectors, place: oneHot(iota([count]), count, dtype) },
  );
  return reshape(rows < columns ? basis : transpose(basis), shape);
}

const withoutProjections = (basis: Tensor, vector: Tensor): Tensor => sub(vector, matmul(matmul(basis, vector), basis));

const normalized = (vector: Tensor): Tensor => div(vector, sqrt(sum(square(vector))));

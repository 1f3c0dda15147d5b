// One step of Gauss and Newton from where a solution came to, with equations at points that it was not trained at: what unknowns are where they are not at rest yet.
import type { Squares } from "@hooke/minimize";
import { add, type Backend, cholesky, type HostArray, type Tensor, triangularSolve } from "@hooke/runtime";
import { compiled } from "./compiled.ts";
import type { LossData } from "./loss.ts";
import type { Parameters } from "./model.ts";

/**
 * The step, with the other sign, by parameter. The matrix and the gradient are means over draws of points: each set of points pulls unknowns its own way.
 *
 * @param ridge what is added to the diagonal, at least
 */
export async function oneStep(
  backend: Backend,
  { evaluate, gaussNewton, write, size }: Squares<Parameters>,
  at: Float64Array,
  draws: readonly LossData[],
  ridge: number,
): Promise<Float64Array> {
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (const draw of draws) {
    write(draw as never);
    const { gradient } = await evaluate(at);
    const { data } = await gaussNewton(at);
    for (let i = 0; i < matrix.length; i++) matrix[i]! += (data[i] as number) / draws.length;
    for (let i = 0; i < size; i++) right[i]! += gradient[i]! / draws.length;
  }
  const f64 = (shape: readonly number[], data: Float64Array): HostArray => ({ shape, dtype: "f64", data });
  const call = compiled(backend, solved);
  try {
    for (let least = ridge; ; least *= 10) {
      const diagonal = new Float64Array(size * size);
      for (let i = 0; i < size; i++) diagonal[i * size + i] = least;
      const { step } = await call(f64([size, size], matrix), f64([size, size], diagonal), f64([size, 1], right));
      const values = step!.data as Float64Array;
      if (values.every(Number.isFinite) || !matrix.every(Number.isFinite)) return values;
    }
  } finally {
    call.free();
  }
}

function solved(matrix: Tensor, diagonal: Tensor, right: Tensor): Record<string, Tensor> {
  const factor = cholesky(add(matrix, diagonal));
  return { step: triangularSolve(factor, triangularSolve(factor, right), { transposeA: true }) };
}

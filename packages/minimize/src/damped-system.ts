// The damped equations of Levenberg-Marquardt: solved on the backend where that is quicker and in double precision, here otherwise.
import {
  type Aval,
  add,
  type Backend,
  convert,
  equal,
  iota,
  mul,
  optimize,
  record,
  reshape,
  solvePositive,
  type Tensor,
  uploadAll,
} from "@hooke/runtime";
import { positiveSolver } from "./cholesky.ts";
import type { Vector } from "./vectors.ts";

/** Fewer unknowns are solved for sooner than a program is prepared. */
const fewest = 100;

/** `(D^-1 A D^-1 + damping) x = D^-1 b`, for symmetric matrices `A` of one size. */
export interface DampedSystem {
  /**
   * @param matrix row by row
   * @param unit the diagonal of `D`
   * @returns undefined if the damped matrix is not positive definite
   */
  solve(matrix: Vector, unit: Vector, right: Vector, damping: number): Promise<Vector | undefined>;
  free(): void;
}

export const dampedSystem = (backend: Backend, size: number): Promise<DampedSystem> | DampedSystem =>
  size < fewest || !backend.dtypes.includes("f64") ? onHost(size) : onBackend(backend, size);

const onHost = (size: number): DampedSystem => ({
  async solve(matrix, unit, right, damping) {
    const system = Float64Array.from(matrix);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) system[i * size + j]! /= unit[i]! * unit[j]!;
      system[i * size + i]! += damping;
    }
    return positiveSolver(system, size)?.(Float64Array.from(right, (value, i) => value / unit[i]!));
  },
  free() {},
});

async function onBackend(backend: Backend, size: number): Promise<DampedSystem> {
  const avals: readonly Aval[] = [[size, size], [size], [size], []].map((shape) => ({ shape, dtype: "f64" }));
  const damped = (...given: Tensor[]): Tensor => {
    const [matrix, scale, right, damping] = given as [Tensor, Tensor, Tensor, Tensor];
    const identity = convert(equal(iota([size, size], 0), iota([size, size], 1)), "f64");
    const scaled = mul(mul(matrix, reshape(scale, [size, 1])), reshape(scale, [1, size]));
    return solvePositive(add(scaled, mul(identity, damping)), mul(right, scale));
  };
  const program = await backend.prepare(optimize(record(damped, ...(avals as never[])).program));
  const inputs = uploadAll(
    backend,
    avals.map((aval) => ({ ...aval, data: new Float64Array(aval.shape.reduce((n, d) => n * d, 1)) })),
  );
  return {
    async solve(matrix, unit, right, damping) {
      const values = [matrix, Array.from(unit, (length) => 1 / length), right, [damping]];
      for (const [i, value] of values.entries())
        backend.write(inputs[i]!, { ...avals[i]!, data: Float64Array.from(value) });
      const [output] = program.run(inputs);
      const reading = backend.read(output!);
      backend.free(output!);
      const { data } = await reading;
      return data.every(Number.isFinite) ? (data as Vector) : undefined;
    },
    free() {
      program.free();
      for (const input of inputs) backend.free(input);
    },
  };
}

// The cases of the conformance suite that hold subnormal numbers, which TensorFlow and GPUs may take for zero, without these numbers.
import type { Backend, HostArray } from "@hooke/runtime";
import type { PrimitiveCase } from "./cases/case.ts";
import { primitiveCases } from "./cases/index.ts";
import { checkCase } from "./check.ts";

const noted = /special values of f32(?! to f64)/;
const smallest = 2 ** -126;

const isSubnormal = (x: number): boolean => x !== 0 && Math.abs(x) < smallest;

/** Cases of {@link primitiveCases} on every special value of f32. */
export const specialCases: readonly PrimitiveCase[] = [...primitiveCases()]
  .flatMap(([, cases]) => cases)
  .filter(({ note, inputs }) => noted.test(note) && inputs.some(({ dtype }) => dtype === "f32"));

/** Says where a backend differs from the reference once subnormal inputs are zero. */
export async function checkWithoutSubnormals(backend: Backend, entry: PrimitiveCase): Promise<string[]> {
  const problems = await checkCase(backend, { ...entry, inputs: entry.inputs.map(withoutSubnormals) });
  return problems.map((problem) => `${entry.primitive}: ${entry.note}: ${problem}`);
}

const withoutSubnormals = (given: HostArray): HostArray =>
  given.dtype === "f32" ? { ...given, data: Float32Array.from(given.data, (x) => (isSubnormal(x) ? 0 : x)) } : given;

// The cases of the conformance suite that hold subnormal numbers, which TensorFlow takes for zero, without these numbers.
import { type Backend, type HostArray, inferOutputs, interpret, type Node, Program } from "@hooke/runtime";
import { difference, type PrimitiveCase, primitiveCases } from "@hooke/testkit";

const noted = /special values of f32(?! to f64)/;
const smallest = 2 ** -126;

const isSubnormal = (x: number): boolean => x !== 0 && Math.abs(x) < smallest;

/** Cases of {@link primitiveCases} on every special value of f32. */
export const specialCases: readonly PrimitiveCase[] = [...primitiveCases()]
  .flatMap(([, cases]) => cases)
  .filter(({ note, inputs }) => noted.test(note) && inputs.some(({ dtype }) => dtype === "f32"));

/** Says where a backend differs from the reference once subnormal inputs are zero. */
export async function checkWithoutSubnormals(
  backend: Backend,
  { primitive, params, inputs: arrays, note }: PrimitiveCase,
): Promise<string[]> {
  const normal = arrays.map(withoutSubnormals);
  const inputs = normal.map(({ shape, dtype }) => ({ shape, dtype }));
  const outputs = inferOutputs(primitive, inputs, params).map(({ shape, dtype }) => ({ shape, dtype }));
  const node = { primitive, params, inputs, outputs, scope: "" } as unknown as Node;
  const program = new Program(inputs, [node], outputs);
  const executable = await backend.prepare(program);
  const buffers = normal.map((array) => backend.upload(array));
  const results = executable.run(buffers);
  const problems = await Promise.all(
    interpret(program, normal).map(async (truth, i) =>
      difference(await backend.read(results[i]!), truth, { relative: 1e-5 }),
    ),
  );
  for (const buffer of [...buffers, ...results]) backend.free(buffer);
  executable.free();
  return problems.flatMap((problem) => (problem === undefined ? [] : [`${primitive}: ${note}: ${problem}`]));
}

const withoutSubnormals = (given: HostArray): HostArray =>
  given.dtype === "f32" ? { ...given, data: Float32Array.from(given.data, (x) => (isSubnormal(x) ? 0 : x)) } : given;

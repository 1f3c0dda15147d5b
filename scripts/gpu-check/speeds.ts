// The three numbers by which a backend is chosen (docs/decisions/0007-choosing-a-backend.md), measured.
import { type Backend, matmul, optimize, record, type Speed, sum, type Tensor, tanh, zeros } from "@hooke/runtime";

/** Calls of a sample, whose median is taken. */
const samples = 7;

/** Milliseconds of a call of a function, in which its result is waited for once for all calls. */
async function millisecondsOf(
  backend: Backend,
  fn: (...args: Tensor[]) => Tensor,
  shapes: readonly (readonly number[])[],
  calls: number,
): Promise<number> {
  const arrays = shapes.map((shape) => zeros(shape, "f32"));
  for (const { data } of arrays) data.set(data.map((_, i) => Math.sin(i) / 8));
  const { program } = record(fn as (...args: never[]) => Tensor, ...(arrays as never[]));
  const executable = await backend.prepare(optimize(program));
  const inputs = arrays.map((array) => backend.upload(array));
  const run = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const [out] = executable.run(inputs);
      if (i === count - 1) await backend.read(out!);
      backend.free(out!);
    }
  };
  await run(calls);
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const start = performance.now();
    await run(calls);
    times.push((performance.now() - start) / calls);
  }
  for (const input of inputs) backend.free(input);
  return times.sort((a, b) => a - b)[samples >> 1]!;
}

/** Measures a backend. @param scale of the largest arrays, below 1 where a processor stands in for a GPU */
export async function speedOf(backend: Backend, scale = 1): Promise<Required<Speed>> {
  const chain = (x: Tensor): Tensor => Array.from({ length: 100 }).reduce<Tensor>((y) => tanh(matmul(y, y)), x);
  const launch = (1000 * (await millisecondsOf(backend, chain, [[4, 4]], 4))) / 200;
  const side = Math.round((4096 * scale) / 64) * 64;
  // Of each product one number is read: what is measured is not the way back.
  const product = await millisecondsOf(
    backend,
    (a, b) => sum(matmul(a!, b!)),
    [
      [side, side],
      [side, side],
    ],
    4,
  );
  const length = Math.round(2 ** 26 * scale * scale);
  const stream = await millisecondsOf(backend, (x) => sum(tanh(x!)), [[length]], 4);
  return { launch, gigaflops: (2 * side ** 3) / product / 1e6, gigabytes: (4 * length) / stream / 1e6 };
}

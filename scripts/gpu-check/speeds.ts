// The three numbers by which a backend is chosen (docs/decisions/0007-choosing-a-backend.md), measured one by one; `benchmarks/choice.ts` sets what they
// promise beside what programs take.
import {
  type Backend,
  matmul,
  neg,
  optimize,
  record,
  type Speed,
  sum,
  type Tensor,
  tanh,
  type Work,
  workOf,
  zeros,
} from "@hooke/runtime";

/** Calls of a sample, whose median is taken. */
const samples = 7;

/** What a call of a function computes, and its milliseconds where the result is waited for once for all calls. */
async function measure(
  backend: Backend,
  fn: (...args: Tensor[]) => Tensor,
  shapes: readonly (readonly number[])[],
  calls: number,
): Promise<{ readonly work: Work; readonly milliseconds: number }> {
  const arrays = shapes.map((shape) => zeros(shape, "f32"));
  for (const { data } of arrays) data.set(data.map((_, i) => Math.sin(i) / 8));
  const program = optimize(record(fn as (...args: never[]) => Tensor, ...(arrays as never[])).program);
  const executable = await backend.prepare(program);
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
  return { work: workOf(program), milliseconds: times.sort((a, b) => a - b)[samples >> 1]! };
}

/**
 * Measures a backend.
 *
 * @param launches what it launches
 * @param scale of the largest arrays, below 1 where a processor stands in for a GPU
 */
export async function speedOf(backend: Backend, launches: Speed["launches"], scale = 1): Promise<Speed> {
  const chain = (x: Tensor): Tensor => Array.from({ length: 100 }).reduce<Tensor>((y) => tanh(matmul(y, y)), x);
  const small = await measure(backend, chain, [[4, 4]], 4);
  const side = Math.round((4096 * scale) / 64) * 64;
  // Of each product one number is read: what is measured is not the way back.
  const product = await measure(
    backend,
    (a, b) => sum(matmul(a!, b!)),
    [
      [side, side],
      [side, side],
    ],
    4,
  );
  const stream = await measure(backend, (x) => sum(neg(x!)), [[Math.round(2 ** 26 * scale * scale)]], 4);
  return {
    launches,
    launch: (1000 * small.milliseconds) / small.work[launches].count,
    gigaflops: product.work.operations / product.milliseconds / 1e6,
    gigabytes: stream.work[launches].bytes / stream.milliseconds / 1e6,
  };
}

// Attention over long sequences: a gradient needs far less memory than the weights of all heads would take, with a mask and a bias that
// the heads share, too.
import { multiHeadAttention } from "@hooke/attention";
import { wasmBackend } from "@hooke/backend-wasm";
import { apply, type Extras, initialize, type TensorTree } from "@hooke/core";
import { array, compile, grad, type HostArray, square, sum, type Tensor } from "@hooke/runtime";
import { expect, it } from "vitest";

const [positions, width, heads] = [2048, 64, 8];
const weightBytes = heads * positions * positions * 4;

/** What each query sees, by its distance from the key. */
const byDistance = (fn: (distance: number) => number): Float32Array =>
  Float32Array.from({ length: positions ** 2 }, (_, i) => fn(Math.abs((i % positions) - Math.floor(i / positions))));
const shape = [1, 1, positions, positions];
const extras = {
  attentionMask: array(
    byDistance((distance) => Number(distance % 3 > 0)),
    { shape, dtype: "bool" },
  ),
  attentionBias: array(
    byDistance((distance) => -distance / 100),
    { shape },
  ),
};

/** Gradients in the parameters, and the WebAssembly memory that the program and its results take. */
async function differentiate(blockSize?: number): Promise<{ readonly bytes: number; readonly gradient: Float32Array }> {
  const backend = wasmBackend();
  const layer = multiHeadAttention({ units: width, heads, causal: true, ...(blockSize && { blockSize }) });
  const { params } = await initialize(backend, layer, [positions, width], 0);
  const x = array(
    Float32Array.from({ length: positions * width }, (_, i) => Math.sin(i)),
    { shape: [1, positions, width] },
  );
  const loss = (p: TensorTree, input: Tensor, given: Extras): Tensor =>
    sum(square(apply(layer, { params: p as never, state: {} }, input, { extras: given }).output));
  const before = backend.usedBytes;
  const gradient = compile(backend, ((p: TensorTree, input: Tensor, given: Extras) =>
    grad(loss)(p, input, given)) as never) as unknown as (
    ...args: unknown[]
  ) => Promise<{ readonly query: { readonly kernel: HostArray } }>;
  const { query } = await gradient(params, x, extras);
  return { bytes: backend.usedBytes - before, gradient: query.kernel.data as Float32Array };
}

it("at 2048 positions and 8 heads, a quarter of the weights' size is enough, and the gradient is the same", async () => {
  const tiled = await differentiate();
  const whole = await differentiate(positions);
  expect(tiled.bytes).toBeLessThan(weightBytes / 4);
  expect(whole.bytes).toBeGreaterThan(2 * weightBytes);
  const largest = whole.gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (const [i, value] of whole.gradient.entries()) {
    expect(Math.abs(tiled.gradient[i]! - value)).toBeLessThan(1e-4 * largest);
  }
});

// The plan of a training step as text, and names in the modules that run.
import {
  add,
  array,
  compile,
  grad,
  matmul,
  mean,
  mul,
  optimize,
  record,
  scan,
  sub,
  type Tensor,
  tanh,
  withScope,
  zeros,
} from "@hooke/runtime";
import { expect, it } from "vitest";
import { wasmBackend } from "../backend.ts";
import { type Explanation, explain, explainingBackend } from "./index.ts";

type Weights = readonly [Tensor, Tensor, Tensor];

/** One step of gradient descent on two layers. */
function step(weights: Weights, x: Tensor, y: Tensor): Tensor[] {
  const loss = ([w0, b0, w1]: Weights): Tensor => {
    const hidden = withScope("features.0", () => tanh(add(matmul(x, w0), b0)));
    const error = withScope("features.1", () => sub(matmul(hidden, w1), y));
    return withScope("loss", () => mean(mul(error, error)));
  };
  const gradients = grad(loss)(weights);
  return weights.map((weight, i) => sub(weight, mul(gradients[i]!, 0.1)));
}

const f32 = (...shape: number[]) => ({ shape, dtype: "f32" }) as const;
const weights = [f32(4, 16), f32(16), f32(16, 1)] as const;
const { program } = record(step, weights, f32(8, 4), f32(8, 1));

function namesOf(module: Uint8Array<ArrayBuffer>): string {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(module), "name");
  return new TextDecoder().decode(section);
}

it("prints the plan of a training step", async () => {
  const { text } = await explain(optimize(program), { donate: [0, 1, 2] });
  expect(text).toMatchInlineSnapshot(`
    "26 operations in 12 kernels; 1792 B of workspace, 512 B of scratch
        kernel                               over                     reads  writes
    0   dot @ features.0                     f32[8, 4], f32[4, 16]    384 B   512 B
    1   loop add tanh @ features.0           f32[8, 16]               576 B   512 B
    2   dot @ features.1                     f32[8, 16], f32[16, 1]   576 B    32 B
    3   loop sub mul add @ features.1, loss  f32[8, 1]                 64 B    32 B
    4   dot @ features.1                     f32[8, 16], f32[8, 1]    544 B    64 B
    5   dot @ features.1                     f32[8, 1], f32[16, 1]     96 B   512 B
    6   loop mul*2 sub @ features.0          f32[8, 16]              1024 B   512 B
    7   sum @ features.0                     f32[8, 16]               512 B    64 B
    8   dot @ features.0                     f32[8, 4], f32[8, 16]    640 B   256 B
    9   loop mul sub                         f32[4, 16]               512 B   256 B
    10  loop mul sub                         f32[16]                  128 B    64 B
    11  loop mul sub                         f32[16, 1]               128 B    64 B"
  `);
});

it("names the functions of kernels, of what they share, and their parts", async () => {
  const { module } = await explain(optimize(program));
  const names = namesOf(module);
  for (const name of ["main", "dot @ features.0", "loop add tanh @ features.0", 'gemm {"m":8,"n":16'])
    expect(names).toContain(name);
});

it("shows the kernels of a loop's body, and copies", async () => {
  const run = (w: Tensor, xs: Tensor) =>
    scan((h: Tensor, x: Tensor) => [tanh(add(matmul(h, w), x)), h] as const, zeros([1, 2]), xs);
  const { text } = await explain(optimize(record(run, f32(2, 2), f32(5, 1, 2)).program));
  expect(text).toMatchInlineSnapshot(`
    "5 operations in 4 kernels; 448 B of workspace, 0 B of scratch
         kernel                              over                  reads  writes
    0    scan                                5 steps                64 B    48 B
    0.0  dot                                 f32[1, 2], f32[2, 2]   24 B     8 B
    0.1  loop add tanh                       f32[1, 2]              16 B     8 B
    0.2  copy to its place, before all else  f32[1, 2]               8 B     8 B"
  `);
});

it("says which steps are computed side by side, and what they do in turn", async () => {
  const run = (w: Tensor, xs: Tensor, start: Tensor) =>
    scan((total: Tensor, x: Tensor) => [add(total, tanh(matmul(x, w))), []] as const, start, xs)[0];
  const { text } = await explain(optimize(record(run, f32(64, 64), f32(20, 64, 64), f32(64, 64)).program));
  expect(text).toMatchInlineSnapshot(`
    "4 operations in 4 kernels; 263 kB of workspace, 0 B of scratch, 16.6 kB of each thread's own
         kernel             over                         reads   writes
    0    scan               20 steps, 16 side by side   360 kB  16.4 kB
    0.0  dot                f32[64, 64], f32[64, 64]   32.8 kB  16.4 kB
    0.1  loop tanh          f32[64, 64]                16.4 kB  16.4 kB
    0.2  in turn: loop add  f32[64, 64]                32.8 kB  16.4 kB"
  `);
});

it("says which loops are computed in blocks of rows", async () => {
  const run = (w: Tensor, xs: Tensor, start: Tensor) =>
    scan((h: Tensor, x: Tensor) => [tanh(add(matmul(h, w), x)), []] as const, start, xs)[0];
  const { text } = await explain(optimize(record(run, f32(64, 64), f32(20, 64, 64), f32(64, 64)).program));
  expect(text).toMatchInlineSnapshot(`
    "4 operations in 3 kernels; 192 B of workspace, 0 B of scratch, 4288 B of each thread's own, 16.4 kB that pieces share
         kernel         over                             reads   writes
    0    scan           20 steps, in 4 blocks of rows   360 kB  16.4 kB
    0.0  dot            f32[16, 64], f32[64, 64]       20.5 kB   4096 B
    0.1  loop add tanh  f32[16, 64]                     8192 B   4096 B"
  `);
});

it("tells how each program of a run is computed, and computes the same", async () => {
  const told: Explanation[] = [];
  const arrays = [0, 1].map((seed) =>
    array(
      Float32Array.from({ length: 40 }, (_, i) => Math.sin(i + seed)),
      { shape: [5, 8] },
    ),
  );
  const product = (a: Tensor, b: Tensor): Tensor => tanh(matmul(a, b, { transposeB: true }));
  const [a, b] = arrays as [(typeof arrays)[0], (typeof arrays)[0]];
  const explained = await compile(
    explainingBackend((explanation) => told.push(explanation)),
    product,
  )(a, b);
  expect(explained).toEqual(await compile(wasmBackend(), product)(a, b));
  expect(told.map(({ text }) => text.split("\n").length)).toEqual([4]);
  expect(namesOf(told[0]!.module)).toContain("loop tanh");
});

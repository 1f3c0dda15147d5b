// What memory programs take, beside what they cannot do without.
import { exp, matmul, optimize, record, scan, sum, type Tensor, tanh } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type ExplainOptions, explain } from "./index.ts";

const f32 = (...shape: number[]) => ({ shape, dtype: "f32" }) as const;
type Fn = (...args: Tensor[]) => Tensor | Tensor[];
const memoryOf = async (fn: Fn, shapes: readonly number[][], options?: ExplainOptions) =>
  (await explain(optimize(record(fn, ...shapes.map((shape) => f32(...shape))).program), options)).memory;

describe("memory", () => {
  it("is that of inputs, outputs and what is between kernels at one time", async () => {
    const three: Fn = (x) => matmul(exp(matmul(exp(matmul(x!, x!)), x!)), x!);
    const { parts, bound, alive, peak, text } = await memoryOf(three, [[64, 64]]);
    const array = 4 * 64 * 64;
    expect([parts.inputs, parts.outputs, parts.constants, parts.scratch]).toEqual([array, array, 0, 0]);
    expect(alive.map(({ array, bytes }) => [array, bytes])).toEqual([
      ["f32[64, 64]", array],
      ["f32[64, 64]", array],
    ]);
    expect(bound).toBe(4 * array);
    expect(peak).toBe(Object.values(parts).reduce((a, b) => a + b));
    // Beside both: addresses, and cache lines between arrays of whole pages.
    expect(parts.temporaries - 2 * array).toBeLessThan(512);
    expect(text).toContain("65.5 kB are needed at the same time");
  });

  it("is not taken twice for what takes over an input", async () => {
    const update: Fn = (x) => exp(x!);
    expect((await memoryOf(update, [[64]])).parts.outputs).toBe(256);
    expect((await memoryOf(update, [[64]], { donate: [0] })).parts.outputs).toBe(0);
  });

  it("is shared by the bodies of loops with what ended before, or begins after", async () => {
    const side = 64;
    const loops: Fn = (x, w) => {
      const body = (state: Tensor): readonly [Tensor, readonly []] => [tanh(matmul(exp(matmul(state, w!)), w!)), []];
      const before = exp(matmul(x!, w!));
      const [once] = scan(body, matmul(before, w!), [], { length: 3 });
      const [twice] = scan(body, once, [], { length: 3 });
      return sum(twice);
    };
    const { parts, bound } = await memoryOf(loops, [
      [side, side],
      [side, side],
    ]);
    const temporaries = bound - parts.inputs - parts.outputs - parts.constants;
    expect(temporaries).toBeLessThanOrEqual(5 * 4 * side * side);
    expect(parts.temporaries).toBeLessThan(1.1 * temporaries);
  });

  it("grows with threads, for scratch and steps side by side", async () => {
    const loop: Fn = (w, xs, start) =>
      scan((total: Tensor, x: Tensor) => [total, tanh(matmul(x, w!))] as const, start!, xs!)[1];
    const shapes = [
      [64, 64],
      [20, 64, 64],
      [64, 64],
    ];
    const [one, three] = await Promise.all([1, 3].map((threads) => memoryOf(loop, shapes, { threads })));
    expect(three!.parts.scratch).toBe(3 * one!.parts.scratch);
    expect(three!.parts.temporaries).toBeGreaterThan(one!.parts.temporaries);
  });
});

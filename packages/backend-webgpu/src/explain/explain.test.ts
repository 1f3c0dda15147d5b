// What people read of a program on WebGPU.
import { add, matmul, optimize, record, scan, sum, type Tensor, tanh, withScope } from "@hooke/runtime";
import { expect, it } from "vitest";
import { explain } from "./index.ts";

const f32 = (...shape: number[]) => ({ shape, dtype: "f32" }) as const;

it("says what is fused into which kernel, for which layer, in how many launches", () => {
  const layer = (x: Tensor, w: Tensor) => sum(withScope("first", () => tanh(add(matmul(x, w), 1))));
  const { text, launches, kernels } = explain(optimize(record(layer, f32(64, 800), f32(800, 64)).program));
  expect(text).toMatch(/^5 operations in 2 kernels; /);
  expect(text).toMatch(/dot @ first {2,}f32\[64, 800\], f32\[800, 64\]; 2 launches/);
  expect(text).toMatch(/sum of add tanh @ first {2,}f32\[64, 64\] +16/);
  expect(launches).toBe(3);
  expect(kernels[0]!.label).toBe("dot @ first");
  expect(kernels[0]!.code).toContain("@compute");
});

it("counts the launches of all steps of a loop", () => {
  const sums = (x: Tensor) => scan((carry: Tensor, row: Tensor) => [add(carry, sum(row)), carry] as const, 0, x)[1];
  const { text, launches } = explain(optimize(record(sums, f32(8, 4)).program));
  expect(text).toContain("8 steps");
  // The zero that is carried first is written, and put in its place; each step copies what it has out, sums a row and adds.
  expect(launches).toBe(2 + 8 * 3);
});

it("refuses what it does not know", () => {
  const { program } = record((x: Tensor) => tanh(x), f32(4));
  expect(() => explain(program, { onProcesor: true } as never)).toThrow(/onProcessor/);
  expect(() => explain(program, { donate: [1] })).toThrow(/donate/);
});

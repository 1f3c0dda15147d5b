// What people read of a plan: the same table for every backend, with the engines where there are several.
import {
  add,
  less,
  matmul,
  optimize,
  type Program,
  record,
  scan,
  sort,
  sum,
  type Tensor,
  tanh,
  withScope,
} from "@hooke/runtime";
import { expect, it } from "vitest";
import type { Kernel } from "../kernel.ts";
import { Layout } from "../layout.ts";
import { planProgram } from "../plan.ts";
import { platform } from "../platform.fixture.ts";
import { planScan } from "../scan/index.ts";
import { type Notes, rowsOf, textOf } from "./index.ts";

function explained(program: Program, notes: Omit<Notes, "layout"> = {}, alike: Partial<typeof platform> = {}): string {
  const layout = new Layout({ ...platform, ...alike });
  const place = () => layout.behind(layout.reserve(4), false);
  const targets = program.outputs.map(() => ({ place: place() }));
  const plan = planProgram(program, layout, program.inputs.map(place), targets, { planScan });
  return textOf(program, rowsOf(plan, { layout, ...notes }), "nothing else");
}

const f32 = (...shape: number[]) => ({ shape, dtype: "f32" }) as const;
const layer = (x: Tensor, w: Tensor) => sort(withScope("first", () => tanh(add(matmul(x, w), 1))));
const { program } = record(layer, f32(8, 4), f32(4, 16));

it("says what is fused into which kernel, for which layer", () => {
  expect(explained(optimize(program))).toBe(
    `
5 operations in 3 kernels; nothing else
   kernel                 over                   reads  writes
0  dot @ first            f32[8, 4], f32[4, 16]  384 B   512 B
1  loop add tanh @ first  f32[8, 16]             512 B   512 B
2  sort                   f32[8, 16]             512 B   512 B`.trim(),
  );
});

it("says which engine runs what, how, and what else a backend notes", () => {
  const isRoutine = (kernel: Kernel, primitive: string): boolean =>
    kernel.kind === "routine" && kernel.node.primitive === primitive;
  const notes: Partial<Notes> = {
    engineOf: (kernel) => (isRoutine(kernel, "sort") ? "tfjs" : "WGSL"),
    wayOf: (kernel) => (isRoutine(kernel, "dot") ? "in tiles" : undefined),
    remarksOf: (kernel) => (isRoutine(kernel, "sort") ? ["3 launches"] : []),
  };
  expect(explained(optimize(program), notes)).toBe(
    `
5 operations in 3 kernels (2 by WGSL, 1 by tfjs); nothing else
   kernel                 engine  over                    reads  writes
0  dot in tiles @ first   WGSL    f32[8, 4], f32[4, 16]   384 B   512 B
1  loop add tanh @ first  WGSL    f32[8, 16]              512 B   512 B
2  sort                   tfjs    f32[8, 16]; 3 launches  512 B   512 B`.trim(),
  );
});

it("leaves the engine of a loop to what runs in it", () => {
  const sums = (x: Tensor) => scan((carry: Tensor, row: Tensor) => [add(carry, sum(row)), carry] as const, 0, x)[1];
  const lines = explained(optimize(record(sums, f32(8, 4)).program), { engineOf: () => "WGSL" }).split("\n");
  expect(lines.map((line) => line.trimEnd().split(/ {2,}/).slice(0, 3))).toEqual([
    ["4 operations in 5 kernels (3 by WGSL); nothing else"],
    ["", "kernel", "engine"],
    ["0", "copy", "WGSL"],
    ["1", "scan", "8 steps"],
    ["1.0", "sum", "WGSL"],
    ["1.1", "loop add", "WGSL"],
    ["1.2", "copy to its place, before all else", "f32[]"],
  ]);
});

it("counts the bytes that elements take on the platform", () => {
  const isLess = record((x: Tensor) => less(x, 0), f32(8)).program;
  expect(explained(isLess)).toMatch(/32 B {5}8 B$/);
  expect(explained(isLess, {}, { elementBytes: { ...platform.elementBytes, bool: 4 } })).toMatch(/32 B {4}32 B$/);
});

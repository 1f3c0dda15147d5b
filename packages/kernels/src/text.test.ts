// Kernels of more workgroups than one row of the grid holds, and the names in kernels.
import { add, optimize, record, type Tensor } from "@hooke/runtime";
import { expect, test } from "vitest";
import { printProgram } from "./print.ts";
import { launchesOf } from "./program.ts";
import { Text } from "./text.ts";
import { wgsl } from "./wgsl/wgsl.ts";

test.each([
  [32_768, false],
  [40_000, true],
  [65_536, false],
])("of %i workgroups those beyond the last element end: %s", (workgroups, isGuarded) => {
  // A thread computes four elements, a workgroup has 64 threads.
  const { program } = record((x: Tensor) => add(x, 1), { shape: [4 * 64 * workgroups], dtype: "f32" });
  const [launch] = launchesOf(printProgram({ dialect: wgsl, onProcessor: false }, optimize(program)).steps);
  expect(launch!.code.includes(`if (index >= ${64 * workgroups}u) { return; }`)).toBe(isGuarded);
});

test("no name is that of a type, however many there are", () => {
  const text = new Text(wgsl, 0);
  const names = Array.from({ length: 70 }, () => ["i", "u", "f"].map((prefix) => text.name(prefix))).flat();
  for (const type of ["i32", "u32", "f32", "f16"]) expect(names).not.toContain(type);
  expect(new Set(names).size).toBe(names.length);
});

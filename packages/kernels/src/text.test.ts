// Kernels of more workgroups than one row of the grid holds.
import { add, optimize, record, type Tensor } from "@hooke/runtime";
import { expect, test } from "vitest";
import { printProgram } from "./print.ts";
import { launchesOf } from "./program.ts";
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

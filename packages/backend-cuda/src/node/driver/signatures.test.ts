// What is called is what NVIDIA's header declares: a compiler compares prototypes, structures and values.
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { accessDescription, allocationProperties, constants, deadly, kernelNode, launchParameters } from "./layouts.ts";
import { driverSignatures } from "./signatures.ts";
import { header, lacks } from "./stand-in.fixture.ts";

/** What a compiler says of a text behind the header: nothing, if it agrees. */
function saidOf(...lines: readonly string[]): string {
  const text = ["#include <cuda.h>", "#include <stddef.h>", ...lines].join("\n");
  const given = ["-std=c++17", "-fsyntax-only", "-I", dirname(header!), "-x", "c++", "-"];
  return String(spawnSync("g++", given, { input: text }).stderr);
}
const isSame = (found: string, expected: number | bigint): string => `static_assert((${found}) == ${expected}, "");`;

/** Not in the header of CUDA 13, whose libraries have it as before. */
const older = ["cuCtxCreate_v2"];

describe.skipIf(lacks)(`the driver's header${lacks ? ` (skipped: ${lacks})` : ""}`, () => {
  test("declares the functions with these parameters", () => {
    const prototypes = Object.entries(driverSignatures)
      .filter(([name]) => !older.includes(name))
      .map(([name, parameters]) => [
        // Known before, and not another function of the same name.
        `static_assert(sizeof(&${name}), "");`,
        `extern "C" CUresult ${name}(${parameters});`,
      ]);
    expect(saidOf(...prototypes.flat())).toBe("");
    expect(saidOf('extern "C" CUresult cuInit(int flags);')).toContain("cuInit");
  });

  test("has structures of this form", () => {
    const lines = [kernelNode, allocationProperties, accessDescription].flatMap(({ name, bytes, at }) => [
      isSame(`sizeof(${name})`, bytes),
      ...Object.entries(at).map(([field, offset]) => isSame(`offsetof(${name}, ${field})`, offset)),
    ]);
    expect(saidOf(...lines)).toBe("");
  });

  test("has these values", () => {
    const values = Object.entries({ ...constants, ...deadly }).map(([name, value]) => isSame(name, value));
    const pointers = Object.entries(launchParameters).map(([name, value]) => isSame(`${name}_AS_INT`, value));
    expect(saidOf(...values, ...pointers)).toBe("");
  });
});

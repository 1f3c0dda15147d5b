// Kernels as another compiler and another driver take them: wgpu and its naga, which Firefox has too, on Mesa's lavapipe where that is.
// `deno run --allow-all node_modules/vitest/vitest.mjs run --project alone packages/backend-webgpu` runs all tests of this package so.
import { fileURLToPath } from "node:url";
import type { History } from "@hooke/core";
import { runInDeno, skippedInDeno } from "@hooke/testkit/deno";
import type { CheckResult } from "@hooke/testkit/suite";
import { describe, expect, test } from "vitest";

const fixture = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe.skipIf(skippedInDeno)(`WebGPU in Deno${skippedInDeno}`, () => {
  test("a training has the losses of WebAssembly", async () => {
    const [expected, found] = await Promise.all(
      ["wasm", "webgpu"].map(async (backend) => {
        const { history } = JSON.parse(await runInDeno(fixture("train.fixture.ts"), backend)) as { history: History };
        return history.flatMap(({ loss, validation }) => [loss, validation!.loss]);
      }),
    );
    expect(found).toHaveLength(expected!.length);
    for (const [i, loss] of found!.entries()) expect(Math.abs(loss / expected![i]! - 1)).toBeLessThan(1e-3);
  });

  test("a case of every primitive, and checks of every group of the suite, agree with the reference", async () => {
    const results = JSON.parse(await runInDeno(fixture("deno.fixture.ts"))) as CheckResult[];
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    expect(results.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(100);
  });
});

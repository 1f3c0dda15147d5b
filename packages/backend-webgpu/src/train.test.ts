// A whole training on WebGPU follows the one on WebAssembly, and the process that ran it ends by itself.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { History } from "@hooke/core";
import { describe, expect, test } from "vitest";
import { skipped, status } from "./gpu.fixture.ts";

async function losses(backend: string): Promise<number[]> {
  const script = fileURLToPath(new URL("train.fixture.ts", import.meta.url));
  // A crash on the way out, or work that keeps the process alive, rejects.
  const { stdout } = await promisify(execFile)(process.execPath, [script, backend], { timeout: 60_000 });
  const { history } = JSON.parse(stdout) as { history: History };
  return history.flatMap(({ loss, validation }) => [loss, validation!.loss]);
}

describe.skipIf(!status.available)(`training on WebGPU${skipped}`, () => {
  test("gives the losses of WebAssembly, in a process that ends cleanly", async () => {
    const [expected, found] = [await losses("wasm"), await losses("webgpu")];
    expect(found).toHaveLength(expected.length);
    for (const [i, loss] of found.entries()) expect(Math.abs(loss / expected[i]! - 1)).toBeLessThan(1e-3);
  }, 90_000);
});

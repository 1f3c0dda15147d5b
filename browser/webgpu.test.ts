// WebGPU in headless Chromium: the flags give an adapter.

import { beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./harness/bundle.ts";
import { launch, open, skipped } from "./harness/chromium.ts";
import { endGpuProcesses } from "./harness/gpu-process.ts";
import { serve } from "./harness/serve.ts";
import type {} from "./pages/faults.ts";

test.skipIf(skipped)(`navigator.gpu gives an adapter and a device${skipped}`, async () => {
  const site = await serve(new Map([["/empty.js", ""]]), { isolated: false });
  const browser = await launch();
  try {
    const { page } = await open(browser, `${site.origin}/empty`);
    const found = await page.evaluate(async () => {
      const adapter = await navigator.gpu.requestAdapter();
      const device = await adapter?.requestDevice();
      return { vendor: adapter?.info.architecture, hasDevice: device !== undefined };
    });
    expect(found).toEqual({ vendor: "swiftshader", hasDevice: true });
  } finally {
    await browser.close();
    await site.close();
  }
});

describe.skipIf(skipped)(`what fails on the GPU of a page${skipped}`, () => {
  let found: Awaited<ReturnType<typeof window.faults>>;
  let recovered: Awaited<ReturnType<typeof window.recovery>>;
  beforeAll(async () => {
    const [browser, scripts] = await Promise.all([launch(), bundle(["faults"])]);
    const site = await serve(scripts, { isolated: false });
    try {
      const { page, check } = await open(browser, `${site.origin}/faults`);
      found = await page.evaluate(() => window.faults());
      await page.exposeFunction("endGpu", endGpuProcesses);
      recovered = await page.evaluate(() => window.recovery());
      check();
    } finally {
      await browser.close();
      await site.close();
    }
  });

  const notValid = "[^.]\\. The results of this run are not valid\\.$";

  test.each([
    ["shader", /^backend webgpu: the kernel "loop tanh" does not compile: line 1, /],
    ["bindGroup", new RegExp(`^backend webgpu: Number of entries[\\s\\S]*loop tanh[\\s\\S]*${notValid}`)],
    [
      "memory",
      /^backend webgpu: \w+: the device has no memory left [\s\S]*\. Use smaller batches .* The results of this run /,
    ],
    ["size", /^backend webgpu: the output .* takes 4096 MiB; .*Use smaller batches or arrays, or the backend wasm\.$/],
  ] as const)("%s: the primitive is named, and the backend goes on", (name, expected) => {
    expect(found[name].message).toMatch(expected);
    expect(found[name].next).toBe("0");
  });

  test("loss of the device: how to go on is said, every time", () => {
    const { message, next } = found.loss;
    expect(message).toMatch(/^backend webgpu: the GPU device was lost .*fit\(\{ \.\.\., resume: checkpoint \}\)\.$/);
    expect(next).toBe(message);
  });

  test("a training whose device is lost, and all of the GPU process, goes on by itself, to the same bits", () => {
    expect(recovered.lost).toBe(recovered.whole);
    // The state is copied behind a loss, after one more batch.
    expect(recovered.told).toEqual([2, 1]);
  });

  test("a prediction opens another device, and is the same", () => {
    const [before, after] = recovered.predicted;
    expect(after).toBe(before);
  });
});

// WebGPU in headless Chromium: the flags give an adapter.

import { expect, test } from "vitest";
import { launch, open, skipped } from "./harness/chromium.ts";
import { serve } from "./harness/serve.ts";

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

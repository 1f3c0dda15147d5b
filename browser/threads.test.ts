// Threads in Chromium: the bits of Node on a page's main thread, with workers where the page is cross-origin isolated and may start
// them, and without elsewhere.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./harness/bundle.ts";
import { closePages, open, sharedBrowser, skipped } from "./harness/chromium.ts";
import { type ServeOptions, serve } from "./harness/serve.ts";
import { runThreads } from "./pages/threads.ts";

describe.skipIf(skipped)(`threads in Chromium${skipped}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await sharedBrowser();
  });
  afterAll(() => closePages(browser));

  test.each<[string, ServeOptions, number]>([
    ["a page that is not isolated has one thread", { isolated: false }, 0],
    ["an isolated page has workers", { isolated: true }, 2],
    [
      "an isolated page whose policy forbids them computes alone",
      { isolated: true, policy: "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'" },
      0,
    ],
  ])("%s", async (_, options, workers) => {
    const site = await serve(await bundle(["threads"]), options);
    try {
      const { page, check } = await open(browser, `${site.origin}/threads`);
      const found = await page.evaluate(() => window.runThreads(3));
      check();
      await page.close();
      expect(found.numbers).toEqual((await runThreads(1)).numbers);
      if (workers > 0) expect(found.workers).toBe(workers);
    } finally {
      await site.close();
    }
  });
});

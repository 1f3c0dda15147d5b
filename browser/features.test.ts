// Features in Chromium: kept in Cache Storage, they outlive the page; damaged or of another network, they are computed again.

import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./harness/bundle.ts";
import { closePages, open, sharedBrowser, skipped } from "./harness/chromium.ts";
import { type Site, serve } from "./harness/serve.ts";
import { type FeatureRun, runFeatures } from "./pages/features.ts";

describe.skipIf(skipped)(`features in Chromium${skipped}`, () => {
  let browser: Browser;
  let context: BrowserContext;
  let site: Site;
  beforeAll(async () => {
    site = await serve(await bundle(["features"]), { isolated: false });
    browser = await sharedBrowser();
    context = await browser.newContext();
  });
  afterAll(async () => {
    await closePages(browser);
    await site?.close();
  });

  const visit = async <R>(use: (page: Awaited<ReturnType<typeof open>>["page"]) => Promise<R>): Promise<R> => {
    const { page, check } = await open(context, `${site.origin}/features`);
    const found = await use(page);
    check();
    await page.close();
    return found;
  };
  const run = (count: number, seed: number): Promise<FeatureRun> =>
    visit((page) => page.evaluate(([images, start]) => window.runFeatures(images, start), [count, seed] as const));

  test("outlive the page, are few when many are known, and are computed again where damaged or of another network", async () => {
    const first = await run(5, 0);
    expect([first.cached, first.shape]).toEqual([0, [5, 3]]);
    expect(await run(5, 0)).toEqual({ ...first, cached: 5 });
    expect((await run(8, 0)).cached).toBe(5);
    expect((await run(5, 1)).cached).toBe(0);
    expect(await visit((page) => page.evaluate(() => window.damageFeatures()))).toBe(13);
    expect(await run(5, 0)).toEqual(first);
    expect(await run(5, 0)).toEqual({ ...first, cached: 5 });
  });

  test("are refused where there is no Cache Storage", async () => {
    const { caches } = globalThis;
    expect(caches).toBeUndefined();
    await expect(runFeatures(5, 0)).rejects.toThrow(
      "featureStorage: there is no Cache Storage here; serve the page by https",
    );
  });
});

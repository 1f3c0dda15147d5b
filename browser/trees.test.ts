// Trees in Chromium: fitted there they have the bits of Node, and a file of Node predicts and explains the same there.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./harness/bundle.ts";
import { closePages, open, sharedBrowser, skipped } from "./harness/chromium.ts";
import { type Site, serve } from "./harness/serve.ts";
import { askTrees, fitTrees } from "./pages/trees.ts";

describe.skipIf(skipped)(`trees in Chromium${skipped}`, () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    site = await serve(await bundle(["trees"]), { isolated: false });
    browser = await sharedBrowser();
  });
  afterAll(async () => {
    await closePages(browser);
    await site?.close();
  });

  test("have the bits of Node, fitted, opened and explained", async () => {
    const { page, check } = await open(browser, `${site.origin}/trees`);
    const inNode = await fitTrees();
    expect(await page.evaluate(() => window.fitTrees())).toEqual(inNode);
    expect(await page.evaluate((files) => window.askTrees(files), inNode)).toEqual(await askTrees(inNode));
    check();
  });
});

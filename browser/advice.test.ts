// Advice in Chromium: the same table leads to the verdict of Node, with errors of eight digits.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./harness/bundle.ts";
import { closePages, open, sharedBrowser, skipped } from "./harness/chromium.ts";
import { type Site, serve } from "./harness/serve.ts";
import { adviseOnTable } from "./pages/advice.ts";

describe.skipIf(skipped)(`advice in Chromium${skipped}`, () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    site = await serve(await bundle(["advice"]), { isolated: false });
    browser = await sharedBrowser();
  });
  afterAll(async () => {
    await closePages(browser);
    await site?.close();
  });

  test("is that of Node", async () => {
    const { page, check } = await open(browser, `${site.origin}/advice`);
    const inNode = await adviseOnTable();
    for (const method of ["Gaussian process", "blend"]) expect(inNode).toContain(`"method": "${method}"`);
    expect(await page.evaluate(() => window.adviseOnTable())).toBe(inNode);
    check();
  });
});

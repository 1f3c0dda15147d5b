// The watch on a page's main thread sees what it is there to see.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { closePages, open, sharedBrowser, skipped } from "./harness/chromium.ts";
import { watchMainThread } from "./harness/long-tasks.ts";
import { serve } from "./harness/serve.ts";

/** Work, not time: on a slow or busy machine it takes longer, never less. */
const compute = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    let sum = 0;
    for (let i = 0; i < 2e8; i++) sum += Math.sqrt(i);
    return sum;
  });

test.skipIf(skipped)(`a task that computes too long is seen, a page that waits is not blamed${skipped}`, async () => {
  const site = await serve(new Map([["/empty.js", ""]]), { isolated: false });
  const browser = await sharedBrowser();
  try {
    const { page } = await open(browser, `${site.origin}/empty`);
    const idle = await watchMainThread(browser, page, () =>
      page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300))),
    );
    expect(idle.longTasks).toEqual([]);
    const blocked = await watchMainThread(browser, page, () => compute(page));
    expect(blocked.longTasks.length).toBeGreaterThan(0);
    const { page: neighbour } = await open(browser, `${site.origin}/empty`);
    const beside = await watchMainThread(browser, page, () => compute(neighbour));
    expect(beside.longTasks).toEqual([]);
  } finally {
    await closePages(browser);
    await site.close();
  }
});

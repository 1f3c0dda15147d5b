// The conformance suite in a page: bundle it, serve it, run it, bring the results back.

import { type CheckResult, knownDifferences } from "@hooke/testkit/suite";
import type { Browser } from "playwright-core";
import { bundle } from "./bundle.ts";
import { open } from "./chromium.ts";
import { serve } from "./serve.ts";

// Millions of terms take minutes in a page without a GPU.
const slow = { "long sums": "the same kernels run it in Node" };

/** Runs the whole suite in a page of its own. */
export async function conformanceInPage(browser: Browser, backend: "wasm" | "webgpu"): Promise<CheckResult[]> {
  const site = await serve(await bundle(["conformance"]), { isolated: false });
  try {
    const { page, check } = await open(browser, `${site.origin}/conformance`);
    const results = await page.evaluate(([name, skip]) => window.runConformance(name, skip), [
      backend,
      backend === "webgpu" ? { ...knownDifferences.webgpu, ...slow } : {},
    ] as const);
    check();
    await page.close();
    return results;
  } finally {
    await site.close();
  }
}

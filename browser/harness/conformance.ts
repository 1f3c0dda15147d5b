// The conformance suite in a page: bundle it, serve it, run it, bring the results back.

import { type CheckResult, knownDifferences } from "@hooke/testkit/suite";
import type { Browser } from "playwright-core";
import { bundle } from "./bundle.ts";
import { open } from "./chromium.ts";
import { serve } from "./serve.ts";

/**
 * Runs the suite in a page of its own.
 *
 * @param others what runs besides: third derivatives, layers and trainings, as `group: name`
 * @param skip what of the suite does not, with reasons
 */
export async function conformanceInPage(
  browser: Browser,
  backend: "wasm" | "webgpu",
  others: readonly string[],
  skip: Readonly<Record<string, string>> = {},
): Promise<CheckResult[]> {
  const site = await serve(await bundle(["conformance"]), { isolated: false });
  try {
    const { page, check } = await open(browser, `${site.origin}/conformance`);
    const results = await page.evaluate(
      ([name, skipped, terms, titles]) => window.runConformance(name, skipped, terms, titles),
      [
        backend,
        { ...skip, ...(backend === "webgpu" && knownDifferences.webgpu) },
        // Millions of terms take a minute without a GPU.
        backend === "webgpu" ? 1e4 : 1e6,
        others,
      ] as const,
    );
    check();
    await page.close();
    return results;
  } finally {
    await site.close();
  }
}

// The conformance suite in a page: bundle it, serve it, run it, bring the results back.

import type { CheckResult } from "@hooke/testkit/suite";
import type { Browser } from "playwright-core";
import { bundle } from "./bundle.ts";
import { open } from "./chromium.ts";
import { serve } from "./serve.ts";

const subnormal = "WGSL lets a GPU take subnormal numbers for zero";
const faraway = "beyond 1e5 the angle is not reduced exactly; the result is NaN";

/** What backends cannot do, in Node and in browsers alike, and why. The tests of each backend state the same. */
export const skips = {
  wasm: {},
  webgpu: {
    "sin: special values of f32": faraway,
    "cos: special values of f32": faraway,
    "tan: special values of f32": faraway,
    "mul: pairs of special values of f32": subnormal,
    "div: pairs of special values of f32": subnormal,
    "rem: pairs of special values of f32": subnormal,
    "pow: pairs of special values of f32": subnormal,
  },
} as const;

/** Runs the whole suite in a page of its own. */
export async function conformanceInPage(browser: Browser, backend: "wasm" | "webgpu"): Promise<CheckResult[]> {
  const site = await serve(await bundle(["conformance"]), { isolated: false });
  try {
    const { page, check } = await open(browser, `${site.origin}/conformance`);
    const results = await page.evaluate(([name, skip]) => window.runConformance(name, skip), [
      backend,
      skips[backend],
    ] as const);
    check();
    await page.close();
    return results;
  } finally {
    await site.close();
  }
}

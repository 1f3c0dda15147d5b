// The conformance suite in a page: bundle it, serve it, run it, bring the results back.

import { type CheckResult, knownDifferences } from "@hooke/testkit/suite";
import { bundle } from "./bundle.ts";
import { serve } from "./serve.ts";

/** What WebGPU runs, for `leftOut`. */
export const onWebgpu = { dtypes: ["f32", "i32", "u32", "bool"] } as const;

/** Opens a page of a browser, and has it evaluate an expression: JSON, or a promise of it. */
export type Evaluate = (url: string, expression: string) => Promise<unknown>;

/**
 * Runs the suite in a page of its own.
 *
 * @param others what runs besides: third derivatives, layers and trainings, as `group: name`
 * @param skip what of the suite does not, with reasons
 */
export async function conformanceInPage(
  evaluate: Evaluate,
  backend: "wasm" | "webgpu",
  others: readonly string[],
  skip: Readonly<Record<string, string>> = {},
): Promise<CheckResult[]> {
  const site = await serve(await bundle(["conformance"]), { isolated: false });
  try {
    const args = [
      backend,
      { ...skip, ...(backend === "webgpu" && knownDifferences.webgpu) },
      // Millions of terms take a minute without a GPU.
      backend === "webgpu" ? 1e4 : 1e6,
      others,
    ];
    const given = args.map((each) => JSON.stringify(each)).join(", ");
    return (await evaluate(`${site.origin}/conformance`, `window.runConformance(${given})`)) as CheckResult[];
  } finally {
    await site.close();
  }
}

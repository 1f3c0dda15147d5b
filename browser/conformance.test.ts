// The conformance suite in Chromium: the built packages, run in a page, problems reported check by check.

import { primitiveCases } from "@hooke/testkit";
import { layerAgreementChecks, trainingChecks } from "@hooke/testkit/layers";
import type { CheckResult } from "@hooke/testkit/suite";
import { conformanceChecks, thirdDerivativeChecks } from "@hooke/testkit/suite";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closePages, evaluateIn, sharedBrowser, skipped } from "./harness/chromium.ts";
import { conformanceInPage } from "./harness/conformance.ts";

/**
 * On the processor, WebGPU takes longer to compile a shader than to run it: of the cases of each primitive and of the other checks it
 * gets one in four, of the third derivatives others than Node, of the layers one in twelve, and a recurrent training. Node runs all of the suite and of the
 * layers on WebGPU, and pages the suite on `wasm`.
 */
function sampled(): Record<string, string> {
  const reason = "one in four; HOOKE_TESTS=full runs all";
  const left = (_: unknown, at: number): boolean => at % 4 !== 0;
  const titles = [...primitiveCases()].flatMap(([primitive, cases]) =>
    cases.filter(left).map(({ note }) => `${primitive}: ${note}`),
  );
  const groups = Map.groupBy(
    conformanceChecks().filter(({ group }) => group !== "primitives" && group !== "contract"),
    ({ group }) => group,
  );
  // Of those of f32 and f64 with one name both, or none.
  const names = [...groups.values()].flatMap((checks) => [...new Set(checks.map(({ name }) => name))].filter(left));
  return Object.fromEntries([...titles, ...names].map((title) => [title, reason]));
}

const titles = (checks: readonly { readonly group: string; readonly name: string }[]): string[] =>
  checks.map(({ group, name }) => `${group}: ${name}`);

/** What WebGPU runs in pages besides the suite. */
function others(): string[] {
  const [derivatives, layers, trainings] = [thirdDerivativeChecks(), layerAgreementChecks(), trainingChecks()];
  if (process.env.HOOKE_TESTS === "full") return titles([...derivatives, ...layers, ...trainings]);
  return titles([
    ...derivatives.filter((_, at) => at % 4 === 2),
    ...layers.filter((_, at) => at % 12 === 0),
    ...trainings.filter((_, at) => at === 2),
  ]);
}

const skips = { wasm: {}, webgpu: process.env.HOOKE_TESTS === "full" ? {} : sampled() };

describe.skipIf(skipped)(`conformance in Chromium${skipped}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await sharedBrowser();
  });
  afterAll(() => closePages(browser));

  describe.each(["wasm", "webgpu"] as const)("%s", (name) => {
    const more = name === "webgpu" ? others() : [];
    let results: readonly CheckResult[];
    beforeAll(async () => {
      results = await conformanceInPage(evaluateIn(browser), name, more, skips[name]);
    });

    test("runs every check of the suite", () => {
      expect(titles(results)).toEqual([...titles(conformanceChecks()), ...more]);
      expect(results.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(
        Object.keys(skips[name]).length > 0 ? 250 : 500,
      );
    });

    test("runs a check of every group", () => {
      const ran = (group: string) => results.some((result) => result.group === group && result.ran > 0);
      expect([...new Set(results.map(({ group }) => group))].filter((group) => !ran(group))).toEqual([]);
    });

    test("runs a case of every primitive", () => {
      const without = results.filter(({ group, ran }) => group === "primitives" && ran === 0);
      expect(without.map((result) => result.name)).toEqual([]);
    });

    test("agrees with the reference", () => {
      expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    });
  });
});

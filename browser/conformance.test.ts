// The conformance suite in Chromium: the built packages, run in a page, problems reported check by check.

import { primitiveCases } from "@hooke/testkit";
import type { CheckResult } from "@hooke/testkit/suite";
import { conformanceChecks } from "@hooke/testkit/suite";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closePages, sharedBrowser, skipped } from "./harness/chromium.ts";
import { conformanceInPage } from "./harness/conformance.ts";

/**
 * On the processor, WebGPU takes longer to compile a shader than to run it: of the cases of each primitive and of the other checks it
 * gets one in four. Node runs all of them on WebGPU, and pages on `wasm`.
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
  const names = [...groups.values()].flatMap((checks) => checks.filter(left).map(({ name }) => name));
  return Object.fromEntries([...titles, ...names].map((title) => [title, reason]));
}

const skips = { wasm: {}, webgpu: process.env.HOOKE_TESTS === "full" ? {} : sampled() };

describe.skipIf(skipped)(`conformance in Chromium${skipped}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await sharedBrowser();
  });
  afterAll(() => closePages(browser));

  describe.each(["wasm", "webgpu"] as const)("%s", (name) => {
    let results: readonly CheckResult[];
    beforeAll(async () => {
      results = await conformanceInPage(browser, name, "suite", skips[name]);
    });

    test("runs every check of the suite", () => {
      const titles = (list: readonly { group: string; name: string }[]) =>
        list.map((entry) => entry.group + entry.name);
      expect(titles(results)).toEqual(titles(conformanceChecks()));
      expect(results.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(
        Object.keys(skips[name]).length > 0 ? 250 : 500,
      );
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

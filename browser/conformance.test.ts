// The conformance suite in Chromium: the built packages, run in a page, problems reported check by check.

import type { CheckResult } from "@hooke/testkit/suite";
import { conformanceChecks } from "@hooke/testkit/suite";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closePages, sharedBrowser, skipped } from "./harness/chromium.ts";
import { conformanceInPage } from "./harness/conformance.ts";

describe.skipIf(skipped)(`conformance in Chromium${skipped}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await sharedBrowser();
  });
  afterAll(() => closePages(browser));

  describe.each(["wasm", "webgpu"] as const)("%s", (name) => {
    let results: readonly CheckResult[];
    beforeAll(async () => {
      results = await conformanceInPage(browser, name, "suite");
    });

    test("runs every check of the suite", () => {
      const titles = (list: readonly { group: string; name: string }[]) =>
        list.map((entry) => entry.group + entry.name);
      expect(titles(results)).toEqual(titles(conformanceChecks()));
      expect(results.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(500);
    });

    test("agrees with the reference", () => {
      expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    });
  });
});

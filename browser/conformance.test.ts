// The conformance suite in Chromium: the built packages, run in a page, problems reported check by check.

import { layerAgreementChecks, trainingChecks } from "@hooke/testkit/layers";
import type { CheckResult } from "@hooke/testkit/suite";
import { conformanceChecks, leftOut, thirdDerivativeChecks } from "@hooke/testkit/suite";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closePages, evaluateIn, sharedBrowser, skipped } from "./harness/chromium.ts";
import { conformanceInPage, onWebgpu } from "./harness/conformance.ts";

const isFull = process.env.HOOKE_TESTS === "full";

/**
 * On the processor, WebGPU takes longer to compile a shader than to run it: it gets a part of the suite, of the third derivatives and of the layers, others than
 * Node, and a recurrent training. Pages run all of the suite on `wasm`.
 */
const part = { every: 8, reason: "one in eight; HOOKE_TESTS=full runs all" };

const titles = (checks: readonly { readonly group: string; readonly name: string }[]): string[] =>
  checks.map(({ group, name }) => `${group}: ${name}`);

/** What WebGPU runs in pages besides the suite. */
function others(): string[] {
  const [derivatives, layers, trainings] = [thirdDerivativeChecks(), layerAgreementChecks(), trainingChecks()];
  if (isFull) return titles([...derivatives, ...layers, ...trainings]);
  return titles([
    ...derivatives.filter((_, at) => at % 8 === 2),
    ...layers.filter((_, at) => at % 24 === 0),
    ...trainings.filter((_, at) => at === 2),
  ]);
}

const skips = { wasm: {}, webgpu: isFull ? {} : leftOut(onWebgpu, part) };

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

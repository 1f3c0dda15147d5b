// The checks of functions at extreme arguments as vitest tests.
import type { Backend } from "@hooke/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { type ExtremeOptions, extremeChecks } from "./check.ts";

/**
 * Registers the vitest tests that compare functions and their first two derivatives with golden/extremes.json: +-0, subnormal
 * numbers, arguments at which something over- or underflows, infinities and NaN. What needs a dtype that the backend does not list is left
 * out; why a function has limits stands in its title.
 *
 * @param name of the backend
 * @param createBackend makes it; called once
 */
export function extremeConformance(
  name: string,
  createBackend: () => Backend | Promise<Backend>,
  options: ExtremeOptions = {},
): void {
  describe(`functions at extreme arguments on ${name}`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await createBackend();
    });

    for (const check of extremeChecks()) {
      const limit = options.limits?.[check.name];
      const limited = limit === undefined ? "" : ` (up to ${limit.upTo}: ${limit.because})`;
      it(`${check.name}, ${check.dtype}${limited}`, async ({ skip }) => {
        if (!backend.dtypes.includes(check.dtype)) skip(`no ${check.dtype}`);
        expect(await check.run(backend, options)).toEqual([]);
      });
    }
  });
}

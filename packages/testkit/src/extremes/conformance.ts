// The checks of functions at extreme arguments as vitest tests.
import type { Backend } from "@hooke/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { type ExtremeOptions, extremeChecks } from "./check.ts";

/** Options of {@link extremeConformance}. */
export interface ExtremeConformanceOptions extends ExtremeOptions {
  /** What the backend cannot do, and why, by function: `{ sin: "angles beyond 1e5" }`. The reason is shown with the skipped test. */
  readonly skip?: Readonly<Record<string, string>>;
}

/**
 * Registers the vitest tests that compare functions and their first two derivatives with golden/extremes.json: +-0, subnormal
 * numbers, arguments at which something over- or underflows, infinities and NaN. What needs a dtype that the backend does not list is left
 * out.
 *
 * @param name of the backend
 * @param createBackend makes it; called once
 */
export function extremeConformance(
  name: string,
  createBackend: () => Backend | Promise<Backend>,
  { skip = {}, ...options }: ExtremeConformanceOptions = {},
): void {
  describe(`functions at extreme arguments on ${name}`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await createBackend();
    });

    for (const check of extremeChecks()) {
      const title = `${check.name}, ${check.dtype}`;
      if (skip[check.name] !== undefined) it.skip(`${title} (skipped: ${skip[check.name]})`);
      else
        it(title, async ({ skip: leaveOut }) => {
          if (!backend.dtypes.includes(check.dtype)) leaveOut(`no ${check.dtype}`);
          expect(await check.run(backend, options)).toEqual([]);
        });
    }
  });
}

// The conformance suite as vitest tests.
import type { Backend } from "@hooke/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { conformanceChecks } from "./suite/checks.ts";

/** Options of {@link conformance}. */
export interface ConformanceOptions {
  /**
   * What the backend cannot do, and why: a primitive (`"tan"`), one of its cases (`"tan: large f64"`), another test by its
   * name, or a whole group of them (`"long sums"`). The reason is shown with the skipped tests.
   */
  readonly skip?: Readonly<Record<string, string>>;
  /** Terms of most long sums. Default a million; 1e4 where these take too long, which running sums of f32 do not pass either. */
  readonly terms?: number;
}

/**
 * Registers the vitest tests that compare a backend with the reference interpreter: every case of every primitive, fused
 * and random programs, sums of a million terms, nested derivatives, donated inputs, shared buffers and training steps. Integers, booleans, moves and random bits must
 * agree exactly, floats closely. What needs a dtype that the backend does not list is left out; refusing it is tested.
 *
 * @param name of the backend
 * @param createBackend makes it; called once
 */
export function conformance(
  name: string,
  createBackend: () => Backend | Promise<Backend>,
  { skip = {}, terms }: ConformanceOptions = {},
): void {
  describe(`${name} conforms to the reference`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await createBackend();
    });

    for (const [group, checks] of Map.groupBy(conformanceChecks(terms), (check) => check.group)) {
      describe(group, () => {
        for (const check of checks) {
          const reason = skip[check.name] ?? skip[group];
          if (reason !== undefined) it.skip(`${check.name} (skipped: ${reason})`);
          else it(check.name, async () => expect((await check.run(backend, skip)).problems).toEqual([]));
        }
      });
    }
  });
}

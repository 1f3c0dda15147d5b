import { primitiveNames, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { primitiveCases } from "./cases/index.ts";
import { checkKnown } from "./check.ts";
import { conformance } from "./conformance.ts";
import { longSums } from "./programs/long-sums.ts";

conformance("the reference backend", referenceBackend, {
  skip: { "long sums": "a million terms take the interpreter seconds; fewer are below" },
});

it.each(longSums(1e4).map((entry) => [entry.name, entry] as const))(
  "the reference backend sums: %s",
  async (_, entry) => {
    expect(await checkKnown(referenceBackend(), entry)).toEqual([]);
  },
);

it("has cases for every primitive, each with a note of its own", () => {
  const cases = primitiveCases();
  expect([...cases.keys()].sort()).toEqual([...primitiveNames()].sort());
  for (const [primitive, list] of cases) {
    expect(list.length, primitive).toBeGreaterThan(0);
    expect(new Set(list.map(({ note }) => note)).size, primitive).toBe(list.length);
  }
});

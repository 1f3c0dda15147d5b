import { primitiveNames, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { primitiveCases } from "./cases/index.ts";
import { conformance } from "./conformance.ts";

conformance("the reference backend", referenceBackend);

it("has cases for every primitive, each with a note of its own", () => {
  const cases = primitiveCases();
  expect([...cases.keys()].sort()).toEqual([...primitiveNames()].sort());
  for (const [primitive, list] of cases) {
    expect(list.length, primitive).toBeGreaterThan(0);
    expect(new Set(list.map(({ note }) => note)).size, primitive).toBe(list.length);
  }
});

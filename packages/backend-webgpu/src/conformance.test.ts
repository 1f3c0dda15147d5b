// The WebGPU backend passes the conformance suites where there is a GPU or a software driver.
import { checkWithoutSubnormals, conformance, specialCases } from "@hooke/testkit";
import { extremeConformance, knownExtremes } from "@hooke/testkit/extremes";
import { trainingChecks } from "@hooke/testkit/layers";
import { knownDifferences, leftOut, thirdDerivativeChecks } from "@hooke/testkit/suite";
import { describe, expect, test } from "vitest";
import { type WebgpuBackend, webgpuBackend } from "./backend.ts";
import { skipped, status } from "./gpu.fixture.ts";

const full = process.env.HOOKE_TESTS === "full";
/** Half of the suite, which pages run another eighth of: without a GPU shaders take longer to compile than to run. */
const part = { every: 2, from: 1, reason: "one in two; HOOKE_TESTS=full runs all" };
/** Sums of so many terms are divided as often as those of a million are: into parts of parts, running sums five times. */
const terms = full ? 1e6 : 9e4;

/** One for both suites: pipelines that they share are compiled once. */
let backend: Promise<WebgpuBackend> | undefined;
const open = (): Promise<WebgpuBackend> => {
  backend ??= webgpuBackend();
  return backend;
};

describe.skipIf(!status.available)(`WebGPU${skipped}`, () => {
  const skip = full ? {} : leftOut({ dtypes: ["f32", "i32", "u32", "bool"] }, part);
  conformance("webgpu", open, { skip: { ...skip, ...knownDifferences.webgpu }, terms });
  extremeConformance("webgpu", open, knownExtremes.webgpu);

  const known = specialCases.filter(({ primitive, note }) => `${primitive}: ${note}` in knownDifferences.webgpu);
  test.each(known.map((entry) => [entry.primitive, entry] as const))(
    "what subnormal numbers forbid passes without them: %s",
    async (_, entry) => expect(await checkWithoutSubnormals(await open(), entry)).toEqual([]),
  );

  // Pages have others.
  const derivatives = thirdDerivativeChecks().filter((_, at) => full || at % 4 === 0);
  const trainings = trainingChecks().filter((_, at) => full || at === 1);
  test.each([...derivatives, ...trainings].map((check) => [check.group, check.name, check] as const))(
    "%s: %s",
    async (_, __, check) => expect(await check.run(await open())).toMatchObject({ ran: 1, problems: [] }),
  );
});

// The WebGPU backend passes the conformance suites where there is a GPU or a software driver.
import { checkWithoutSubnormals, conformance, specialCases } from "@hooke/testkit";
import { extremeConformance, knownExtremes } from "@hooke/testkit/extremes";
import { trainingChecks } from "@hooke/testkit/layers";
import { knownDifferences, thirdDerivativeChecks } from "@hooke/testkit/suite";
import { describe, expect, test } from "vitest";
import { type WebgpuBackend, webgpuBackend } from "./backend.ts";
import { skipped, status } from "./gpu.fixture.ts";

/** Matrices of several blocks of the WebAssembly backend. Here they are more steps of the same program; 17 rows stay. */
const inBlocks = [
  ...[48, 49, 67, 101].map((size) => `cholesky: f32 [] ${size}x${size}`),
  "cholesky: f32 indefinite in the second block",
  "cholesky: f32 with NaN on the diagonal",
  "triangularSolve: f32 [] 48x48 lower, 1 columns",
  "triangularSolve: f32 [] 49x49 lower, 1 columns",
  "triangularSolve: f32 [] 67x67 lower, 1 columns",
  "triangularSolve: f32 [] 67x67 lower transposed, 3 columns",
  "triangularSolve: f32 [] 67x67 upper, 16 columns",
  "triangularSolve: f32 [] 67x67 upper transposed, 37 columns",
  "triangularSolve: f32 [] 101x101 lower transposed, 3 columns",
  "triangularSolve: f32 [] 101x101 upper, 16 columns",
];
const full = process.env.HOOKE_TESTS === "full";
const long = full ? [] : inBlocks;
/** Sums of so many terms are divided as often as those of a million are: into parts of parts, running sums five times. */
const terms = full ? 1e6 : 9e4;

/** One for both suites: pipelines that they share are compiled once. */
let backend: Promise<WebgpuBackend> | undefined;
const open = (): Promise<WebgpuBackend> => {
  backend ??= webgpuBackend();
  return backend;
};

describe.skipIf(!status.available)(`WebGPU${skipped}`, () => {
  const skip = Object.fromEntries(long.map((title) => [title, "long; HOOKE_TESTS=full computes it"]));
  conformance("webgpu", open, { skip: { ...knownDifferences.webgpu, ...skip }, terms });
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

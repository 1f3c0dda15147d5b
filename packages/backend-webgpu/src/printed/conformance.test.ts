// Printed programs pass the conformance suites where there is a GPU or a software driver; for kernels of GPUs, one check in some.
import { conformance } from "@hooke/testkit";
import { extremeConformance, knownExtremes } from "@hooke/testkit/extremes";
import { conformanceChecks, knownDifferences } from "@hooke/testkit/suite";
import { describe } from "vitest";
import { skipped, status } from "../gpu.fixture.ts";
import type { PrintedBackend } from "./backend.ts";
import { printedBackend } from "./open.fixture.ts";

const full = process.env.HOOKE_TESTS === "full";
/** Sums of so many terms are divided as often as those of a million are. */
const terms = full ? 1e6 : 9e4;
/** One check in so many. */
const few = full ? 1 : 6;
const others = conformanceChecks(terms).filter((_, i) => i % few !== 0);
const skip = Object.fromEntries(others.map(({ name }) => [name, "long; HOOKE_TESTS=full computes it"]));

/** One for both suites: pipelines that they share are compiled once. */
let backend: Promise<PrintedBackend> | undefined;
const open = (): Promise<PrintedBackend> => {
  backend ??= printedBackend();
  return backend;
};

describe.skipIf(!status.available)(`printed WebGPU${skipped}`, () => {
  conformance("printed webgpu", open, { skip: { ...skip, ...knownDifferences.webgpu }, terms });
  if (full) extremeConformance("printed webgpu", open, knownExtremes.webgpu);
});

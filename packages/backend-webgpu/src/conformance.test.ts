// The WebGPU backend passes the conformance suites where there is a GPU or a software driver.
import { conformance } from "@hooke/testkit";
import { extremeConformance, knownExtremes } from "@hooke/testkit/extremes";
import { knownDifferences } from "@hooke/testkit/suite";
import { describe } from "vitest";
import { webgpuBackend } from "./backend.ts";
import { skipped, status } from "./gpu.fixture.ts";

describe.skipIf(!status.available)(`WebGPU${skipped}`, () => {
  conformance("webgpu", () => webgpuBackend(), { skip: knownDifferences.webgpu });
  extremeConformance("webgpu", () => webgpuBackend(), knownExtremes.webgpu);
});

// The WebGPU backend passes the conformance suite where there is a GPU or a software driver.
import { conformance } from "@hooke/testkit";
import { describe } from "vitest";
import { webgpuBackend } from "./backend.ts";
import { skipped, status } from "./gpu.fixture.ts";

const subnormal = "WGSL lets a GPU take subnormal numbers for zero";
const huge = "beyond 1e5 the angle is not reduced exactly; the result is NaN";

describe.skipIf(!status.available)(`WebGPU${skipped}`, () => {
  conformance("webgpu", () => webgpuBackend(), {
    skip: {
      "sin: special values of f32": huge,
      "cos: special values of f32": huge,
      "tan: special values of f32": huge,
      "mul: pairs of special values of f32": subnormal,
      "div: pairs of special values of f32": subnormal,
      "rem: pairs of special values of f32": subnormal,
      "pow: pairs of special values of f32": subnormal,
    },
  });
});

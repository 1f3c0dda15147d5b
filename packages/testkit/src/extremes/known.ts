// What backends give at extreme arguments because of what they run on, and why: options of `extremeConformance`.
import type { ExtremeLimit, ExtremeOptions } from "./check.ts";

const single: ExtremeLimit = { upTo: 1e8, because: "tfjs's wasm kernels reduce angles in single precision" };
const early: ExtremeLimit = {
  upTo: 87,
  gives: 0,
  because: "tfjs's wasm kernel for sigmoid divides by a number that overflows where the result would be subnormal",
};

const fastMath = "tfjs builds its wasm kernels with fast-math, which may take NaN for a number";

/** Options by backend. */
export const knownExtremes: Readonly<Record<"webgpu" | "tensorflow" | "tfjsWasm", ExtremeOptions>> = {
  // WGSL lets a GPU take subnormal numbers for zero.
  webgpu: { flushes: true },
  tensorflow: { flushes: true },
  tfjsWasm: {
    limits: {
      sin: single,
      cos: single,
      sigmoid: early,
      silu: early,
      acos: { upTo: 1, because: fastMath },
      atan: { upTo: Infinity, because: fastMath },
    },
  },
};

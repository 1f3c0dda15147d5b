// The lowering passes the conformance suite on tfjs's WebAssembly engine: other kernels, and other ones missing.
import { conformance } from "@hooke/testkit";
import { extremeConformance, knownExtremes } from "@hooke/testkit/extremes";
import { knownDifferences } from "@hooke/testkit/suite";
import { engineBackend } from "./engine.fixture.ts";

const fastMath = "tfjs builds its wasm kernels with fast-math, which may take NaN for a number";
const range = "tfjs's wasm kernels reduce arguments beyond 1e30 in single precision";

conformance("tfjs wasm", () => engineBackend("wasm"), {
  terms: 1e4,
  skip: {
    ...knownDifferences.tfjs,
    "maximum: pairs of special values of f32": fastMath,
    "minimum: pairs of special values of f32": fastMath,
    "sin: special values of f32": range,
    "cos: special values of f32": range,
  },
});

extremeConformance("tfjs wasm", () => engineBackend("wasm"), knownExtremes.tfjsWasm);

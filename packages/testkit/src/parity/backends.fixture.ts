// The backends that parity with PyTorch is checked on.
import { wasmBackend } from "@hooke/backend-wasm";
import { referenceBackend } from "@hooke/runtime";

/** For `describe.each`. */
export const backends = [
  { on: "reference", backend: referenceBackend() },
  { on: "wasm", backend: wasmBackend() },
];

/** Those that training is checked on: by default not on the reference, which training steps on `wasm` are compared with by conformance. */
export const trainingBackends = backends.filter(({ on }) => on !== "reference" || process.env.HOOKE_TESTS === "full");

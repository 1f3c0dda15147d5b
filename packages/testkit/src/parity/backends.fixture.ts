// The backends that parity with PyTorch is checked on.
import { wasmBackend } from "@hooke/backend-wasm";
import { referenceBackend } from "@hooke/runtime";

/** For `describe.each`. */
export const backends = [
  { on: "reference", backend: referenceBackend() },
  { on: "wasm", backend: wasmBackend() },
];

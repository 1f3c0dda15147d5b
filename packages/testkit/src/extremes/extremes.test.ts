import { wasmBackend } from "@hooke/backend-wasm";
import { referenceBackend } from "@hooke/runtime";
import { extremeConformance } from "./conformance.ts";

extremeConformance("the reference backend", referenceBackend);
extremeConformance("wasm", () => wasmBackend());

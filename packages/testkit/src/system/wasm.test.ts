// The WebAssembly backend passes the conformance suite, with relaxed SIMD where the engine has it and without.
import { wasmBackend } from "@hooke/backend-wasm";
import { conformance } from "../conformance.ts";

conformance("wasm", () => wasmBackend());

/**
 * Recorded programs compiled to WebAssembly SIMD.
 *
 * @packageDocumentation
 */
import { definePlugin } from "@hooke/runtime";
import { wasmFactory } from "./backend.ts";

export { type WasmBackendInfo, type WasmBackendOptions, wasmBackend } from "./backend.ts";

/** The plugin: provides the backend `wasm`. */
export const wasm = /* @__PURE__ */ definePlugin({ name: "backend-wasm", backends: { wasm: wasmFactory } });

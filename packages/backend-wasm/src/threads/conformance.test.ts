// The conformance suite with every kernel divided, however small, on two threads.
import { conformance } from "@hooke/testkit";
import { WasmBackend } from "../backend.ts";

conformance("wasm, divided, on two threads", () => new WasmBackend({ threads: 2 }, 1e-9), { terms: 1e4 });

// The conformance suite with every kernel divided, however small, on two threads; and its programs with kernels of small stages side by side.
import { conformance } from "@hooke/testkit";
import { WasmBackend } from "../backend.ts";

conformance("wasm, divided, on two threads", () => new WasmBackend({ threads: 2 }, 1e-9), { terms: 1e4 });
conformance("wasm, in stages, on two threads", () => new WasmBackend({ threads: 2 }, 1e-4), {
  terms: 1e4,
  skip: { primitives: "programs of one kernel have no stages" },
});

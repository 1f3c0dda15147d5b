// The conformance suite with every kernel divided, however small, on two threads; and its programs with kernels of small stages side by side.
import { conformance } from "@hooke/testkit";
import { leftOut } from "@hooke/testkit/suite";
import { WasmBackend } from "../backend.ts";

const dtypes = ["f32", "f64", "i32", "u32", "bool"] as const;

conformance("wasm, divided, on two threads", () => new WasmBackend({ threads: 2 }, 1e-9), { terms: 1e4 });
conformance("wasm, in stages, on two threads", () => new WasmBackend({ threads: 2 }, 1e-4), {
  terms: 1e4,
  skip: {
    ...(process.env.HOOKE_TESTS !== "full" &&
      leftOut({ dtypes }, { every: 2, reason: "one in two; HOOKE_TESTS=full runs all" })),
    primitives: "programs of one kernel have no stages",
  },
});

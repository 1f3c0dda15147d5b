// V8 can join pairs of neighbouring vectors of 128 bits into one of 256 (its "revectorization"), where it was built for that, on x64, and is told to.
import { fail } from "@hooke/runtime";

const flag = "--experimental-wasm-revectorize";

/** Has Node's engine join vectors from now on, in the whole process; a page's browser was started so. @throws where the engine cannot */
export function joinVectors(): void {
  const { process } = globalThis as Partial<typeof globalThis>;
  const v8 = process?.getBuiltinModule?.("node:v8");
  if (v8 === undefined) return;
  const { v8_enable_wasm_simd256_revec: built } = process!.config.variables as {
    v8_enable_wasm_simd256_revec?: number;
  };
  if (process!.arch !== "x64" || built !== 1) {
    const cure = "Use Node 24 on x64, or leave { wide } or HOOKE_WIDE out.";
    fail("backend wasm", `cannot have this engine join vectors of 128 bits (${flag}). ${cure}`, "unavailable");
  }
  v8.setFlagsFromString(flag);
}

// V8 can join pairs of neighbouring vectors of 128 bits into one of 256 (its "revectorization"), where it was built for that, on x64, and is told to.
import { fail } from "@hooke/runtime";

/** How a version of V8 is told: Node 24 and 26 have 13.6 and 14.6, Chromium 156, whose V8 calls it no longer experimental, 15.6. */
export const flagOf = (version: string): string =>
  `--${Number.parseInt(version, 10) < 15 ? "experimental-" : ""}wasm-revectorize`;

/** What decides whether Node's engine can join vectors. */
export interface EngineFacts {
  /** Of the processor. */
  readonly arch: string;
  /** Whether V8 was built for it. */
  readonly built: boolean;
}

/** Those of a process. */
export const factsOf = ({ arch, config }: Pick<NodeJS.Process, "arch" | "config">): EngineFacts => ({
  arch,
  // Deno and Bun tell less of themselves.
  built: (config?.variables as { v8_enable_wasm_simd256_revec?: number })?.v8_enable_wasm_simd256_revec === 1,
});

/** Why an engine cannot join vectors; nothing where it can. */
export const cannotJoin = ({ arch, built }: EngineFacts): string | undefined =>
  arch === "x64" && built ? undefined : `this V8 on ${arch} was not built for it`;

/** @throws where an engine cannot join vectors */
export function checkEngine(facts: EngineFacts): void {
  const reason = cannotJoin(facts);
  if (reason === undefined) return;
  const cure = "Use Node 24 on x64, or leave { wide } or HOOKE_WIDE out.";
  fail("backend wasm", `cannot be wide: ${reason}. ${cure}`, "unavailable");
}

/** Has Node's engine join vectors from now on, in the whole process; a page's browser was started so. @throws where the engine cannot */
export function joinVectors(): void {
  const { process } = globalThis as Partial<typeof globalThis>;
  if (process?.versions?.node === undefined) return;
  checkEngine(factsOf(process));
  process.getBuiltinModule("node:v8").setFlagsFromString(flagOf(process.versions.v8));
}

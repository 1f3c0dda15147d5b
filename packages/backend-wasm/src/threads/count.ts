// How many threads a backend computes with, and whether the engine lets them share memory.
import { checks, fail } from "@hooke/runtime";

/** More threads than this are not asked for by default: kernels are cut into few pieces. */
const mostByDefault = 8;
/** Expects what `threads` and `HOOKE_THREADS` may be. */
export const threadsCheck = /* @__PURE__ */ checks.countUpTo(64);

/**
 * The number of threads: `asked`, or what `HOOKE_THREADS` asks for, or that of the processor's cores, at most 8. One where memory cannot be
 * shared: in pages that are not cross-origin isolated.
 */
export function threadCount(asked: number | undefined): number {
  const { process, navigator } = globalThis as Partial<typeof globalThis>;
  const named = process?.env?.HOOKE_THREADS;
  if (asked === undefined && named && threadsCheck(Number(named)) !== undefined) {
    fail("backend wasm", `HOOKE_THREADS is "${named}"; expected ${threadsCheck(0)}.`);
  }
  if (typeof SharedArrayBuffer === "undefined") return 1;
  const cores = process?.getBuiltinModule?.("node:os").availableParallelism() ?? navigator?.hardwareConcurrency ?? 1;
  return asked ?? (Number(named) || Math.min(cores, mostByDefault));
}

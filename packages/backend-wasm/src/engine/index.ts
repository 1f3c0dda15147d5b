/**
 * What the engine can do beyond what a backend uses unasked.
 *
 * @packageDocumentation
 */
import { cannotJoin, factsOf } from "./join.ts";

/** Whether `wasmBackend({ wide: true })` and `HOOKE_WIDE=1` gain something here. */
export type WideVectors = { readonly available: true } | { readonly available: false; readonly reason: string };

/** Whether Node's engine can compute with vectors of 256 bits, or why not. Of pages nothing tells. */
export function wideVectors(): WideVectors {
  const { process } = globalThis as Partial<typeof globalThis>;
  const reason = process?.versions?.node === undefined ? "of a page nothing tells" : cannotJoin(factsOf(process));
  return reason === undefined ? { available: true } : { available: false, reason };
}

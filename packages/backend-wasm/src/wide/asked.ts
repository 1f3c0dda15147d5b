// Whether vectors of 256 bits are asked for.
import { fail } from "@hooke/runtime";

/** `asked`, or what `HOOKE_WIDE` asks for. @throws on a wrong `HOOKE_WIDE` */
export function isWide(asked: boolean | undefined): boolean {
  const named = (globalThis as Partial<typeof globalThis>).process?.env?.HOOKE_WIDE;
  if (asked === undefined && named && !["0", "1"].includes(named)) {
    fail("backend wasm", `HOOKE_WIDE is "${named}"; expected 1 or 0.`);
  }
  return asked ?? named === "1";
}

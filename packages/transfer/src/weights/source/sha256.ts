// SHA-256 of a file, by the platform.
import { fail } from "@hooke/runtime";

/** In hexadecimal digits. @throws where the platform has none: on pages that were not loaded over https */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    fail(
      "loadWeights",
      "cannot check sha256: this page has no crypto.subtle. Serve it over https or from localhost.",
      "unavailable",
    );
  }
  const digest = await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @throws if the bytes have another SHA-256 */
export async function checkSha256(bytes: Uint8Array, expected: string, name: string): Promise<void> {
  const found = await sha256Of(bytes);
  if (found === expected.toLowerCase()) return;
  fail(
    name,
    `has the SHA-256 ${found}, expected ${expected.toLowerCase()}: it is not the file that was asked for. ` +
      "Take the file from its publisher again, or the checksum of this version.",
    "corrupt-file",
  );
}

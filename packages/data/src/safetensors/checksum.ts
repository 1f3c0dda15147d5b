// The checksum of a safetensors file, over all its bytes with its own eight digits as zeros: `__metadata__` comes first in the
// header, and `"checksum": "crc32c:12345678"` first in it, so that its place is known before anything is parsed.
import { fail } from "@hooke/runtime";
import { crc32c } from "./crc32c.ts";

/** What a checksum starts with. */
export const scheme = "crc32c:";
/** Stands where the digits will be. */
export const unknownChecksum = `${scheme}00000000`;

const digits = 8;
const before = `{"__metadata__":{"checksum":"${scheme}`;
/** Behind the 8 bytes that state the header's length. */
const place = 8 + before.length;

/** Whether the checksum stands in its place. */
function hasChecksum(file: Uint8Array): boolean {
  return file.length >= place + digits && textOf(file, 8, place) === before;
}

const textOf = (file: Uint8Array, from: number, to: number): string => String.fromCharCode(...file.subarray(from, to));

function checksumOf(file: Uint8Array): string {
  const start = crc32c(file.subarray(0, place));
  const zeros = crc32c(new Uint8Array(digits).fill(0x30), start);
  return crc32c(file.subarray(place + digits), zeros)
    .toString(16)
    .padStart(digits, "0");
}

/** Puts the checksum into a file that was written with `unknownChecksum`. */
export function writeChecksum(file: Uint8Array): void {
  file.set(new TextEncoder().encode(checksumOf(file)), place);
}

/**
 * The checksum of a file, `"crc32c:..."`; undefined where it has none.
 *
 * @throws if the file is not what the checksum was taken of
 */
export function readChecksum(file: Uint8Array, who: string): string | undefined {
  if (!hasChecksum(file)) return undefined;
  const stated = textOf(file, place, place + digits);
  const found = checksumOf(file);
  if (stated !== found) {
    fail(
      who,
      `its checksum is ${found} and should be ${stated}: the file is damaged, cut short, or was changed by another program. ` +
        'Use another copy. To look at its tensors as they are, read it with decodeSafetensors and checksum: "ignore".',
      "corrupt-file",
    );
  }
  return scheme + stated;
}

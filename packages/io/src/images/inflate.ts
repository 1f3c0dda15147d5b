// Pixels out of a zlib stream, no more than are expected: what would unfold to more is not unfolded.
import { fail } from "@hooke/runtime";
import { inflated, mostPerByte } from "../inflated.ts";

/**
 * The first `length` bytes that a zlib stream unfolds to, by the platform.
 *
 * @param parts the stream, in pieces
 * @throws if there are fewer, or the stream is damaged (`"corrupt-file"`)
 */
export async function inflate(
  who: string,
  parts: readonly Uint8Array[],
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const held = parts.reduce((sum, part) => sum + part.length, 0);
  if (held * mostPerByte < length) {
    fail(
      who,
      `${held} bytes cannot hold the ${length} of its pixels: it is cut short, or no picture. Get the file again.`,
      "corrupt-file",
    );
  }
  const out = new Uint8Array(length);
  let at = 0;
  try {
    for await (const part of inflated(parts, "deflate")) {
      out.set(at + part.length <= length ? part : part.subarray(0, length - at), at);
      at += part.length;
      if (at >= length) break;
    }
  } catch {
    fail(
      who,
      `its pixels are damaged or cut short: ${at} of ${length} bytes can be read. Get the file again.`,
      "corrupt-file",
    );
  }
  if (at < length)
    fail(who, `its pixels are cut short: there are ${at} of ${length} bytes. Get the file again.`, "corrupt-file");
  return out;
}

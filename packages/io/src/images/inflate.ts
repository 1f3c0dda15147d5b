// Bytes of a zlib stream, no more than are expected: what would unfold to more is not unfolded.
import { fail } from "@hooke/runtime";

/** What one byte can unfold to at most: a pair of bits stands for 258 bytes. */
const mostPerByte = 1032;

/** Compressed bytes handed over at a time: platforms unfold what they get at once, a thousandfold at most. */
const piece = 2 ** 15;

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
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  // What goes wrong is told to the reader, too.
  const writing = write(writer, parts).catch(() => undefined);
  const reader = stream.readable.getReader();
  const out = new Uint8Array(length);
  let at = 0;
  try {
    while (at < length) {
      const { done, value } = await reader.read();
      if (done) break;
      out.set(at + value.length <= length ? value : value.subarray(0, length - at), at);
      at += value.length;
    }
  } catch {
    fail(
      who,
      `its pixels are damaged or cut short: ${at} of ${length} bytes can be read. Get the file again.`,
      "corrupt-file",
    );
  }
  await Promise.all([reader.cancel(), writing]).catch(() => undefined);
  if (at < length)
    fail(who, `its pixels are cut short: there are ${at} of ${length} bytes. Get the file again.`, "corrupt-file");
  return out;
}

async function write(writer: WritableStreamDefaultWriter<BufferSource>, parts: readonly Uint8Array[]): Promise<void> {
  for (const part of parts) {
    for (let from = 0; from < part.length; from += piece) {
      await writer.ready;
      writer.write(part.subarray(from, from + piece) as Uint8Array<ArrayBuffer>).catch(() => undefined);
    }
  }
  await writer.close();
}

// The platform's DecompressionStream as a loop: it is given as little as it is asked for, since it unfolds at once what it gets.

/** What a compressed byte can unfold to at most: a symbol of one bit stands for at most 258 bytes, and their distance takes another. */
export const mostPerByte = 1032;

/** Compressed bytes that are handed over at a time. */
const piece = 2 ** 15;

function* pieces(parts: Iterable<Uint8Array>): Generator<Uint8Array<ArrayBuffer>> {
  for (const part of parts)
    for (let from = 0; from < part.length; from += piece) yield new Uint8Array(part.subarray(from, from + piece));
}

/**
 * What the parts of a compressed stream inflate to, piece by piece; what is not asked for is not inflated.
 *
 * @throws what the platform throws on damaged data
 */
export async function* inflated(
  parts: Iterable<Uint8Array>,
  format: "deflate" | "deflate-raw" | "gzip",
): AsyncGenerator<Uint8Array, void> {
  const given = pieces(parts);
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const { value, done } = given.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  const reader = source.pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    // What is left is not wanted, whatever is wrong with it.
    await reader.cancel().catch(() => undefined);
  }
}

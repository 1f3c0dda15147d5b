// Inflating to the size that the beginning of the data states, as far as that can be true: a file of a few kilobytes may inflate to
// gigabytes of nothing.
import { fail, HookeError } from "@hooke/runtime";
import { inflated, mostPerByte } from "./inflated.ts";

/** Options of {@link inflate}. */
export interface InflateOptions {
  /** The speaker. */
  readonly who: string;
  /** What is inflated, e.g. `'entry "x.npy"'`. */
  readonly what: string;
  readonly format: "deflate" | "deflate-raw" | "gzip";
  /** Inflated bytes that `sizeOf` needs to see. */
  readonly startSize: number;
  /** The inflated size, told from the first bytes: at least `startSize`, or as many as there are. It may refuse them. */
  readonly sizeOf: (start: Uint8Array) => number;
  /** The largest inflated size. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Inflates bytes to the size that their beginning states.
 *
 * @throws on damaged data and on another size (`"corrupt-file"`), on a size beyond the limit (`"unsupported"`); the signal's reason
 *   if it is aborted
 */
export async function inflate(bytes: Uint8Array, options: InflateOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { who, what, format, startSize, sizeOf, limit, signal } = options;
  const parts = inflated([bytes], format);
  const next = async (): Promise<Uint8Array | undefined> => {
    signal?.throwIfAborted();
    try {
      return (await parts.next()).value ?? undefined;
    } catch (cause) {
      throw new HookeError(`${who}: ${what} cannot be inflated (${(cause as Error).message}): the file is damaged.`, {
        code: "corrupt-file",
        cause,
      });
    }
  };
  try {
    let start: Uint8Array = new Uint8Array();
    while (start.length < startSize) {
      const part = await next();
      if (part === undefined) break;
      start = joined(start, part);
    }
    const size = sizeOf(start);
    if (size > limit) {
      fail(
        who,
        `${what} inflates to ${size} bytes; the option limit allows ${limit}. Raise it for files you trust.`,
        "unsupported",
      );
    }
    const wrong = (received: string): never =>
      fail(who, `${what} states ${size} bytes and inflates to ${received}: the file is damaged.`, "corrupt-file");
    if (start.length > size) return wrong("more");
    if (size > mostPerByte * bytes.length + startSize)
      return wrong(`less, as it has only ${bytes.length} compressed ones`);
    const result = new Uint8Array(size);
    result.set(start);
    let filled = start.length;
    for (let part = await next(); part !== undefined; part = await next()) {
      if (filled + part.length > size) return wrong("more");
      result.set(part, filled);
      filled += part.length;
    }
    return filled < size ? wrong(`${filled}`) : result;
  } finally {
    await parts.return();
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}

// The compressions of TIFF, each to exactly the bytes that are expected. Source: Adobe, TIFF revision 6.0, sections 9 and 13;
// TIFF Technical Note 3 (Deflate).
import { fail } from "@hooke/runtime";
import { inflate } from "../inflate.ts";

/** Makes `length` bytes of compressed ones. */
export type Unpack = (
  who: string,
  packed: Uint8Array,
  length: number,
) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;

/** By the number that the tag Compression has. */
export const compressions: Readonly<Record<number, Unpack>> = {
  1: (who, packed, length) => (packed.length < length ? cutShort(who, packed.length, length) : packed.slice(0, length)),
  5: lzw,
  8: (who, packed, length) => inflate(who, [packed], length),
  32946: (who, packed, length) => inflate(who, [packed], length),
  32773: packBits,
};

function cutShort(who: string, found: number, length: number): never {
  return fail(
    who,
    `its pixels are damaged or cut short: ${found} of ${length} bytes can be read. Get the file again.`,
    "corrupt-file",
  );
}

function packBits(who: string, packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  let at = 0;
  for (let from = 0; at < length; ) {
    const control = packed[from++];
    if (control === undefined) return cutShort(who, at, length);
    if (control === 128) continue;
    const count = control < 128 ? control + 1 : 257 - control;
    if (at + count > length || from + (control < 128 ? count : 1) > packed.length) return cutShort(who, at, length);
    if (control < 128) out.set(packed.subarray(from, from + count), at);
    else out.fill(packed[from]!, at, at + count);
    from += control < 128 ? count : 1;
    at += count;
  }
  return out;
}

const clear = 256;
const end = 257;

/** Codes of 9 to 12 bits, the highest first. Each stands for bytes that were written before: where, and how many. */
function lzw(who: string, packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  if (packed[0] === 0 && (packed[1]! & 1) === 1) {
    fail(who, "it is compressed by the LZW of before 1992; save it again.", "unsupported");
  }
  const out = new Uint8Array(length);
  const starts = new Int32Array(4096);
  const lengths = new Int32Array(4096);
  let [at, next, width, last] = [0, end + 1, 9, -1];
  let [buffer, held] = [0, 0];
  for (let from = 0; at < length; ) {
    while (held < width) {
      if (from === packed.length) return cutShort(who, at, length);
      buffer = ((buffer << 8) | packed[from++]!) & 0xffffff;
      held += 8;
    }
    held -= width;
    const code = (buffer >> held) & (2 ** width - 1);
    if (code === end) return cutShort(who, at, length);
    if (code === clear) {
      [next, width, last] = [end + 1, 9, -1];
      continue;
    }
    // The string of this code: a byte, one that is known, or the last with its own first byte behind it.
    const start = at;
    if (code < clear) out[at++] = code;
    else if (code < next && last >= 0) {
      const stop = Math.min(at + lengths[code]!, length);
      for (let copied = starts[code]!; at < stop; ) out[at++] = out[copied++]!;
    } else if (code === next && last >= 0) {
      const stop = Math.min(at + start - last + 1, length);
      for (let copied = last; at < stop; ) out[at++] = out[copied++]!;
    } else return cutShort(who, at, length);
    // A new code for the last string and the first byte of this one, which stands behind it.
    if (last >= 0 && next < 4096) {
      starts[next] = last;
      lengths[next] = start - last + 1;
      next++;
      if (next + 1 === 2 ** width && width < 12) width++;
    }
    last = start;
  }
  return out;
}

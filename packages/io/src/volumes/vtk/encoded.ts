// How VTK's XML files hold bytes: after their number, or in compressed blocks after a table of these, both perhaps as base64.
// Source: https://docs.vtk.org/en/latest/vtk_file_formats/vtkxml_file_format.html
import { fail } from "@hooke/runtime";
import { inflate } from "../../inflate.ts";
import { cutShort } from "./image.ts";

/** How the arrays of a file are held. */
export interface Coding {
  readonly bigEndian: boolean;
  /** Bytes of a number in the tables before the data. */
  readonly headerSize: 4 | 8;
  readonly compressed: boolean;
}

const none = 255;
const digits = /* @__PURE__ */ (() => {
  const table = new Uint8Array(256).fill(none);
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (let i = 0; i < letters.length; i++) table[letters.charCodeAt(i)] = i;
  return table;
})();

/** Bytes from base64. Parts that were encoded on their own, and padded, follow one another; white space is passed over. */
export function fromBase64(who: string, what: string, text: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let [length, bits, held] = [0, 0, 0];
  for (const byte of text) {
    if (byte === 61) {
      [bits, held] = [0, 0];
      continue;
    }
    if (byte === 32 || (byte >= 9 && byte <= 13)) continue;
    const digit = digits[byte]!;
    if (digit === none) fail(who, `${what} is no base64: the file is damaged.`, "corrupt-file");
    bits = ((bits << 6) | digit) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    result[length++] = bits >> held;
  }
  return result.slice(0, length);
}

/** So many bytes of an array, from where it begins. */
export async function unpack(
  who: string,
  what: string,
  held: Uint8Array,
  length: number,
  { bigEndian, headerSize, compressed }: Coding,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const view = new DataView(held.buffer, held.byteOffset, held.byteLength);
  const header = (index: number): number => {
    const at = index * headerSize;
    if (at + headerSize > held.length) return cutShort(who, what, at + headerSize, held.length);
    return headerSize === 4 ? view.getUint32(at, !bigEndian) : Number(view.getBigUint64(at, !bigEndian));
  };
  const stated = (size: number): void => {
    if (size === length) return;
    fail(who, `${what} states ${size} bytes, where its shape takes ${length}: the file is damaged.`, "corrupt-file");
  };
  if (!compressed) {
    stated(header(0));
    const data = held.subarray(headerSize, headerSize + length);
    return data.length === length ? data : cutShort(who, what, length, data.length);
  }
  const blocks = header(0);
  if (blocks === 0) {
    stated(0);
    return new Uint8Array();
  }
  let from = (3 + blocks) * headerSize;
  if (!(from <= held.length)) return cutShort(who, what, from, held.length);
  const [size, rest] = [header(1), header(2)];
  stated((blocks - 1) * size + (rest === 0 ? size : rest));
  const places = Array.from({ length: blocks }, (_, i) => {
    const start = from;
    from += header(3 + i);
    return [start, from] as const;
  });
  if (!(from <= held.length)) return cutShort(who, what, from, held.length);
  const mostHeld = 1032 * (from - places[0]![0]);
  if (length > mostHeld) return cutShort(who, what, length, mostHeld);
  const result = new Uint8Array(length);
  for (const [index, [start, end]] of places.entries()) {
    const isLast = index === blocks - 1;
    const block = await inflate(held.subarray(start, end), {
      who,
      what: `block ${index} of ${what}`,
      format: "deflate",
      startSize: 0,
      sizeOf: () => (isLast && rest !== 0 ? rest : size),
      limit: length,
      signal,
    });
    result.set(block, index * size);
  }
  return result;
}

// The chunks of a PNG file, each checked against its sum. Source: W3C, Portable Network Graphics (third edition), section 5.
import { fail } from "@hooke/runtime";

/** What a PNG file is made of: its header, its palette, what is transparent, and the compressed pixels. */
export interface PngChunks {
  /** 13 bytes. */
  readonly header: Uint8Array;
  readonly palette?: Uint8Array;
  readonly transparency?: Uint8Array;
  /** Exif data. */
  readonly exif?: Uint8Array;
  readonly pixels: readonly Uint8Array[];
}

/** How every PNG file begins. */
export const pngSignature: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** @throws if a chunk is cut short or damaged, is missing, or must be known and is not */
export function readChunks(who: string, bytes: Uint8Array): PngChunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Record<string, Uint8Array> = {};
  const pixels: Uint8Array[] = [];
  for (let at = pngSignature.length, type = ""; type !== "IEND"; ) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : Number.POSITIVE_INFINITY;
    const end = at + 12 + length;
    if (end > bytes.length)
      fail(who, `the file is cut short after ${bytes.length} bytes. Get it again.`, "corrupt-file");
    type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      fail(who, `the file is damaged in its part ${type}, at byte ${at}. Get it again.`, "corrupt-file");
    }
    const content = bytes.subarray(at + 8, end - 4);
    if (type === "IDAT") pixels.push(content);
    else if (["IHDR", "PLTE", "tRNS", "eXIf"].includes(type)) found[type] = content;
    else if (type === "acTL") fail(who, "it is an animation; save each frame as a file of its own.", "unsupported");
    // Parts in capitals must be understood to read the pixels.
    else if (type !== "IEND" && /^[A-Z]/.test(type))
      fail(who, `it has the unknown part ${type}; save it again.`, "unsupported");
    at = end;
  }
  const { IHDR: header, PLTE: palette, tRNS: transparency, eXIf: exif } = found;
  if (header?.length !== 13) return fail(who, "the file has no header. Get it again.", "corrupt-file");
  return { header, pixels, ...(palette && { palette }), ...(transparency && { transparency }), ...(exif && { exif }) };
}

const table = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let sum = ~0;
  for (let i = 0; i < bytes.length; i++) sum = table[(sum ^ bytes[i]!) & 255]! ^ (sum >>> 8);
  return ~sum >>> 0;
}

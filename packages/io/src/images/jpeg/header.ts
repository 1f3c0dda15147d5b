// What a JPEG file says of itself before its pixels, and that it is whole. Source: ITU-T T.81 (1992), annex B; JFIF 1.02; Exif 2.32.
import { type ErrorCode, fail } from "@hooke/runtime";
import { exifOrientation } from "../exif.ts";
import type { ImageHeader } from "../samples.ts";

/** A JPEG file whose header has been read. */
export interface JpegFile extends ImageHeader {
  readonly channels: 1 | 3;
  readonly bits: 8;
  /** Its bytes, without all that says how pixels are to be turned or shown. */
  readonly plain: () => Uint8Array<ArrayBuffer>;
  readonly bytes: Uint8Array;
  /** Colours are stored as luma and differences, not as red, green and blue. */
  readonly luma: boolean;
}

/** Whether a file begins as JPEG does. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** Kinds of frames that are not read, by marker. */
const kinds: Readonly<Record<number, string>> = {
  195: "without loss",
  197: "in layers",
  198: "in layers",
  199: "in layers",
};

const textAt = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

/** @throws if the file is cut short, or of a kind that is not read, naming it */
export function readJpeg(who: string, bytes: Uint8Array): JpegFile {
  const refuse = (what: string, code: ErrorCode = "unsupported"): never => fail(who, what, code);
  const cut = (): never => refuse(`the file is cut short after ${bytes.length} bytes. Get it again.`, "corrupt-file");
  const word = (at: number): number => (at + 1 < bytes.length ? bytes[at]! * 256 + bytes[at + 1]! : cut());
  let frame: number | undefined;
  let [orientation, scans, pixels] = [1, 0, 0];
  let [jfif, transform] = [false, -1];
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  for (let at = 2; ; ) {
    if (bytes[at] !== 0xff)
      return at < bytes.length ? refuse(`the file is damaged at byte ${at}. Get it again.`, "corrupt-file") : cut();
    const marker = bytes[at + 1];
    if (marker === undefined) return cut();
    // Any number of these bytes may stand before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9) {
      kept.push(bytes.subarray(at, at + 2));
      break;
    }
    const content = at + 4;
    const end = at + 2 + word(at + 2);
    if (end > bytes.length) return cut();
    if (marker === 0xe0 && textAt(bytes, content, "JFIF\0")) jfif = true;
    if (marker === 0xe1 && textAt(bytes, content, "Exif\0"))
      orientation = exifOrientation(bytes.subarray(content + 6, end));
    if (marker === 0xee && textAt(bytes, content, "Adobe") && end >= content + 12) transform = bytes[content + 11]!;
    // Frames of every kind; the other three of this range are tables.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (marker > 0xc2)
        refuse(`it is compressed ${kinds[marker] ?? "by arithmetic coding"}; save it as a baseline JPEG or as PNG.`);
      if (frame !== undefined) refuse("it has more than one frame. Get the file again.", "corrupt-file");
      frame = content;
    }
    let next = end;
    if (marker === 0xda) {
      scans++;
      // Pixels go on to a marker that is neither a stuffed byte nor a restart.
      for (next = bytes.indexOf(0xff, end); next >= 0; next = bytes.indexOf(0xff, next + 1)) {
        const follows = bytes[next + 1] ?? cut();
        if (follows !== 0 && (follows < 0xd0 || follows > 0xd7)) break;
      }
      if (next < 0) return cut();
      pixels += next - end;
    }
    // Of what applications write, the two that say how colours are stored.
    if (marker < 0xe1 || marker > 0xef || marker === 0xee) kept.push(bytes.subarray(at, next));
    at = next;
  }
  if (frame === undefined || scans === 0) return refuse("it has no pixels. Get the file again.", "corrupt-file");
  const [precision, channels] = [bytes[frame]!, bytes[frame + 5]!];
  const [height, width] = [word(frame + 1), word(frame + 3)];
  if (precision !== 8) refuse(`its samples have ${precision} bits; save it as PNG, with 8 or 16.`);
  if (channels === 4) refuse("its colours are CMYK; save it as RGB.");
  if (channels !== 1 && channels !== 3) return refuse(`it has ${channels} channels; save it as grey or RGB.`);
  // A block of 64 pixels takes a bit at least.
  if (height === 0 || width === 0 || pixels * 8 * 64 < width * height) {
    refuse(`its ${pixels} bytes of pixels cannot hold ${width}x${height}. Get the file again.`, "corrupt-file");
  }
  const ids = String.fromCharCode(bytes[frame + 6]!, bytes[frame + 9]!, bytes[frame + 12]!);
  return {
    width,
    height,
    channels,
    bits: 8,
    orientation,
    bytes,
    plain: () => joined(kept),
    // As libjpeg decides it.
    luma: channels === 3 && (jfif || (transform >= 0 ? transform !== 0 : ids !== "RGB")),
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

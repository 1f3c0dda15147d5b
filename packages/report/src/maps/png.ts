// A small encoder of PNG images (ISO 15948), compressed by the platform, as text that stands in a page.
import { type PaletteName, palettes } from "./palettes.ts";

/** 8-bit pixels, row by row from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Grey; red, green and blue; or these and opacity. A palette: indices of its colours, 255 is transparent. */
  readonly colors: "grey" | "rgb" | "rgba" | PaletteName;
  readonly data: Uint8Array | Uint8ClampedArray;
}

const indexed = { code: 3, bytes: 1 };
const colorTypes: { readonly [C in Pixels["colors"]]: { readonly code: number; readonly bytes: number } } = {
  grey: { code: 0, bytes: 1 },
  rgb: { code: 2, bytes: 3 },
  rgba: { code: 6, bytes: 4 },
  sequential: indexed,
  diverging: indexed,
};

/** The index that maps leave blank. */
export const blank = 255;

/** A `data:` address of the image. */
export async function pngAddress(pixels: Pixels): Promise<string> {
  return `data:image/png;base64,${base64(await encodePng(pixels))}`;
}

/** The bytes of the image. */
export async function encodePng({ width, height, colors, data }: Pixels): Promise<Uint8Array> {
  const { code, bytes } = colorTypes[colors];
  const stride = width * bytes;
  // Each row starts with its filter, 0: none.
  const rows = new Uint8Array(height * (stride + 1));
  for (let row = 0; row < height; row++) {
    rows.set(data.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, code], 8);
  const palette = colors === "sequential" || colors === "diverging" ? palettes[colors] : undefined;
  const opacity = Uint8Array.from({ length: 256 }, (_, i) => (i === blank ? 0 : 255));
  const parts = [
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", header),
    ...(palette ? [chunk("PLTE", Uint8Array.from([...palette.flat(), 0, 0, 0])), chunk("tRNS", opacity)] : []),
    chunk("IDAT", await deflate(rows)),
    chunk("IEND", new Uint8Array()),
  ];
  return concatenate(parts);
}

/** Bytes as base64. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Length, name, data, and the CRC-32 of name and data. */
function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

// What decoders make of a file, before alpha and orientation are dealt with; and what headers say before anything is decoded.

/** Samples of pixels as a file has them, 1 to 4 channels: grey, grey and alpha, colour, colour and alpha. */
export interface Samples {
  readonly values: Uint8Array | Uint16Array | Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  /** 32: floating-point numbers, without alpha. */
  readonly bits: 8 | 16 | 32;
}

/** What can be known of an image before memory is taken for its pixels. */
export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  /** Of the samples in memory: those of less than 8 bits are scaled to 8. */
  readonly bits: 8 | 16 | 32;
  /** How the picture is to be turned: 1 to 8, as Exif and TIFF count. 1: not at all. */
  readonly orientation: number;
}

/** Samples of less than 8 bits, packed in bytes from the highest bit on, each row beginning a byte, as a byte each. */
export function unpackSamples(
  packed: Uint8Array,
  width: number,
  height: number,
  bits: 1 | 2 | 4,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(width * height);
  const rowBytes = Math.ceil((width * bits) / 8);
  const mask = 2 ** bits - 1;
  for (let row = 0, at = 0; row < height; row++) {
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      out[at++] = (packed[row * rowBytes + (bit >> 3)]! >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return out;
}

/** Scales samples of less than 8 bits to 8, in place: white is 255. */
export function spreadSamples(values: Uint8Array<ArrayBuffer>, bits: 1 | 2 | 4): Uint8Array<ArrayBuffer> {
  const factor = 255 / (2 ** bits - 1);
  for (let i = 0; i < values.length; i++) values[i]! *= factor;
  return values;
}

/** Floating-point samples of 32 bits from their bytes. */
export function floatsOfBytes(bytes: Uint8Array<ArrayBuffer>, littleEndian: boolean): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array(bytes.byteLength / 4);
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat32(4 * i, littleEndian);
  return out;
}

/** Samples of 16 bits from their bytes. */
export function samplesOfBytes(bytes: Uint8Array<ArrayBuffer>, littleEndian: boolean): Uint16Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Uint16Array(bytes.byteLength / 2);
  for (let i = 0; i < out.length; i++) out[i] = view.getUint16(2 * i, littleEndian);
  return out;
}

// How the bits of numbers are laid out in an HDF5 file, which the library does not say: it hands out the bytes of bfloat16 as those of
// any other number of 16 bits.
// Source: The HDF Group, HDF5 File Format Specification, version 3.0, section IV.A (object headers, datatype message).
import type { StoredName } from "../stored-array.ts";
import { Hdf5Bytes } from "./hdf5-bytes.ts";

/** What a datatype message says of numbers. */
export interface NumberLayout {
  /** 0: whole numbers; 1: floats. */
  readonly kind: number;
  readonly size: number;
  /** Of whole numbers: the first bit that counts, and how many do. Of floats too. */
  readonly offset: number;
  readonly precision: number;
  /** Of floats: places and numbers of bits; and what is taken from an exponent. */
  readonly exponent?: readonly [place: number, bits: number, bias: number];
  readonly fraction?: readonly [place: number, bits: number];
}

/** A message of an object header: its type, and where its content is. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly at: number;
}

/** The most messages that a header is believed to have. */
const mostMessages = 10_000;

/** The messages of an object header, with those in its other blocks. */
export function* messagesOf(file: Hdf5Bytes, header: number): Generator<Message, void, void> {
  const isNew = file.number(header, 4) === 0x5244484f;
  const flags = isNew ? (file.number(header + 5, 1) ?? 0) : 0;
  const tracked = (flags & 4) === 0 ? 0 : 2;
  const blocks: [start: number, length: number][] = [];
  if (isNew) {
    const sizeAt = header + 6 + (flags & 32 ? 16 : 0) + (flags & 16 ? 4 : 0);
    const size = 2 ** (flags & 3);
    blocks.push([sizeAt + size, file.number(sizeAt, size) ?? 0]);
  } else blocks.push([header + 16, file.number(header + 8, 4) ?? 0]);
  let count = 0;
  for (const [start, length] of blocks) {
    const head = isNew ? 4 + tracked : 8;
    for (let at = start; at + head <= start + length; ) {
      const type = file.number(at, isNew ? 1 : 2);
      const size = file.number(at + (isNew ? 1 : 2), 2);
      if (type === undefined || size === undefined || ++count > mostMessages) return;
      const body = at + head;
      if (type === continuation) {
        const more = file.number(body + file.addressSize, file.addressSize) ?? 0;
        // Blocks of the newer kind begin with four letters, and end with a checksum.
        blocks.push(isNew ? [file.place(body) + 4, more - 8] : [file.place(body), more]);
      }
      yield { type, flags: file.number(at + (isNew ? 3 : 4), 1) ?? 0, at: body };
      at = body + size;
    }
  }
}

const datatype = 3;
const continuation = 16;

/**
 * The layout of a dataset's numbers.
 *
 * @param address of the object, as a reference to it holds it
 * @returns undefined where it cannot be found, or the datatype is none of numbers
 */
export function numberLayout(bytes: Uint8Array, address: number): NumberLayout | undefined {
  const file = new Hdf5Bytes(bytes);
  const message = datatypeOf(file, file.base + address);
  return message && layoutOf(file, message.at, (message.flags & 2) !== 0);
}

/** The layout that a datatype message states, or, where it is shared, that of the datatype with a name, an object of its own. */
export function layoutOf(file: Hdf5Bytes, at: number, isShared: boolean): NumberLayout | undefined {
  for (let steps = 0; isShared && steps < 4; steps++) {
    const version = file.number(at, 1);
    const message = datatypeOf(file, file.place(at + (version === 1 ? 8 : 2)));
    if (message === undefined) return undefined;
    at = message.at;
    isShared = (message.flags & 2) !== 0;
  }
  return isShared ? undefined : layoutAt(file, at);
}

function datatypeOf(file: Hdf5Bytes, header: number): Message | undefined {
  for (const message of messagesOf(file, header)) if (message.type === datatype) return message;
  return undefined;
}

function layoutAt(file: Hdf5Bytes, at: number): NumberLayout | undefined {
  const [kind, size, offset, precision] = [
    (file.number(at, 1) ?? 15) & 15,
    file.number(at + 4, 4) ?? 0,
    file.number(at + 8, 2) ?? 0,
    file.number(at + 10, 2) ?? 0,
  ];
  if (kind === 0) return { kind, size, offset, precision };
  if (kind !== 1) return undefined;
  const byte = (place: number): number => file.number(at + place, 1) ?? 0;
  const bias = file.number(at + 16, 4) ?? 0;
  return { kind, size, offset, precision, exponent: [byte(12), byte(13), bias], fraction: [byte(14), byte(15)] };
}

/** Floats that are read, by their bytes and the bits of their exponents. */
const known: Readonly<Record<string, "F16" | "BF16" | "F32" | "F64">> = {
  "2 5": "F16",
  "2 8": "BF16",
  "4 8": "F32",
  "8 11": "F64",
};

/** Floats of this layout; undefined where bits are elsewhere than in any that is known. */
export function floatsOf({ size, offset, precision, exponent, fraction }: NumberLayout): StoredName | undefined {
  const [place, bits, bias] = exponent!;
  const fits =
    offset === 0 &&
    precision === 8 * size &&
    fraction![0] === 0 &&
    fraction![1] === place &&
    place + bits + 1 === precision &&
    bias === 2 ** (bits - 1) - 1;
  return fits ? known[`${size} ${bits}`] : undefined;
}

/** A layout in words. */
export function describeLayout({ kind, size, offset, precision, exponent }: NumberLayout): string {
  if (kind === 0) return `whole numbers of ${precision} bits from bit ${offset} of ${8 * size}`;
  return `floats of ${precision} bits with ${exponent![1]} of the exponent`;
}

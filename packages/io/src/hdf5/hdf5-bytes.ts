// The bytes of an HDF5 file at places that it states, for what the library does not look at.
// Source: The HDF Group, HDF5 File Format Specification, version 3.0, section II (superblock).

/** Bytes of a file that are read at places it states; undefined where it ends. */
export class Hdf5Bytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Bytes of the file. */
  readonly length: number;
  /** Bytes of an address, those of a length, and where addresses count from. */
  readonly addressSize: number;
  readonly lengthSize: number;
  readonly base: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = bytes.length;
    let start = 0;
    // After a block of the user's, of 512 bytes or a power of 2 more.
    while (start < bytes.length && this.number(start, 4) !== 0x46444889) start = start === 0 ? 512 : 2 * start;
    const version = this.number(start + 8, 1) ?? 0;
    const sizes = start + (version < 2 ? 13 : 9);
    this.addressSize = this.number(sizes, 1) ?? 8;
    this.lengthSize = this.number(sizes + 1, 1) ?? 8;
    this.base = this.number(start + [24, 28, 12, 12][version]!, this.addressSize) ?? 0;
  }

  /** A whole number of 1, 2, 4 or 8 bytes. */
  number(at: number, size: number): number | undefined {
    if (!(at >= 0 && at + size <= this.#view.byteLength)) return undefined;
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at, true);
    return size === 4 ? this.#view.getUint32(at, true) : Number(this.#view.getBigUint64(at, true));
  }

  /** Whether these bytes stand at a place. */
  has(at: number, bytes: Uint8Array): boolean {
    return bytes.every((byte, i) => this.#bytes[at + i] === byte);
  }

  /** A place in the file that an address at `at` leads to. */
  place(at: number): number {
    return this.base + (this.number(at, this.addressSize) ?? Number.NaN);
  }
}

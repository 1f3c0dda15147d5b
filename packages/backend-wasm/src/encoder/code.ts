// WebAssembly code as nested arrays of bytes: cheap to build, shareable, flattened once.

/** Bytes of instructions, nested to any depth. A piece may occur more than once. */
export type Code = readonly (number | Code)[];

export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

export const valueTypes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Unsigned LEB128 of an integer below 2^32. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  bytes.push(value);
  return bytes;
}

/** Signed LEB128; 32-bit numbers may be given signed or unsigned. */
export function signed(value: number | bigint): number[] {
  const bytes: number[] = [];
  if (typeof value === "bigint") {
    let rest = BigInt.asIntN(64, value);
    for (; rest < -64n || rest > 63n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest & 127n));
  } else {
    let rest = value | 0;
    for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128);
    bytes.push(rest & 127);
  }
  return bytes;
}

/** Little-endian bytes of numbers or 64-bit integers. */
export function bytesOf(values: Float32Array | Float64Array | Int32Array | BigInt64Array): number[] {
  return Array.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** A growing byte array. */
export class ByteWriter {
  private bytes: Uint8Array<ArrayBuffer>;
  private length = 0;

  constructor(capacity = 1 << 16) {
    this.bytes = new Uint8Array(capacity);
  }

  write(code: Code): void {
    for (const item of code) {
      if (typeof item !== "number") this.write(item);
      else {
        if (this.length === this.bytes.length) {
          const larger = new Uint8Array(2 * this.length);
          larger.set(this.bytes);
          this.bytes = larger;
        }
        this.bytes[this.length++] = item;
      }
    }
  }

  writeBytes(source: Uint8Array): void {
    if (this.length + source.length > this.bytes.length) {
      const larger = new Uint8Array(2 * (this.length + source.length));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(source, this.length);
    this.length += source.length;
  }

  /** The bytes written so far; a view that later writes may detach from. */
  take(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }
}

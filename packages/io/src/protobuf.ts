// Writing protobuf's wire format: varints, floats, and what has a length before it. Messages are built inside out.
// Source: https://protobuf.dev/programming-guides/encoding

const encoder = new TextEncoder();

/** A message under construction: fields in the order in which they are added. */
export class Message {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  #push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#size += bytes.length;
  }

  #head(field: number, length: number): void {
    this.#push(varint(BigInt(field * 8 + 2)));
    this.#push(varint(BigInt(length)));
  }

  /** A whole number of up to 64 bits, negative ones in two's complement. */
  integer(field: number, value: number | bigint): this {
    this.#push(varint(BigInt(field * 8)));
    this.#push(varint(BigInt.asUintN(64, BigInt(value))));
    return this;
  }

  float32(field: number, value: number): this {
    this.#push(varint(BigInt(field * 8 + 5)));
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#push(bytes);
    return this;
  }

  float64(field: number, value: number): this {
    this.#push(varint(BigInt(field * 8 + 1)));
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.#push(bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#head(field, value.length);
    this.#push(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  message(field: number, value: Message): this {
    this.#head(field, value.#size);
    for (const part of value.#parts) this.#push(part);
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

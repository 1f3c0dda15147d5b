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

/** Unsigned LEB128 of an integer below 2^32: a byte, where one is enough. */
export function unsigned(value: number): number | number[] {
  if (value < 128) return value;
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128);
  bytes.push(rest);
  return bytes;
}

/** Signed LEB128, a byte where one is enough; 32-bit numbers may be given signed or unsigned. */
export function signed(value: number | bigint): number | number[] {
  const bytes: number[] = [];
  if (typeof value === "bigint") {
    let rest = BigInt.asIntN(64, value);
    for (; rest < -64n || rest > 63n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest & 127n));
  } else {
    let rest = value | 0;
    if (rest >= -64 && rest < 64) return rest & 127;
    for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128);
    bytes.push(rest & 127);
  }
  return bytes;
}

/** Little-endian bytes of numbers or 64-bit integers. */
export function bytesOf(values: Float32Array | Float64Array | Int32Array | BigInt64Array): number[] {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const list: number[] = [];
  for (let i = 0; i < bytes.length; i++) list.push(bytes[i]!);
  return list;
}

/** The bytes of code. */
export function encode(code: Code): Uint8Array<ArrayBuffer> {
  // The engine's own `flat`: most programs are encoded once, before a loop in JavaScript is optimized.
  return new Uint8Array((code as readonly unknown[]).flat(Number.POSITIVE_INFINITY) as number[]);
}

/** Bytes one behind the other. */
export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A section of a module, its size ahead, in parts. */
export const section = (id: number, content: readonly Uint8Array[]): readonly Uint8Array[] => [
  encode([id, unsigned(lengthOf(content))]),
  ...content,
];

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

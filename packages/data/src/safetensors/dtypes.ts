// The dtypes of the safetensors format and what they become here. Every conversion is exact, or refused.
import type { DType, HostArray } from "@hooke/runtime";
import { bfloat16, float8, float16 } from "./small-floats.ts";

/** How tensors of one stored dtype are read. */
export interface StoredDType {
  /** Bytes of an element. */
  readonly size: number;
  /** What it becomes. */
  readonly dtype: DType;
  /**
   * Fills `target` from a copy of the stored bytes.
   *
   * @returns the first element that `target` cannot hold exactly, with what it is; undefined if all are held
   */
  read(stored: Uint8Array<ArrayBuffer>, target: HostArray["data"]): Misfit | undefined;
}

/** An element that cannot be held. */
export interface Misfit {
  readonly index: number;
  readonly value: number | bigint;
  /** What is allowed. */
  readonly expected: string;
}

/** Stored dtypes by the format's names. */
export type StoredDTypes = Readonly<Record<string, StoredDType>>;

const copy = ({ buffer }: Uint8Array<ArrayBuffer>, target: HostArray["data"]): undefined => {
  new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(new Uint8Array(buffer));
};

/** Those that are dtypes here too. */
export const ownDTypes = {
  F64: { size: 8, dtype: "f64", read: copy },
  F32: { size: 4, dtype: "f32", read: copy },
  U32: { size: 4, dtype: "u32", read: copy },
  I32: { size: 4, dtype: "i32", read: copy },
  BOOL: {
    size: 1,
    dtype: "bool",
    read(stored, target) {
      target.set(stored);
      const index = stored.findIndex((value) => value > 1);
      return index < 0 ? undefined : { index, value: stored[index]!, expected: "it is 0 or 1" };
    },
  },
} as const satisfies StoredDTypes;

/** The values of `view`, which numbers of 32 bits hold. */
const widened =
  (view: (buffer: ArrayBuffer) => ArrayLike<number>) =>
  ({ buffer }: Uint8Array<ArrayBuffer>, target: HostArray["data"]): undefined => {
    target.set(view(buffer));
  };

/** The values of `view`, each looked up. */
const converted =
  (view: (buffer: ArrayBuffer) => ArrayLike<number>, convert: (bits: number) => number) =>
  ({ buffer }: Uint8Array<ArrayBuffer>, target: HostArray["data"]): undefined => {
    const bits = view(buffer);
    for (let i = 0; i < bits.length; i++) target[i] = convert(bits[i]!);
  };

const bytes = (buffer: ArrayBuffer): Uint8Array => new Uint8Array(buffer);
const halves = (buffer: ArrayBuffer): Uint16Array => new Uint16Array(buffer);

/**
 * Those that have no equal here: small floats become f32 and small whole numbers i32, which hold them exactly.
 *
 * @param int64 what 64-bit whole numbers become, where it holds them
 */
export function foreignDTypes(int64: "i32" | "f64") {
  return {
    F16: { size: 2, dtype: "f32", read: converted(halves, float16) },
    BF16: { size: 2, dtype: "f32", read: converted(halves, bfloat16) },
    F8_E4M3: { size: 1, dtype: "f32", read: converted(bytes, float8(4, 3)) },
    F8_E5M2: { size: 1, dtype: "f32", read: converted(bytes, float8(5, 2)) },
    I8: { size: 1, dtype: "i32", read: widened((buffer) => new Int8Array(buffer)) },
    U8: { size: 1, dtype: "i32", read: widened(bytes) },
    I16: { size: 2, dtype: "i32", read: widened((buffer) => new Int16Array(buffer)) },
    U16: { size: 2, dtype: "i32", read: widened(halves) },
    I64: { size: 8, dtype: int64, read: narrowed((buffer) => new BigInt64Array(buffer), int64) },
    U64: { size: 8, dtype: int64, read: narrowed((buffer) => new BigUint64Array(buffer), int64) },
  } as const satisfies StoredDTypes;
}

/** 64-bit whole numbers, where `dtype` holds them exactly. */
function narrowed(view: (buffer: ArrayBuffer) => BigInt64Array | BigUint64Array, dtype: "i32" | "f64") {
  return ({ buffer }: Uint8Array<ArrayBuffer>, target: HostArray["data"]): Misfit | undefined => {
    const values = view(buffer);
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      const number = Number(value);
      const held = dtype === "i32" ? number === (number | 0) : Number.isSafeInteger(number);
      if (!held) {
        const expected =
          dtype === "i32"
            ? 'i32 ends at 2147483647. Read such numbers with int64: "f64", which is exact to 2^53'
            : "f64 holds whole numbers exactly to 2^53";
        return { index, value, expected };
      }
      target[index] = number;
    }
    return undefined;
  };
}

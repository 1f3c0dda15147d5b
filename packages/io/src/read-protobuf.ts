// Reading protobuf's wire format: the fields of a message one after another, none of them longer than the message.
// Source: https://protobuf.dev/programming-guides/encoding
import { fail } from "@hooke/runtime";

/** A field: a whole number, or bytes (of 4, of 8, or as many as are stated). */
export type Field =
  | { readonly number: number; readonly kind: "varint"; readonly value: number | bigint }
  | { readonly number: number; readonly kind: "fixed32" | "fixed64" | "bytes"; readonly value: Uint8Array };

const kinds = ["varint", "fixed64", "bytes", undefined, undefined, "fixed32"] as const;

/** The fields of a message, in their order. @throws where they do not end where the message does (`"corrupt-file"`) */
export function* fieldsOf(message: Uint8Array, who: string): Generator<Field> {
  const damaged = (what: string): never => fail(who, `${what}: the file is damaged, or none of ONNX.`, "corrupt-file");
  for (let at = 0; at < message.length; ) {
    const tag = varintAt(message, at, damaged);
    at = tag.next;
    const number = Number(tag.value) / 8;
    const kind = kinds[Number(tag.value) % 8];
    if (kind === undefined || number < 1 || number >= 2 ** 29)
      damaged(`a field at byte ${at} of a message has no kind`);
    if (kind === "varint") {
      const { value, next } = varintAt(message, at, damaged);
      yield { number: Math.floor(number), kind, value };
      at = next;
      continue;
    }
    let size = kind === "fixed32" ? 4 : 8;
    if (kind === "bytes") {
      const length = varintAt(message, at, damaged);
      [size, at] = [Number(length.value), length.next];
    }
    if (size > message.length - at) damaged(`a field of ${size} bytes is longer than its message`);
    yield { number: Math.floor(number), kind: kind!, value: message.subarray(at, at + size) };
    at += size;
  }
}

/** Whole numbers that stand one behind the other. */
export function varintsOf(bytes: Uint8Array, who: string): (number | bigint)[] {
  const damaged = (what: string): never => fail(who, `${what}: the file is damaged, or none of ONNX.`, "corrupt-file");
  const values: (number | bigint)[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { value, next } = varintAt(bytes, at, damaged);
    values.push(value);
    at = next;
  }
  return values;
}

/** A whole number of up to 64 bits, without a sign; a bigint where a number does not hold it. */
function varintAt(
  bytes: Uint8Array,
  start: number,
  damaged: (what: string) => never,
): { readonly value: number | bigint; readonly next: number } {
  let value = 0;
  let at = start;
  for (let factor = 1; at - start < 7; factor *= 128) {
    const byte = bytes[at++] ?? damaged("a number is cut short");
    value += (byte & 127) * factor;
    if (byte < 128) return { value, next: at };
  }
  let long = BigInt(value);
  for (let shift = 49n; shift < 70n; shift += 7n) {
    const byte = bytes[at++] ?? damaged("a number is cut short");
    long |= BigInt(byte & 127) << shift;
    if (byte >= 128) continue;
    const whole = BigInt.asUintN(64, long);
    return { value: whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole, next: at };
  }
  return damaged("a number has more than 64 bits");
}

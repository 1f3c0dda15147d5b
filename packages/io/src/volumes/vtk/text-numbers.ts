// Numbers as text, which become the bytes of their dtype.
import { fail } from "@hooke/runtime";
import { type StoredName, storedSize } from "../../stored-array.ts";

type Setter = (view: DataView, at: number, word: string) => boolean;

const whole =
  (
    set: "setInt8" | "setUint8" | "setInt16" | "setUint16" | "setInt32" | "setUint32",
    low: number,
    high: number,
  ): Setter =>
  (view, at, word) => {
    const value = Number(word);
    view[set](at, value, true);
    return Number.isInteger(value) && value >= low && value <= high;
  };
const long =
  (isSigned: boolean): Setter =>
  (view, at, word) => {
    if (!/^[-+]?\d{1,20}$/.test(word)) return false;
    const value = BigInt(word.replace("+", ""));
    view.setBigInt64(at, value, true);
    return (isSigned ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)) === value;
  };
const special: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY };
const float =
  (set: "setFloat32" | "setFloat64"): Setter =>
  (view, at, word) => {
    const named = /^([-+]?)(nan|inf)(?:inity)?$/i.exec(word);
    const value = named === null ? Number(word) : special[named[2]!.toLowerCase()]! * (named[1] === "-" ? -1 : 1);
    view[set](at, value, true);
    return named !== null || !Number.isNaN(value);
  };

const setters: Partial<Record<StoredName, Setter>> = {
  I8: whole("setInt8", -128, 127),
  U8: whole("setUint8", 0, 255),
  I16: whole("setInt16", -32768, 32767),
  U16: whole("setUint16", 0, 65535),
  I32: whole("setInt32", -(2 ** 31), 2 ** 31 - 1),
  U32: whole("setUint32", 0, 2 ** 32 - 1),
  I64: long(true),
  U64: long(false),
  F32: float("setFloat32"),
  F64: float("setFloat64"),
};

const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);
/** Bytes that become text at a time: there is a longest text. */
const piece = 2 ** 20;

/** Where the text of `count` words ends, from `at` on; undefined where there are fewer. */
export function endOfWords(bytes: Uint8Array, at: number, count: number): number | undefined {
  let left = count;
  let place = at;
  while (left > 0) {
    while (place < bytes.length && isSpace(bytes[place]!)) place++;
    if (place >= bytes.length) return undefined;
    while (place < bytes.length && !isSpace(bytes[place]!)) place++;
    left--;
  }
  return place;
}

/** The bytes, the lowest first, of so many bytes of numbers that stand in `text`. */
export function parseNumbers(
  who: string,
  what: string,
  text: Uint8Array,
  stored: StoredName,
  length: number,
): Uint8Array<ArrayBuffer> {
  const size = storedSize(stored);
  const count = length / size;
  const miscounted = (found: string): never =>
    fail(who, `${what} has ${found} numbers, where ${count} are expected: the file is damaged.`, "corrupt-file");
  // A word and what is between words take two bytes.
  if (count > (text.length + 1) / 2) return miscounted("fewer");
  const result = new Uint8Array(length);
  const view = new DataView(result.buffer);
  const set = setters[stored]!;
  let done = 0;
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + piece);
    while (to < text.length && !isSpace(text[to]!)) to++;
    for (const word of new TextDecoder("latin1").decode(text.subarray(from, to)).split(/\s+/)) {
      if (word === "") continue;
      if (done === count) return miscounted("more");
      if (!set(view, done * size, word)) {
        fail(
          who,
          `${what} holds ${JSON.stringify(word.slice(0, 40))}, which is no ${stored}: the file is damaged.`,
          "corrupt-file",
        );
      }
      done++;
    }
    from = to;
  }
  return done < count ? miscounted(String(done)) : result;
}

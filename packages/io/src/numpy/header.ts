// The header of a .npy file: a magic string, a version, and a Python dictionary as text.
// Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
import { fail, type Shape } from "@hooke/runtime";
import type { StoredArray, StoredName } from "../stored-array.ts";

/** Every .npy file starts with it. */
export const magic: Uint8Array = /* @__PURE__ */ Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
/** NumPy's own limit on the header's text. */
const longestText = 10_000;
/** Bytes before the data, at most. */
export const longestHeader: number = 12 + longestText;

/** What a .npy file holds. */
export interface NpyHeader extends StoredArray {
  /** Where the data begin. */
  readonly dataStart: number;
}

const stored: Readonly<Record<string, StoredName>> = {
  b1: "BOOL",
  i1: "I8",
  i2: "I16",
  i4: "I32",
  i8: "I64",
  u1: "U8",
  u2: "U16",
  u4: "U32",
  u8: "U64",
  f2: "F16",
  f4: "F32",
  f8: "F64",
};

/** Kinds of arrays that are not read: what they hold, and what to save instead. */
const refused: readonly (readonly [code: RegExp, what: string, cure: string])[] = [
  [
    /^O/,
    "Python objects, which are pickled: reading them can run code",
    "Save numbers: np.save(path, np.asarray(x, dtype=float))",
  ],
  [/^c(8|16|24|32)$/, "complex numbers", "Save their parts: np.stack([x.real, x.imag], axis=-1)"],
  [/^f(12|16)$/, "floats longer than 64 bits", "Save x.astype(np.float64)"],
  [/^U\d+$/, "text", "Save it as JSON or CSV, or as numbers that stand for it"],
  [/^[Sa]\d+$/, "bytes of text", "Save it as JSON or CSV, or as numbers that stand for it"],
  [/^V\d+$/, "raw bytes", "Save them as numbers: x.view(np.uint8)"],
  [/^M8/, "dates", "Save them as numbers: x.astype('int64')"],
  [/^m8/, "durations", "Save them as numbers: x.astype('int64')"],
];

/** Reads the header of a .npy file. */
export function readNpyHeader(bytes: Uint8Array, who: string): NpyHeader {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) {
    fail(who, "does not start as a .npy file does (\\x93NUMPY); it is of another kind, or damaged.", "corrupt-file");
  }
  const [major, minor] = [bytes[6]!, bytes[7]!];
  if (major < 1 || major > 3 || minor !== 0) {
    fail(who, `has the .npy version ${major}.${minor}; 1.0, 2.0 and 3.0 are known.`, "unsupported");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = major > 1;
  const textStart = wide ? 12 : 10;
  const length = wide
    ? bytes.length < 12
      ? Number.POSITIVE_INFINITY
      : view.getUint32(8, true)
    : view.getUint16(8, true);
  if (length > longestText || textStart + length > bytes.length) {
    fail(
      who,
      `the header claims ${length} bytes, where at most ${longestText} are read and ${bytes.length} are in the file: it is cut ` +
        "short or damaged.",
      "corrupt-file",
    );
  }
  const dataStart = textStart + length;
  return { ...readDictionary(new TextDecoder().decode(bytes.subarray(textStart, dataStart)), who), dataStart };
}

/** Entries are read one by one: a pattern for all of them would look through damaged text for very long. */
const entry =
  /\s*(['"])(descr|fortran_order|shape)\1\s*:\s*(?:'([^']*)'|"([^"]*)"|(True|False)|\(([\dL,\s]*)\)|(\[.*))\s*(?:,|$)/sy;

function readDictionary(text: string, who: string): StoredArray {
  const damaged = (): never =>
    fail(
      who,
      `the header is ${JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text)}; expected ` +
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}: the file is damaged.",
      "corrupt-file",
    );
  const body = /^\{(.*)\}$/s.exec(text.trim())?.[1]?.trimEnd();
  if (body === undefined) return damaged();
  const found: { descr?: string; fortran_order?: string; shape?: string } = {};
  entry.lastIndex = 0;
  while (entry.lastIndex < body.length) {
    const match = entry.exec(body);
    if (match === null) return damaged();
    const [, , name, single, double, flag, tuple, list] = match;
    if (list !== undefined && name === "descr") {
      return fail(who, "holds records. Save each field as an array of its own, e.g. with np.savez.", "unsupported");
    }
    const value = name === "descr" ? (single ?? double) : name === "shape" ? tuple : flag;
    if (value === undefined || Object.hasOwn(found, name!)) return damaged();
    found[name as keyof typeof found] = value;
  }
  const { descr, fortran_order: order, shape } = found;
  if (descr === undefined || order === undefined || shape === undefined) return damaged();
  return { ...readDescr(descr, who), fortranOrder: order === "True", shape: readShape(shape) ?? damaged() };
}

function readDescr(descr: string, who: string): Pick<StoredArray, "stored" | "bigEndian"> {
  const [, order, code = ""] = /^([<>|=]?)(.*)$/s.exec(descr)!;
  if (Object.hasOwn(stored, code)) {
    // NumPy always names the order; the machines of writers that say "native" are little-endian.
    return { stored: stored[code]!, bigEndian: order === ">" };
  }
  const known = refused.find(([pattern]) => pattern.test(code));
  if (known !== undefined) fail(who, `holds ${known[1]} ("${descr.slice(0, 40)}"). ${known[2]}.`, "unsupported");
  return fail(
    who,
    `has the dtype ${JSON.stringify(descr.slice(0, 40))}, which NumPy does not write; the file is damaged.`,
    "corrupt-file",
  );
}

/** The dimensions of a Python tuple; undefined if it is none, or holds a dimension beyond 2^53. */
function readShape(tuple: string): Shape | undefined {
  const parts = tuple.split(",").map((part) => part.trim());
  // A comma may stand behind the last one, and does behind the only one.
  if (parts.at(-1) === "") parts.pop();
  // Python 2 wrote long integers as 3L.
  const shape = parts.map((part) => (/^\d+L?$/.test(part) ? Number.parseInt(part, 10) : Number.NaN));
  return shape.every(Number.isSafeInteger) ? shape : undefined;
}

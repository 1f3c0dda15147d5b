// Safetensors: byte parity with the reference implementation, exact round trips, and the message for every malformed file.
import { readFileSync } from "node:fs";
import { array, type HostArray, zeros } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { decodeSafetensors } from "./decode.ts";
import { encodeSafetensors } from "./encode.ts";
import { faultOf } from "./parse-json.ts";

/** What fixtures/write.py writes. */
const tensors: Record<string, HostArray> = {
  "dense.kernel": array([
    [0.5, -1.25, 3],
    [1e-30, -0, 65504],
  ]),
  "dense.bias": array([0.1, 0.2, 0.3], { dtype: "f64" }),
  step: array(-7, { dtype: "i32" }),
  key: array(Uint32Array.of(0, 4294967295)),
  mask: array([true, false, true]),
  empty: zeros([0, 4]),
  größe: array([1.5]),
};
const metadata = { format: "hooke" };

describe("reference implementation", () => {
  const file = readFileSync(new URL("./fixtures/python.safetensors", import.meta.url));

  test("its file is read", () => {
    expect(decodeSafetensors(file)).toEqual({ tensors, metadata });
  });

  test("ours has the same bytes", () => {
    expect(Buffer.from(encodeSafetensors(tensors, metadata)).equals(file)).toBe(true);
  });
});

describe("round trips", () => {
  test.each<[string, Record<string, HostArray>, Record<string, string>]>([
    ["nothing", {}, {}],
    ["metadata only", {}, { a: "1", b: '{"x":"é\\n"}' }],
    ["scalars", { a: array(1), b: array(2, { dtype: "f64" }) }, {}],
    ["special floats", { a: array([Number.NaN, -Infinity, -0, 5e-324], { dtype: "f64" }) }, {}],
    ["a name like a prototype", JSON.parse('{"__proto__": 0}') && Object.fromEntries([["__proto__", array([1])]]), {}],
    ["a view into a larger buffer", { a: array(new Float32Array(8).subarray(3, 5).fill(2)) }, {}],
  ])("%s", (_, given, text) => {
    const bytes = encodeSafetensors(given, text);
    const decoded = decodeSafetensors(bytes);
    expect(decoded).toEqual({ tensors: given, metadata: text });
    expect(Object.keys(decoded.tensors).sort()).toEqual(Object.keys(given));
    expect(bytes.length % 4).toBe(0);
  });

  test("at any alignment, and without holding on to the file", () => {
    const bytes = encodeSafetensors(tensors, metadata);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const view = shifted.subarray(3);
    const decoded = decodeSafetensors(view);
    view.fill(255);
    expect(decoded.tensors).toEqual(tensors);
  });

  test("metadata that is no text is refused", () => {
    expect(() => encodeSafetensors({}, { n: 5 } as never)).toThrow('the metadata entry "n" is 5; entries are text');
  });

  test("a tensor called __metadata__ is refused", () => {
    expect(() => encodeSafetensors({ __metadata__: array(1) })).toThrow(
      'safetensors: received a tensor called "__metadata__", which the format reserves; rename it.',
    );
  });
});

/** A file with this header and `dataBytes` bytes of zeros. */
function fileOf(header: string | Uint8Array, dataBytes = 0, statedLength?: bigint): Uint8Array {
  const json = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + json.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, statedLength ?? BigInt(json.length), true);
  file.set(json, 8);
  return file;
}
const entry = (shape: unknown, offsets: unknown, dtype: unknown = "F32") =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

describe("malformed files", () => {
  const notBool = fileOf(`{"m":${entry([2], [0, 2], "BOOL")}}`, 2);
  notBool[notBool.length - 1] = 7;
  test.each([
    [
      "too short",
      new Uint8Array(5),
      "the file has 5 bytes; a safetensors file starts with 8 that state the header's length.",
    ],
    ["header too large", fileOf("{}", 0, 100_000_001n), "the header claims 100000001 bytes; the limit is 100000000."],
    [
      "header absurdly large",
      fileOf("{}", 0, 2n ** 64n - 1n),
      "the header claims 18446744073709551615 bytes; the limit is 100000000.",
    ],
    [
      "header beyond the file",
      fileOf("{}", 0, 500n),
      "the header claims 500 bytes and 2 follow; the file is truncated or of another kind.",
    ],
    ["empty header", fileOf(""), "the header is not valid JSON"],
    [
      "bad UTF-8",
      fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)),
      "the header is not valid UTF-8; the file is damaged or of another kind.",
    ],
    ["bad JSON", fileOf('{"a":'), "the header is not valid JSON"],
    ["array header", fileOf("[1, 2]"), 'the header is [1, 2]...; it must be a JSON object and start with "{".'],
    ["null header", fileOf("null"), "the header is null...; it must be a JSON object"],
    ["leading space", fileOf(" {}"), 'it must be a JSON object and start with "{".'],
    [
      "duplicate tensor",
      fileOf(`{"a":${entry([1], [0, 4])},"a":${entry([1], [4, 8])}}`, 8),
      'the header has the key "a" twice;',
    ],
    [
      "duplicate key, escaped",
      fileOf(`{"a":${entry([0], [0, 0])},"\\u0061":${entry([0], [0, 0])}}`),
      'the header has the key "a" twice;',
    ],
    [
      "duplicate field",
      fileOf('{"a":{"dtype":"F32","shape":[0],"shape":[1],"data_offsets":[0,4]}}', 4),
      'the header has the key "shape" twice;',
    ],
    ["metadata", fileOf('{"__metadata__":{"a":1}}'), '"__metadata__" is {"a":1}; it must map names to text.'],
    ["entry", fileOf('{"a":3}'), 'tensor "a" is described by 3; expected {"dtype", "shape", "data_offsets"}.'],
    ["no dtype", fileOf('{"a":{}}'), 'tensor "a" has the dtype missing; a dtype is a name.'],
    [
      "unknown field",
      fileOf('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"strides":[1]}}'),
      'tensor "a" is described by "strides" too; the format knows dtype, shape, data_offsets and nothing else.',
    ],
    [
      "deep nesting",
      fileOf(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
      "the header is nested deeper than 512;",
    ],
    [
      "other dtype",
      fileOf(`{"w":${entry([2], [0, 4], "C32")}}`, 4),
      'tensor "w" has the dtype "C32"; Hooke reads F64, F32, U32, I32, BOOL, F16, BF16, F8_E4M3, F8_E5M2, I8, U8, I16, U16, I64, U64. ' +
        "Convert it before saving, e.g. tensor.float() in PyTorch, or leave it out with names.",
    ],
    [
      "no shape",
      fileOf('{"a":{"dtype":"F32"}}'),
      'tensor "a" has the shape missing; a shape is a list of whole numbers from 0.',
    ],
    [
      "negative shape",
      fileOf(`{"a":${entry([-1], [0, 4])}}`, 4),
      'tensor "a" has the shape [-1]; a shape is a list of whole numbers from 0.',
    ],
    ["fractional shape", fileOf(`{"a":${entry([1.5], [0, 6])}}`, 6), 'tensor "a" has the shape [1.5];'],
    [
      "overflowing shape",
      fileOf(`{"a":${entry([2 ** 40, 2 ** 40], [0, 4])}}`, 4),
      'tensor "a" has the shape [1099511627776,1099511627776];',
    ],
    [
      "no offsets",
      fileOf('{"a":{"dtype":"F32","shape":[]}}'),
      'tensor "a" has the data offsets missing; expected [begin, end] with 0 <= begin <= end.',
    ],
    ["three offsets", fileOf(`{"a":${entry([1], [0, 4, 8])}}`, 8), 'tensor "a" has the data offsets [0,4,8];'],
    ["reversed offsets", fileOf(`{"a":${entry([1], [4, 0])}}`, 4), 'tensor "a" has the data offsets [4,0];'],
    ["negative offsets", fileOf(`{"a":${entry([1], [-4, 0])}}`, 4), 'tensor "a" has the data offsets [-4,0];'],
    [
      "wrong size",
      fileOf(`{"a":${entry([2, 3], [0, 20])}}`, 20),
      'tensor "a" is F32 of shape [2, 3], which takes 24 bytes; its data offsets [0, 20] hold 20.',
    ],
    [
      "out of range",
      fileOf(`{"a":${entry([1], [0, 4])},"b":${entry([1], [96, 100])}}`, 8),
      'tensor "b" ends at byte 100 of the data, which has 8; the file is truncated or its offsets are wrong.',
    ],
    [
      "truncated data",
      encodeSafetensors({ a: zeros([10]) }).subarray(0, -1),
      'tensor "a" ends at byte 40 of the data, which has 39; the file is truncated or its offsets are wrong.',
    ],
    [
      "hole at the start",
      fileOf(`{"a":${entry([1], [4, 8])}}`, 8),
      'bytes 0 to 4 of the data, before tensor "a", belong to no tensor; holes are not allowed.',
    ],
    [
      "hole between",
      fileOf(`{"b":${entry([1], [8, 12])},"a":${entry([1], [0, 4])}}`, 12),
      'bytes 4 to 8 of the data, before tensor "b", belong to no tensor;',
    ],
    [
      "overlap",
      fileOf(`{"a":${entry([2], [0, 8])},"b":${entry([1], [4, 8])}}`, 8),
      'tensor "b" starts at byte 4 of the data, inside tensor "a", which ends at 8.',
    ],
    [
      "same bytes twice",
      fileOf(`{"a":${entry([1], [0, 4])},"b":${entry([1], [0, 4])}}`, 4),
      'tensor "b" starts at byte 0 of the data, inside tensor "a", which ends at 4.',
    ],
    [
      "trailing bytes",
      fileOf(`{"a":${entry([1], [0, 4])}}`, 7),
      "3 bytes follow the last tensor; the file must end with it.",
    ],
    ["bool byte", notBool, 'tensor "m" is BOOL and holds 7 at element 1; it is 0 or 1.'],
  ])("%s", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, { source: "model.safetensors" })).toThrow(
      `model.safetensors: ${message}`.slice(message.startsWith("it must") ? 19 : 0),
    );
  });

  test("every truncation of a valid file is refused", () => {
    const bytes = encodeSafetensors(tensors, metadata);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(/^safetensors: /);
    }
  });
});

test.each([
  ['{"a":{"a":1},"b":{"a":"a"}}', undefined],
  ['{"a":["x","x"],"b":"{\\"b\\":"}', undefined],
  ['{"a" : 1, "b":[{"c":1},{"c":2}] , "a":3}', 'has the key "a" twice'],
  ['{"a":{"x":1,"y":[],"x":2}}', 'has the key "x" twice'],
  ['{"a\\\\":"\\"","a\\\\":2}', 'has the key "a\\" twice'],
  [`${"[".repeat(512)}${"]".repeat(512)}`, undefined],
  [`${"[".repeat(513)}${"]".repeat(513)}`, "is nested deeper than 512"],
  [`{"a":"${"[{".repeat(1000)}"}`, undefined],
])("fault of %s", (json, expected) => expect(faultOf(json)).toBe(expected));

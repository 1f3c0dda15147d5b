// .npy files: NumPy's own, in every dtype, order and version; what is written is what NumPy writes; damage is refused.
import { array, type HostArray, zeros } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import golden from "./fixtures/npy.json" with { type: "json" };
import { decodeNpy, encodeNpy } from "./npy.ts";

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
const numberOf = (text: string): number => Number(text.replace("inf", "Infinity"));

const dtypes: readonly (readonly [RegExp, HostArray["dtype"]])[] = [
  [/^.?f8|number|version/, "f64"],
  [/^.?f[24]|four axes|no values/, "f32"],
  [/^.?u4/, "u32"],
  [/^.?b1/, "bool"],
  [/^.?[iu]|one axis/, "i32"],
];

test.each(golden.cases)("reads $name", ({ name, file, shape, values }) => {
  const found = decodeNpy(bytesOf(file));
  expect(found.shape).toEqual(shape);
  expect(found.dtype).toBe(dtypes.find(([pattern]) => pattern.test(name))![1]);
  const expected = zeros([values.length], found.dtype).data;
  expected.set(values.map(numberOf));
  // toEqual tells -0 from 0.
  expect(found.data).toEqual(expected);
});

test.each(["|b1", "<i4", "<u4", "<f4", "<f8", "a number", "no values"])("writes %s as NumPy does", (name) => {
  const file = bytesOf(golden.cases.find((one) => one.name === name)!.file);
  expect(encodeNpy(decodeNpy(file))).toEqual(file);
});

test.each(Object.entries(golden.refused))("refuses %s by name, with what to save", (name, file) => {
  expect(() => decodeNpy(bytesOf(file), { source: "x.npy" })).toThrow(new RegExp(`^x\\.npy: holds ${name}.* Save `));
});

test("whole numbers of 64 bits keep their digits, or are refused", () => {
  const file = bytesOf(golden.cases.find(({ name }) => name === "<i8")!.file);
  new DataView(file.buffer).setBigInt64(file.length - 8, 2n ** 53n - 1n, true);
  expect(decodeNpy(file, { int64: "f64" }).data.at(-1)).toBe(2 ** 53 - 1);
  expect(() => decodeNpy(file)).toThrow(
    'npy: the array is I64 and holds 9007199254740991 at element 5; i32 ends at 2147483647. Read such numbers with int64: "f64"',
  );
  new DataView(file.buffer).setBigInt64(file.length - 8, 2n ** 53n + 1n, true);
  expect(() => decodeNpy(file, { int64: "f64" })).toThrow("f64 holds whole numbers exactly to 2^53.");
});

describe("a damaged file", () => {
  const file = encodeNpy(array([[1, 2, 3]]));
  const withHeader = (text: string): Uint8Array => {
    const damaged = file.slice();
    damaged.fill(0x20, 10, 127);
    damaged.set(new TextEncoder().encode(text), 10);
    return damaged;
  };

  test("is refused cut short anywhere, and with bytes after its end", () => {
    for (let length = 0; length < file.length; length++) {
      expect(() => decodeNpy(file.subarray(0, length))).toThrow(expect.objectContaining({ code: "corrupt-file" }));
    }
    expect(() => decodeNpy(Uint8Array.of(...file, 0))).toThrow(
      "1 bytes follow the array; a .npy file holds one array.",
    );
  });

  test.each([
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (9007199254740993,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999, 99999999), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, , 3), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 3), }",
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1, 3)}",
    "{'descr': '<f3', 'fortran_order': False, 'shape': (1, 3)}",
    "{'descr': '__proto__', 'fortran_order': False, 'shape': (1, 3)}",
    "{'descr': '<f4', 'fortran_order': __import__('os'), 'shape': (1, 3)}",
    "",
  ])("with the header %s is refused", (text) => {
    expect(() => decodeNpy(withHeader(text))).toThrow(
      expect.objectContaining({ name: "HookeError", code: "corrupt-file" }),
    );
  });

  test("as another writer lays it out is read", () => {
    expect(decodeNpy(withHeader('{"shape":(1L,3L),"fortran_order":False,"descr":"=f4"}'))).toEqual(array([[1, 2, 3]]));
  });
});

test("what is no file is refused, and so are unknown options", () => {
  expect(() => decodeNpy("strain.npy" as never)).toThrow("decodeFile of @hooke/io/node reads one.");
  expect(() => decodeNpy(new Uint8Array(), { src: "" } as never)).toThrow('unknown option "src"');
});

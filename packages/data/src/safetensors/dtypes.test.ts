// Dtypes of files from elsewhere: the numbers PyTorch has, or a refusal that names the tensor.
import { readFileSync } from "node:fs";
import { array } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { decodeSafetensors } from "./decode.ts";
import { encodeSafetensors } from "./encode.ts";

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));

describe("a file of PyTorch", () => {
  const { tensors } = decodeSafetensors(fixture("pytorch.safetensors"));
  const exact = decodeSafetensors(fixture("pytorch-f64.safetensors")).tensors;

  test.each<[string, string]>([
    ["norm.weight", "f32"],
    ["norm.num_batches_tracked", "i32"],
    ["f16", "f32"],
    ["bf16", "f32"],
    ["f8_e4m3", "f32"],
    ["f8_e5m2", "f32"],
    ["i8", "i32"],
    ["u8", "i32"],
    ["i16", "i32"],
    ["u16", "i32"],
    ["i64", "i32"],
    ["u64", "i32"],
  ])("%s is read as %s, exactly", (name, dtype) => {
    const found = tensors[name]!;
    expect(found.dtype).toBe(dtype);
    expect(found.shape).toEqual(exact[name]!.shape);
    // toEqual tells -0 from 0.
    expect([...found.data]).toEqual([...exact[name]!.data]);
  });

  test("holds nothing else", () => {
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(exact).sort());
    expect(tensors["norm.num_batches_tracked"]).toEqual(array(1, { dtype: "i32" }));
  });

  test("is read in part", () => {
    const chosen = decodeSafetensors(fixture("pytorch.safetensors"), { names: ["norm.bias", "u8"] });
    expect(Object.keys(chosen.tensors).sort()).toEqual(["norm.bias", "u8"]);
    expect(() => decodeSafetensors(fixture("pytorch.safetensors"), { names: ["norm.biass"] })).toThrow(
      'safetensors: has no tensor "norm.biass". Did you mean "norm.bias"? It has ',
    );
  });
});

/** A file with one tensor of a dtype that encodeSafetensors does not write. */
function fileOf(dtype: string, shape: readonly number[], data: ArrayBufferView): Uint8Array {
  const bytes = new Uint8Array(data.buffer);
  const header = JSON.stringify({ n: { dtype, shape, data_offsets: [0, bytes.length] } });
  const file = new Uint8Array(8 + header.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(new TextEncoder().encode(header), 8);
  file.set(bytes, 8 + header.length);
  return file;
}

describe("whole numbers of 64 bits", () => {
  const large = fileOf("I64", [3], BigInt64Array.of(1n, -(2n ** 53n) + 1n, 2n ** 31n));
  const larger = fileOf("U64", [2], BigUint64Array.of(2n ** 53n - 1n, 2n ** 53n + 1n));

  test("beyond i32 are refused by name", () => {
    expect(() => decodeSafetensors(large)).toThrow(
      'safetensors: tensor "n" is I64 and holds -9007199254740991 at element 1; i32 ends at 2147483647. Read such numbers ' +
        'with int64: "f64", which is exact to 2^53. The option names leaves tensors out.',
    );
  });

  test("become f64 on request", () => {
    expect(decodeSafetensors(large, { int64: "f64" }).tensors.n).toEqual(
      array([1, -(2 ** 53) + 1, 2 ** 31], { dtype: "f64" }),
    );
  });

  test("beyond f64 are refused by name, and can be left out", () => {
    expect(() => decodeSafetensors(larger, { int64: "f64" })).toThrow(
      'tensor "n" is U64 and holds 9007199254740993 at element 1; f64 holds whole numbers exactly to 2^53.',
    );
    expect(decodeSafetensors(larger, { names: (name) => name !== "n" }).tensors).toEqual({});
  });
});

test("a dtype that is unknown keeps the rest of the file from nobody", () => {
  const file = fileOf("C64", [1], Float32Array.of(1, 2));
  expect(() => decodeSafetensors(file)).toThrow('tensor "n" has the dtype "C64"; Hooke reads F64,');
  expect(decodeSafetensors(file, { names: [] }).tensors).toEqual({});
});

test.each<[unknown, string]>([
  [
    "model.safetensors",
    'decodeSafetensors: received "model.safetensors"; it takes options in a record, { source: ... }.',
  ],
  [{ name: ["a"] }, 'decodeSafetensors: received the unknown option "name".'],
  [{ names: "a" }, 'option "names" is "a"; expected a list of names, or a function of a name.'],
  [{ int64: "i64" }, 'option "int64" is "i64"; expected one of "i32", "f64".'],
])("options %j are refused", (options, message) => {
  expect(() => decodeSafetensors(encodeSafetensors({}), options as never)).toThrow(message);
});

test.each([undefined, null, "text", new ArrayBuffer(8), [1, 2]])("%s is no file", (bytes) => {
  expect(() => decodeSafetensors(bytes as never)).toThrow("a file is read as a Uint8Array.");
});

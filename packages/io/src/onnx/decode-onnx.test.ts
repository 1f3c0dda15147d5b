// Constants of ONNX files that the onnx package wrote: every type, in each way of storing them; damage and other files are refused.
import { readFileSync } from "node:fs";
import { array, zeros } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { Message } from "../protobuf.ts";
import { decodeOnnx } from "./decode-onnx.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));
const expected = JSON.parse(new TextDecoder().decode(fixture("expected.json"))) as Record<string, object>;

it("numbers of every type, in one piece and one by one, by every name", async () => {
  const { tensors, operators } = await decodeOnnx(fixture("constants.onnx"), { int64: "f64" });
  const found = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: [...data].map(Number) }]),
  );
  expect(found).toEqual(expected);
  expect(operators).toEqual(["Identity"]);
  expect(tensors["raw.FLOAT16"]?.dtype).toBe("f32");
  expect(tensors["and again"]).toBe(tensors.scalar);
});

it("floats alone", async () => {
  const { tensors } = await decodeOnnx(fixture("constants.onnx"), { floatsOnly: true });
  expect(Object.keys(tensors).filter((name) => /INT|BOOL/.test(name))).toEqual([]);
  expect(Object.keys(tensors)).toHaveLength(13);
});

const outside = fixture("outside.onnx");

it("numbers in another file", async () => {
  const asked: string[] = [];
  const external = async (location: string) => {
    asked.push(location);
    return fixture("outside.bin");
  };
  const { tensors } = await decodeOnnx(outside, { external });
  const first = [
    [0, 1, 2],
    [3, 4, 100],
  ];
  expect(tensors.part0).toEqual(array(first));
  expect(tensors.part1).toEqual(array(first.map((row) => row.map((value) => value + 1))));
  expect(asked).toEqual(["outside.bin"]);
  const short = async () => fixture("outside.bin").subarray(0, 20);
  await expect(decodeOnnx(outside, { external: short })).rejects.toThrow(
    'of "outside.bin", which has 20: it is cut short',
  );
});

/** A file with one tensor of these fields. */
const fileOf = (tensor: Message): Uint8Array =>
  new Message().integer(1, 8).message(7, new Message().message(5, tensor)).finish();
const named = () => new Message().text(8, "w");
const place = (key: string, value: string): Message => new Message().text(1, key).text(2, value);

describe("refuses", () => {
  it.each<[string, Uint8Array, string]>([
    ["no file of protobuf", new TextEncoder().encode("weights"), "onnx: a field"],
    ["a file without a graph", new Message().integer(1, 8).finish(), "has no graph"],
    ["a file that is cut short", fixture("constants.onnx").subarray(0, 500), "is longer than its message"],
    ["texts", fixture("text.onnx"), 'tensor "text" is of strings, which has no array here'],
    ["another file that nobody reads", outside, 'is in another file, "outside.bin". Give the option external'],
    [
      "a file outside of the folder",
      fileOf(named().integer(2, 1).message(13, place("location", "../secret")).integer(14, 1)),
      'is in "../secret", outside of the file\'s folder',
    ],
    [
      "a shape that the numbers do not have",
      fileOf(
        named()
          .integer(1, 2 ** 40)
          .integer(2, 1)
          .bytes(9, new Uint8Array(8)),
      ),
      "the option limit allows 67108864",
    ],
    [
      "too few numbers",
      fileOf(named().integer(1, 3).integer(2, 1).bytes(9, new Uint8Array(8))),
      "takes 12 bytes; the file holds 8",
    ],
    ["a negative dimension", fileOf(named().integer(1, -1).integer(2, 1)), "has the shape"],
    [
      "numbers that are there twice",
      fileOf(named().integer(1, 1).integer(2, 1).float32(4, 1).bytes(9, new Uint8Array(4))),
      "has its numbers twice",
    ],
    ["a type that is none", fileOf(named().integer(1, 1).integer(2, 99)), "is of type 99"],
    ["a length beyond the file", Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f), "a field of 4294967295 bytes"],
    ["a number that does not end", new Uint8Array(12).fill(0xff), "has more than 64 bits"],
  ])("%s", async (_, file, message) => {
    await expect(decodeOnnx(file)).rejects.toThrow(message);
  });
});

it("reads a tensor without numbers", async () => {
  const file = fileOf(named().integer(1, 0).integer(2, 1).bytes(9, new Uint8Array()));
  expect((await decodeOnnx(file)).tensors.w).toEqual(zeros([0], "f32"));
});

// Files of torch.save: PyTorch's own, against what PyTorch says they hold; forged ones, each refused for its reason.
import { readFileSync } from "node:fs";
import { crc32 } from "@hooke/data/safetensors";
import { describe, expect, test } from "vitest";
import { readZip } from "../zip/read-zip.ts";
import { writeZip } from "../zip/write-zip.ts";
import { decodePyTorch, type PyTorchFile } from "./decode-pytorch.ts";

const here = new URL("./fixtures/", import.meta.url);
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`${name}.pth`, here)));
type Expected = Record<string, { readonly shape: number[]; readonly data: string[] }>;
const expected: Record<string, Expected> = JSON.parse(readFileSync(new URL("expected.json", here), "utf8"));

const numbers: Record<string, number> = { inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY };
const held = ({ tensors }: PyTorchFile) =>
  Object.fromEntries(Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: [...data] }]));
const numeric = (each: Expected) =>
  Object.fromEntries(
    Object.entries(each).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((text) => numbers[text] ?? Number(text)) },
    ]),
  );

test.each(["dtypes", "views", "checkpoint", "parameters", "unchecked"])("reads what PyTorch has saved: %s", (name) => {
  expect(held(decodePyTorch(fixture(name)))).toEqual(numeric(expected[name]!));
});

test("dtypes are those of safetensors", () => {
  const { tensors } = decodePyTorch(fixture("dtypes"), { int64: "f64" });
  expect(Object.entries(tensors).map(([name, { dtype }]) => `${name} ${dtype}`)).toEqual(
    (
      "f64 f64,f32 f32,f16 f32,bf16 f32,f8_e4m3 f32,f8_e5m2 f32,i64 f64,i32 i32,i16 i32,i8 i32,u8 i32,u16 i32,u32 u32,u64 f64," +
      "bool bool,scalar f32,empty f32"
    ).split(","),
  );
  const wide = fixture("wide");
  expect(() => decodePyTorch(wide, { names: ["a"] })).toThrow(
    'tensor "a" is I64 and holds 9007199254740993 at element 0',
  );
  expect(() => decodePyTorch(wide, { names: ["z"] })).toThrow('tensor "z" is complex64, which has no array here');
});

test("finds the weights of a checkpoint, says where, and what it left out", () => {
  const { nest, leftOut } = decodePyTorch(fixture("checkpoint"));
  expect(nest).toEqual(["state_dict"]);
  expect(leftOut).toEqual(['"epoch"', '"pytorch-lightning_version"', '"optimizer"', '"extras"']);
  expect(decodePyTorch(fixture("parameters")).nest).toEqual(["model", "state_dict"]);
  expect(() => decodePyTorch(fixture("checkpoint"), { nest: ["ema"] })).toThrow('has no "ema". It has "epoch": 3,');
  expect(() => decodePyTorch(fixture("checkpoint"), { nest: [] })).toThrow("has no tensors, but");
});

describe("refuses", () => {
  test.each<[string, string]>([
    ["module", "asks for torch.nn.modules.container.Sequential, which weights do not need"],
    ["negated", "has a tensor whose values are stored negated or conjugated"],
    ["legacy", "is a file of PyTorch before 1.6. Convert it: python -c"],
    ["script", "is a program of TorchScript"],
  ])("%s", (name, message) => {
    expect(() => decodePyTorch(fixture(name), { source: "m.pth" })).toThrow(`m.pth: ${message}`);
  });

  test("other files", () => {
    const tar = new Uint8Array(512);
    tar.set(new TextEncoder().encode("ustar"), 257);
    expect(() => decodePyTorch(tar)).toThrow("is a tar file");
    expect(() => decodePyTorch(Uint8Array.of(0x80, 2, 0x4e, 0x2e))).toThrow("is a bare pickle");
    expect(() => decodePyTorch(new Uint8Array(40))).toThrow("does not start as a zip file does");
  });
});

/** A pickle, in parts: text as it is, numbers as bytes. */
const bytesOf = (...parts: readonly (string | number)[]) =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? [...part].map((character) => character.charCodeAt(0)) : [part],
    ),
  );
const short = (text: string) => `U${String.fromCharCode(text.length)}${text}`;
const whole = (value: number) => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return `\x8a\x08${String.fromCharCode(...bytes)}`;
};
const global = (module: string, name: string) => `c${module}\n${name}\n`;
const storage = (count: number, key = "0", type = "FloatStorage") =>
  `(${short("storage")}${global("torch", type)}${short(key)}${short("cpu")}${whole(count)}tQ`;
const tuple = (values: readonly number[]) => `(${values.map(whole).join("")}t`;
const tensor = (held: string, offset: number, shape: readonly number[], strides: readonly number[]) =>
  `${global("torch._utils", "_rebuild_tensor_v2")}(${held}${whole(offset)}${tuple(shape)}${tuple(strides)}\x89NtR`;
const named = (value: string) => `\x80\x02}${short("w")}${value}s.`;

/** A file of this pickle, whose storage "0" has the floats 0, 1, 2, 3. */
const fileOf = (pickle: string | Uint8Array<ArrayBuffer>) =>
  writeZip(
    [
      ["m/data.pkl", typeof pickle === "string" ? bytesOf(pickle) : pickle],
      ["m/data/0", new Uint8Array(Float32Array.of(0, 1, 2, 3).buffer)],
    ],
    false,
    "test",
  );
const read = async (pickle: string | Uint8Array<ArrayBuffer>) => decodePyTorch(await fileOf(pickle));

test("the forge makes sound files too", async () => {
  const file = await read(named(tensor(storage(4), 1, [2, 2], [2, 0])));
  expect(held(file)).toEqual({ w: { shape: [2, 2], data: [1, 1, 3, 3] } });
});

test("either order of bytes", async () => {
  const file = await writeZip(
    [
      ["m/data.pkl", bytesOf(named(tensor(storage(2), 0, [2], [1])))],
      ["m/byteorder", bytesOf("big")],
      ["m/data/0", Uint8Array.of(0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0)],
    ],
    false,
    "test",
  );
  expect(held(decodePyTorch(file))).toEqual({ w: { shape: [2], data: [1, -2] } });
});

describe("a forged pickle is refused", () => {
  const reduce = (module: string, name: string, argument: string) => `${global(module, name)}${short(argument)}\x85R`;
  test.each<[string, string, string]>([
    ["os.system", named(reduce("posix", "system", "true")), "asks for posix.system, which weights do not need"],
    ["builtins.eval", named(reduce("__builtin__", "eval", "1")), "asks for __builtin__.eval"],
    ["getattr", named(reduce("builtins", "getattr", "x")), "asks for builtins.getattr"],
    ["prototypes", named(reduce("__proto__", "constructor", "x")), "asks for __proto__.constructor"],
    ["a nested call", named(`${global("torch", "device")}${short("cpu")}\x85R)R`), "calls a device with a tuple"],
    ["a dtype called", named(`${global("torch", "float32")})R`), "calls torch.float32 with a tuple"],
    ["an object made", named(`${global("collections", "OrderedDict")})\x81`), "has the opcode 0x81 at byte 32"],
    ["attributes of a tensor", named(`${tensor(storage(4), 0, [1], [1])}}b`), "sets attributes of a tensor"],
    ["another protocol", "\x80\x04}.", "has a pickle of protocol 4"],
    ["an unknown opcode", named("\xff"), "has the opcode 0xff at byte 6"],
    ["nothing taken", "\x80\x02s.", "takes what is not there"],
    ["below a mark", "\x80\x02}(s.", "takes what is not there"],
    ["an unknown memo", "\x80\x02h\x05.", "refers to what it has not stored"],
    ["a memo out of order", "\x80\x02Nq\x01.", "stores a value out of order"],
    ["text of 4 GB", `\x80\x02X\xff\xff\xff\xff`, "ends in the middle of a value"],
    ["a missing storage", named(tensor(storage(4, "1"), 0, [1], [1])), 'storage "1" is missing'],
    [
      "a storage in another folder",
      named(tensor(storage(4, "../data/0"), 0, [1], [1])),
      'storage "../data/0" is missing',
    ],
    ["a storage shorter than stated", named(tensor(storage(5), 0, [1], [1])), "has 16 bytes and should have 20"],
    ["a storage of another type", named(tensor(storage(4, "0", "DoubleStorage"), 0, [1], [1])), "should have 32"],
    ["a storage without a count", named(tensor(storage(4).replace(whole(4), "N"), 0, [1], [1])), "and no storage"],
    ["an offset outside", named(tensor(storage(4), 4, [1], [1])), "ends outside of its storage, which has 4 elements"],
    ["a shape outside", named(tensor(storage(4), 0, [5], [1])), "ends outside"],
    ["strides outside", named(tensor(storage(4), 0, [2, 2], [3, 1])), "ends outside"],
    ["strides beyond 2^53", named(tensor(storage(4), 0, [2 ** 40, 2 ** 40], [2 ** 40, 1])), "ends outside"],
    ["a stride below 0", named(tensor(storage(4), 3, [2], [-1])), "strides of a tensor are no tuple"],
    ["an offset below 0", named(tensor(storage(4), -1, [1], [1])), "offset of a tensor is no whole number"],
    ["65 axes", named(tensor(storage(4), 0, Array(65).fill(1), Array(65).fill(1))), "no tuple of up to 64"],
    ["shape and strides that differ", named(tensor(storage(4), 0, [1, 1], [1])), "and offset 0 is none"],
    [
      "one number, expanded",
      named(tensor(storage(4), 0, [2 ** 20, 2 ** 20], [0, 0])),
      "its tensors take 4398046511104 bytes",
    ],
    ["2^90 numbers", named(tensor(storage(4), 0, [2 ** 45, 2 ** 45], [0, 0])), "the option limit allows"],
    ["more objects than states have", `\x80\x02${")".repeat(2 ** 19 + 1)}`, "has more than 524288 objects"],
    ["no dictionary", "\x80\x02].", "holds a list; expected a dictionary of tensors by name"],
    [
      "a dictionary in itself",
      `\x80\x02}q\0${short("model")}h\0s.`,
      'nests dictionaries in dictionaries: "model" > "model"',
    ],
    [
      "two dictionaries of weights",
      `\x80\x02}${short("model")}}s${short("state_dict")}}s.`,
      'has dictionaries "state_dict" and "model". Choose with nest: ["state_dict"]',
    ],
  ])("%s", async (_, pickle, message) => {
    await expect(read(pickle)).rejects.toThrow(message);
  });

  test("lists that double 60 times and calls in calls take no time", async () => {
    const doubled = Array.from({ length: 60 }, (_, i) => {
      const [from, to] = [String.fromCharCode(i), String.fromCharCode(i + 1)];
      return `](h${from}h${from}eq${to}`;
    });
    const deep = `${"](".repeat(1000)}${"e".repeat(1000)}`;
    const bomb = `]q\0${doubled.join("")}`;
    const weights = `${short("w")}${tensor(storage(4), 0, [1], [1])}s`;
    // What is left on the stack goes into one tuple.
    const { leftOut } = await read(`\x80\x02}${weights}${short("bomb")}(${bomb}ts${short("deep")}${deep}s.`);
    expect(leftOut).toEqual(['"bomb"', '"deep"']);
    await expect(read(`\x80\x02(${bomb}t.`)).rejects.toThrow("holds a tuple");
  });

  test("a pickle beyond 4 MiB", async () => {
    await expect(read(new Uint8Array(2 ** 22 + 1))).rejects.toThrow("at most 4194304 are read");
  });
});

test("any changed byte of a file is found, or is in what is not read", () => {
  const file = fixture("views");
  const sound = held(decodePyTorch(file));
  for (let at = 0; at < file.length; at += 3) {
    const damaged = file.slice();
    damaged[at]! ^= 1 << (at & 7);
    const result = outcome(() => held(decodePyTorch(damaged)));
    if (result instanceof Error) expect(result, `${at}`).toMatchObject({ name: "HookeError" });
    else expect(result).toEqual(sound);
    if (at % 5 === 0) expect(() => decodePyTorch(file.subarray(0, at))).toThrow(/damaged|PK/);
  }
});

test("pickles changed at random, with right checksums, are read or refused, never worse", async () => {
  const entries = readZip(fixture("checkpoint"), "test").map(({ name, stored }) => [name, stored.slice()] as const);
  const pickle = entries.find(([name]) => name.endsWith("data.pkl"))![1];
  let seed = 1;
  const random = (below: number) => {
    seed = crc32(Uint8Array.of(seed, seed >> 8, seed >> 16, seed >> 24));
    return seed % below;
  };
  let refused = 0;
  for (let i = 0; i < 200; i++) {
    const changed = pickle.slice(0, i % 4 === 0 ? random(pickle.length) : undefined);
    for (let change = 0; change <= i % 3; change++) changed[random(changed.length || 1)] = random(256);
    const file = await writeZip(
      entries.map(([name, content]) => [name, content === pickle ? changed : content] as const),
      false,
      "test",
    );
    const result = outcome(() => decodePyTorch(file));
    if (!(result instanceof Error)) continue;
    refused++;
    expect(result, `${i}: ${result.stack}`).toMatchObject({ name: "HookeError" });
  }
  expect(refused).toBeGreaterThan(100);
});

function outcome<T>(call: () => T): T | Error {
  try {
    return call();
  } catch (error) {
    return error as Error;
  }
}

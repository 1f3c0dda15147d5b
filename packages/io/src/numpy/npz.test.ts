// .npz files: NumPy's own; what is written comes back; bombs and damage are refused before they take memory.
import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { array, type HostArray, zeros } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { decodeNpz, encodeNpz } from "./npz.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`./fixtures/${name}.npz`, import.meta.url)));
const plain = (arrays: Readonly<Record<string, HostArray>>) => ({ ...arrays });
const expected = {
  strain: array(Array.from({ length: 7 }, (_, i) => i * (1 / 6)).with(6, 1), { dtype: "f64" }),
  "größe/δ": array(
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
    { dtype: "i32" },
  ),
  zeros: zeros([100, 100], "f32"),
};

test.each(["saved", "compressed"])("reads what NumPy has %s", async (name) => {
  const progress: number[] = [];
  const file = fixture(name);
  expect(plain(await decodeNpz(file, { onProgress: ({ bytes }) => progress.push(bytes) }))).toEqual(expected);
  expect(progress).toHaveLength(3);
  expect(Object.keys(await decodeNpz(file, { names: ["zeros"] }))).toEqual(["zeros"]);
  await expect(decodeNpz(file, { names: ["strian"] })).rejects.toThrow(
    'npz: has no array "strian". Did you mean "strain"?',
  );
  await expect(decodeNpz(file, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
});

test.each([false, true])("what is written comes back (compress: %s)", async (compress) => {
  const file = await encodeNpz(expected, { compress });
  expect(plain(await decodeNpz(file))).toEqual(expected);
  expect(await encodeNpz(expected, { compress })).toEqual(file);
});

/** A zip file of one deflated entry, whose sizes are stated. */
function zipOf(name: string, deflated: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(30 + name.length + deflated.length + 46 + name.length + 22);
  const view = new DataView(bytes.buffer);
  const directory = 30 + name.length + deflated.length;
  for (const [at, signature, shift] of [
    [0, 0x04034b50, 0],
    [directory, 0x02014b50, 2],
  ] as const) {
    view.setUint32(at, signature, true);
    view.setUint16(at + 8 + shift, 8, true);
    view.setUint32(at + 18 + shift, deflated.length, true);
    view.setUint32(at + 22 + shift, size, true);
    view.setUint16(at + 26 + shift, name.length, true);
  }
  bytes.set(new TextEncoder().encode(name), 30);
  bytes.set(deflated, 30 + name.length);
  bytes.set(new TextEncoder().encode(name), directory + 46);
  view.setUint32(directory + 46 + name.length, 0x06054b50, true);
  view.setUint16(directory + 46 + name.length + 10, 1, true);
  view.setUint32(directory + 46 + name.length + 16, directory, true);
  return bytes;
}

describe("a bomb", () => {
  const header = (shape: string) =>
    `\x93NUMPY\x01\x00\x76\x00${`{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117)}\n`;
  const bytesOf = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  const deflated = (shape: string, zeroCount: number) =>
    deflateRawSync(Buffer.concat([bytesOf(header(shape)), Buffer.alloc(zeroCount)]));

  test.each<[string, Uint8Array, string]>([
    [
      "of more zeros than its header justifies",
      zipOf("a.npy", deflated("(10,)", 1e7), 128 + 1e7),
      "where its header justifies 138",
    ],
    [
      "of more zeros than it states",
      zipOf("a.npy", deflated("(10,)", 1e7), 138),
      "states 138 bytes and inflates to more",
    ],
    [
      "that claims what so few bytes cannot hold",
      zipOf("a.npy", deflated("(100000000,)", 10), 128 + 1e8),
      "inflates to less, as it has only",
    ],
    [
      "of fewer zeros than it states",
      zipOf("a.npy", deflated("(10000,)", 10), 128 + 1e4),
      "states 10128 bytes and inflates to 138",
    ],
    [
      "beyond the limit",
      zipOf("a.npy", deflated("(4000000000,)", 10), 128 + 4e9),
      "its arrays take 4000000128 bytes; the option limit allows 2147483648.",
    ],
  ])("%s is refused", async (_, file, message) => {
    await expect(decodeNpz(file)).rejects.toThrow(message);
  });
});

test("any changed or missing byte is found", async () => {
  const file = fixture("compressed");
  const all = await decodeNpz(file);
  for (let at = 0; at < file.length; at += 3) {
    const damaged = file.slice();
    damaged[at]! ^= 1 << (at & 7);
    // What is not read, such as dates and local names, may change: the numbers may not.
    const result = await decodeNpz(damaged).catch((error: Error) => error);
    if (result instanceof Error) expect(result, `${at}`).toMatchObject({ name: "HookeError" });
    else expect(Object.values(result)).toEqual(Object.values(all));
    await expect(decodeNpz(file.subarray(0, at))).rejects.toMatchObject({ code: "corrupt-file" });
  }
});

// The checksum: that of the standard, and no bit of a file that carries it can change unseen.
import { array } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { crc32, crc32c } from "./crc32c.ts";
import { decodeSafetensors } from "./decode.ts";
import { encodeSafetensors } from "./encode.ts";

// RFC 3720, appendix B.4, and the check value of the catalogue of CRC algorithms.
test.each<[string, Uint8Array, number]>([
  ["nothing", new Uint8Array(), 0],
  ["123456789", new TextEncoder().encode("123456789"), 0xe3069283],
  ["32 zeros", new Uint8Array(32), 0x8a9136aa],
  ["32 bytes of ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ["0 to 31", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ["31 to 0", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
])("CRC-32C of %s", (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(expected);
  }
});

const tensors = { 0: array([1.5, -2]), mask: array([true, false, true]), "": array(new Float32Array()) };
const metadata = { 7: "seven", note: "größe" };
const file = encodeSafetensors(tensors, metadata, { checksum: true });

// RFC 1952, and the check value of the catalogue of CRC algorithms.
test("CRC-32", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(40), crc32(new Uint8Array(9)))).toBe(crc32(new Uint8Array(49)));
});

describe("a file with a checksum", () => {
  test("comes back, with the checksum apart from the metadata", () => {
    const decoded = decodeSafetensors(file);
    expect(decoded).toEqual({ tensors, metadata, checksum: expect.stringMatching(/^crc32c:[0-9a-f]{8}$/) });
    expect(encodeSafetensors(decoded.tensors, decoded.metadata, { checksum: true })).toEqual(file);
    expect(decodeSafetensors(encodeSafetensors(tensors, metadata))).toEqual({ tensors, metadata });
  });

  test("is refused with any bit flipped, wherever it is", () => {
    for (let bit = 0; bit < file.length * 8; bit++) {
      const damaged = file.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      let found: string | undefined = "refused";
      try {
        found = decodeSafetensors(damaged).checksum;
      } catch (error) {
        expect((error as { code: string }).code).toBe("corrupt-file");
      }
      // A flip in the words that announce the checksum leaves a file that announces none.
      expect(found === "refused" || found === undefined, `bit ${bit}`).toBe(true);
      if (found === undefined) expect(bit >> 3).toBeLessThan(48);
    }
  });

  test("is refused cut short", () => {
    for (let length = 0; length < file.length; length++) {
      expect(() => decodeSafetensors(file.subarray(0, length))).toThrow(/^safetensors: /);
    }
  });

  test("says so, and can be looked at", () => {
    const damaged = file.slice();
    damaged[damaged.length - 1]! ^= 1;
    expect(() => decodeSafetensors(damaged)).toThrow(
      /^safetensors: its checksum is [0-9a-f]{8} and should be [0-9a-f]{8}: the file is damaged, cut short, or was changed by another program\./,
    );
    damaged[damaged.length - 1]! ^= 1;
    damaged[damaged.length - 4]! ^= 1;
    const { tensors: found, checksum } = decodeSafetensors(damaged, { checksum: "ignore" });
    expect(Object.keys(found).sort()).toEqual(["", "0", "mask"]);
    expect(checksum).toBeUndefined();
  });

  test("written again by a program that keeps metadata is refused too", () => {
    // Not TextDecoder: its latin1 is windows-1252.
    const text = String.fromCharCode(...file);
    const entry = /"checksum":"crc32c:[0-9a-f]{8}",/.exec(text)![0];
    const moved = text.replace(entry, "").replace('"note"', `${entry}"note"`);
    expect(() => decodeSafetensors(Uint8Array.from(moved, (c) => c.charCodeAt(0)))).toThrow(
      "its checksum does not stand first in the header: the file was changed by another program",
    );
  });

  test("another program's checksum is metadata like any other", () => {
    const other = { checksum: "sha256:1234" };
    expect(decodeSafetensors(encodeSafetensors({}, other)).metadata).toEqual(other);
    expect(() => encodeSafetensors({}, other, { checksum: true })).toThrow('received the metadata entry "checksum"');
    expect(() => encodeSafetensors({}, { checksum: "crc32c:0" })).toThrow(
      "it is written by the option checksum: true.",
    );
  });
});

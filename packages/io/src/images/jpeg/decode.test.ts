// JPEG by sharp and by jpeg-js beside PIL; what is cut short, damaged or of another kind is refused.
import { describe, expect, test } from "vitest";
import { decodeImage } from "../decode-image.ts";
import golden from "../fixtures/jpeg.json" with { type: "json" };

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "base64"));
const fileOf = (name: string): Uint8Array<ArrayBuffer> => bytesOf(golden.cases.find((one) => one.name === name)!.file);

describe.each(["sharp", "jpeg-js"] as const)("%s", (jpegDecoder) => {
  test.each(golden.cases)("$name", async ({ name, file, width, height, channels, values }) => {
    const image = await decodeImage(bytesOf(file), { jpegDecoder });
    expect(image).toMatchObject({ width, height, channels, bits: 8 });
    const expected = bytesOf(values);
    const differences = Array.from(image.values, (value, i) => Math.abs(value - expected[i]!));
    const most = Math.max(...differences);
    const mean = differences.reduce((sum, value) => sum + value) / differences.length;
    // PIL and sharp have the same library. jpeg-js rounds differently, and repeats colours that are stored at half the size,
    // where libjpeg interpolates them: at the edges of colours here by up to 97 levels.
    if (jpegDecoder === "sharp") expect(most).toBe(0);
    else if (/4:2:0|progressive/.test(name)) expect(mean).toBeLessThan(10);
    else expect(most).toBeLessThanOrEqual(3);
  });

  test("refuses what is cut short", async () => {
    for (const name of ["colour, 4:2:0", "colour, progressive"]) {
      const bytes = fileOf(name);
      for (let length = 3; length < bytes.length; length += 41) {
        const read = decodeImage(bytes.subarray(0, length), { source: "cut.jpg", jpegDecoder });
        await expect(read).rejects.toThrow(/^cut\.jpg: /);
      }
    }
  });

  test("refuses or reads what is damaged, and throws nothing else", async () => {
    const bytes = fileOf("colour, 4:2:0");
    for (let at = 2; at < bytes.length; at += 29) {
      const changed = bytes.slice();
      changed[at]! ^= 0x81;
      const read = await decodeImage(changed, { source: "x", limit: 1e6, jpegDecoder }).catch((error: Error) => error);
      if (read instanceof Error) expect(`${read.name} ${read.message}`).toMatch(/^HookeError x: /);
    }
  });
});

test("is refused with another kind of colours, or beyond the limit, by name", async () => {
  await expect(decodeImage(bytesOf(golden.cmyk), { source: "a.jpg" })).rejects.toThrow(
    "a.jpg: its colours are CMYK; save it as RGB.",
  );
  const huge = fileOf("grey");
  const frame = huge.findIndex((byte, i) => byte === 0xff && huge[i + 1] === 0xc0);
  huge.set([0x9c, 0x40, 0x61, 0xa8], frame + 5);
  await expect(decodeImage(huge)).rejects.toThrow(/bytes of pixels cannot hold 25000x40000/);
  await expect(decodeImage(fileOf("grey"), { limit: 1000 })).rejects.toThrow(
    "it says that it has 45x29 pixels; the limit is 1000.",
  );
  await expect(decodeImage(fileOf("grey"), { jpegDecoder: "browser" })).rejects.toThrow(
    "there is no browser here to decode JPEG",
  );
});

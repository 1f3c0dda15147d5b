// JPEG by others: sharp or jpeg-js in Node, the browser's own decoder in pages. They round in different ways.
import { fail } from "@hooke/runtime";
import { missing } from "../../optional.ts";
import type { Samples } from "../samples.ts";
import type { JpegFile } from "./header.ts";
import { decodeByPlatform } from "./platform.ts";

/** What decodes JPEG. */
export type JpegDecoder = "sharp" | "jpeg-js" | "browser";

/** Names of what decodes JPEG. */
export const jpegDecoders: readonly JpegDecoder[] = ["sharp", "jpeg-js", "browser"];

type Sharp = typeof import("sharp").default;

/** The pixels of a JPEG file, and what decoded them. @throws if the file is damaged, or nothing here decodes JPEG */
export async function decodeJpeg(who: string, file: JpegFile, decoder: JpegDecoder | undefined): Promise<Samples> {
  const chosen = decoder ?? (await defaultDecoder());
  const { width, height, channels } = file;
  const values = await decoders[chosen](who, file).catch((error: unknown) => {
    if (error instanceof Error && error.name === "HookeError") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      who,
      `${chosen} cannot decode it: ${reason.trim()}. Get the file again, or save it anew.`,
      "corrupt-file",
    );
  });
  if (values.length !== width * height * channels) {
    fail(
      who,
      `${chosen} gave ${values.length} samples for ${width}x${height}x${channels}. Save the file anew.`,
      "corrupt-file",
    );
  }
  return { values, width, height, channels, bits: 8 };
}

let found: Promise<JpegDecoder> | undefined;

/** The browser's in pages and their workers; sharp where it is installed; jpeg-js else. */
function defaultDecoder(): Promise<JpegDecoder> {
  if (typeof createImageBitmap === "function") return Promise.resolve("browser");
  found ??= importSharp().then(
    () => "sharp",
    () => "jpeg-js",
  );
  return found;
}

async function importSharp(): Promise<Sharp> {
  // Bundlers of pages are not to find it, which is native, nor to work out its name.
  const [name] = jpegDecoders;
  return ((await import(/* @vite-ignore */ name!)) as { default: Sharp }).default;
}

const decoders: Readonly<Record<JpegDecoder, (who: string, file: JpegFile) => Promise<Uint8Array>>> = {
  browser: decodeByPlatform,
  async sharp(who, file) {
    const sharp = await importSharp().catch(missing(who, "sharp", "^0.35.5"));
    const space = file.channels === 1 ? "b-w" : "srgb";
    const buffer = await sharp(file.plain(), { limitInputPixels: false }).toColourspace(space).raw().toBuffer();
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  },
  async "jpeg-js"(who, file) {
    const { default: jpeg } = await import("jpeg-js").catch(missing(who, "jpeg-js", "^0.4.4"));
    const { data } = jpeg.decode(file.plain(), {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      colorTransform: file.luma,
      // The limit of pixels has been kept.
      maxResolutionInMP: Number.POSITIVE_INFINITY,
      maxMemoryUsageInMB: Number.POSITIVE_INFINITY,
    });
    return file.channels === 3 ? data : data.filter((_, i) => i % 3 === 0);
  },
};

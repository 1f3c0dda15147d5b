// JPEG by the browser's own decoder: drawn to a canvas and read back, where the canvas gives back what it was given.
import { fail } from "@hooke/runtime";
import type { JpegFile } from "./header.ts";

/** @throws where there is no such decoder, or the canvas changes what it holds */
export async function decodeByPlatform(who: string, file: JpegFile): Promise<Uint8Array> {
  if (typeof createImageBitmap !== "function" || typeof OffscreenCanvas !== "function") {
    fail(who, 'there is no browser here to decode JPEG; give jpegDecoder: "sharp" or "jpeg-js".', "unavailable");
  }
  const { width, height, channels } = file;
  if (!isFaithful()) {
    const cure = 'Give jpegDecoder: "jpeg-js", and install that package';
    fail(
      who,
      `this browser changes pixels that are read from a canvas, against fingerprinting. ${cure}.`,
      "unavailable",
    );
  }
  // Without Exif and profiles, so that no browser turns or converts it.
  const bitmap = await createImageBitmap(new Blob([file.plain()], { type: "image/jpeg" }), {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  });
  try {
    if (bitmap.width !== width || bitmap.height !== height) {
      fail(
        who,
        `the browser makes ${bitmap.width}x${bitmap.height} pixels of ${width}x${height}. Save the file anew.`,
        "corrupt-file",
      );
    }
    const context = contextOf(width, height);
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const out = new Uint8Array(width * height * channels);
    for (let from = 0, to = 0; to < out.length; from += 4) {
      for (let channel = 0; channel < channels; channel++) out[to++] = data[from + channel]!;
    }
    return out;
  } finally {
    bitmap.close();
  }
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  return new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
}

let faithful: boolean | undefined;

/** Whether a canvas gives back the pixels that it was given. */
function isFaithful(): boolean {
  if (faithful === undefined) {
    const context = contextOf(64, 64);
    const given = context.createImageData(64, 64);
    for (let i = 0; i < given.data.length; i++) given.data[i] = i % 4 === 3 ? 255 : (i * 2654435761) >>> 24;
    context.putImageData(given, 0, 0);
    const { data } = context.getImageData(0, 0, 64, 64);
    faithful = data.every((value, i) => value === given.data[i]);
  }
  return faithful;
}

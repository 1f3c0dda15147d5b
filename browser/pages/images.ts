// Images decoded and resized, to their bits: in a page, and in Node for comparison.
import { decodeImage, type JpegDecoder, resize } from "@hooke/io/images";

/** What becomes of a file: the samples as decoded, and resized. */
export interface ImageRecord {
  readonly size: readonly number[];
  readonly samples: readonly number[];
  readonly resized: readonly number[];
}

/** @param text the file in base64 */
export async function readImage(text: string, jpegDecoder?: JpegDecoder): Promise<ImageRecord> {
  const file = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const image = await decodeImage(file, { background: 0.5, ...(jpegDecoder && { jpegDecoder }) });
  const { width, height, channels, bits, values } = image;
  const resized = resize(image, { height: 7, width: 5 });
  return { size: [width, height, channels, bits], samples: [...values], resized: [...resized.values] };
}

declare global {
  interface Window {
    readImage: typeof readImage;
  }
}

if (typeof window !== "undefined") window.readImage = readImage;

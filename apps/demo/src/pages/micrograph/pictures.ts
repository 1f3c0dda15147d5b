// Pictures that a visitor drops: grey, cut to the size that the network takes, and each point one of two phases.
import { centerCrop, decodeImage, type Image, imageArray, resizeShortSide, toGrey } from "@hooke/io/images";
import { fail } from "@hooke/runtime";

/** Which phase of a picture is stiff. */
export type Stiff = "bright" | "dark";

/** A picture as the network takes it. */
export interface Cut {
  /** 1 where stiff, 0 elsewhere: `side x side`, row by row. */
  readonly stiff: Float32Array;
  /** Greys above it are bright; from 0, black, to 1, white. */
  readonly level: number;
}

/** The middle of a picture in grey, its short side brought to `side` points. @throws on what is no picture, naming the file */
export async function greyOf(bytes: Uint8Array, source: string, side: number): Promise<Image> {
  const image = toGrey(await decodeImage(bytes, { source, background: 1 }));
  return centerCrop(resizeShortSide(image, side), { height: side, width: side });
}

/** @throws where the picture has one grey only */
export function cut(image: Image, stiff: Stiff, source: string): Cut {
  const { data } = imageArray(image);
  const level = otsu(data as Float32Array);
  if (level === undefined) {
    const why = "there are no two phases to tell apart. Leave it out, or take another place of the specimen.";
    fail(source, `the picture has one grey only: ${why}`, "invalid-data");
  }
  return { level, stiff: Float32Array.from(data, (grey) => (grey > level === (stiff === "bright") ? 1 : 0)) };
}

const bins = 256;

/**
 * The level that parts greys into two classes with the largest variance between them; undefined where all are alike. N. Otsu, IEEE Transactions
 * on Systems, Man, and Cybernetics 9, 1979.
 */
export function otsu(greys: Float32Array): number | undefined {
  const [low, high] = [greys.reduce((a, b) => Math.min(a, b)), greys.reduce((a, b) => Math.max(a, b))];
  if (low === high) return undefined;
  const counts = new Float64Array(bins);
  for (const grey of greys) counts[Math.min(bins - 1, Math.floor((bins * (grey - low)) / (high - low)))]!++;
  const total = counts.reduce((sum, count, bin) => sum + count * bin, 0);
  let [below, sum, best, level] = [0, 0, -1, 0];
  for (let bin = 0; bin < bins - 1; bin++) {
    below += counts[bin]!;
    sum += counts[bin]! * bin;
    const above = greys.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sum / below - (total - sum) / above) ** 2;
    if (between > best) [best, level] = [between, bin];
  }
  return low + ((high - low) * (level + 1)) / bins;
}

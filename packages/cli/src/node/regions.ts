// Models of pixels, explained by where they look: what a prediction loses where a part of the image is covered.
import { type Fitted, imagePixels, inputsOf, type Prediction } from "@hooke/baselines";
import { type Table, tableOf } from "@hooke/data";
import { occlusion } from "@hooke/explain";
import { array, type HostArray } from "@hooke/runtime";
import type { Streams } from "./command.ts";
import { statusLine, tableText, wrapped } from "./terminal.ts";

/** Parts of an image a side. */
const parts = 4;

/** What parts of images are worth. */
export interface Regions {
  /** Pixels a side of a part. */
  readonly size: number;
  /** By part, `[down, across]`: the mean size of what predictions lose. */
  readonly shares: readonly (readonly number[])[];
  readonly images: number;
}

const pixelName = / at \d+, \d+$/;

/** Whether all that a model learned from are pixels. */
export const readsPixels = ({ inputs }: Pick<Fitted, "inputs">): boolean =>
  inputs.length > 0 && inputs.every(({ name }) => pixelName.test(name));

/** What a model of pixels loses where a part of each image is covered by the mean image. Of classes the probability of the most probable one. */
export async function regionsOf(fitted: Fitted, table: Table, streams: Streams): Promise<Regions> {
  const names = fitted.inputs.map(({ name }) => name);
  const { unseen: _, ...inputs } = inputsOf(table, fitted.inputs);
  const images = imagePixels(inputs);
  const [rows, height, width, channels] = images.shape as [number, number, number, number];
  const each = height * width * channels;
  const places = placesOf(names, width, channels);
  const size = Math.max(1, Math.ceil(Math.max(height, width) / parts));
  const predicted = (pixels: HostArray): Prediction => {
    const count = pixels.shape[0]!;
    const columns = names.map((name, i) => [
      name,
      Float64Array.from({ length: count }, (__, row) => Number(pixels.data[row * each + places[i]!]!)),
    ]);
    return fitted.predict(tableOf(Object.fromEntries(columns)));
  };
  const mean = Float64Array.from({ length: each }, (__, i) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += Number(images.data[row * each + i]!);
    return sum / rows;
  });
  const chosen = predicted(images).values;
  const [down, across] = [Math.ceil(height / size), Math.ceil(width / size)];
  const shares = Array.from({ length: down }, () => new Array<number>(across).fill(0));
  const line = statusLine(streams);
  for (let row = 0; row < rows; row++) {
    line.show(`explaining: image ${row + 1} of ${rows}`);
    const own = array(Float64Array.from(images.data.subarray(row * each, (row + 1) * each)), {
      shape: [1, height, width, channels],
    });
    const { values } = await occlusion((pixels) => said(predicted(pixels), chosen[row]!), own, {
      cover: array(mean, { shape: [height, width, channels] }),
      size: [Math.min(size, height), Math.min(size, width)],
      signal: streams.signal,
    });
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++)
        shares[y]![x]! += Math.abs(Number(values.data[y * size * width + x * size]!)) / rows;
    }
  }
  line.clear();
  return { size, shares, images: rows };
}

/** Where each column stands in an image. */
const placesOf = (names: readonly string[], width: number, channels: number): number[] => {
  const parts = names.map((name) => /^(.*) at (\d+), (\d+)$/.exec(name)!);
  const known = [...new Set(parts.map(([, channel]) => channel))];
  return parts.map(([, channel, y, x]) => (Number(y) * width + Number(x)) * channels + known.indexOf(channel));
};

/** Numbers, or the probabilities of one class. */
const said = ({ values, probabilities, classes }: Prediction, chosen: number): HostArray =>
  array(
    probabilities === undefined
      ? values
      : Float64Array.from(values, (_, row) => probabilities[row * classes!.length + chosen]!),
  );

/** A table of the parts. */
export function regionsText({ size, shares, images }: Regions, unit: string | undefined, columns = 100): string {
  const said =
    `Where ${images} images count: what predictions lose${unit === undefined ? "" : ` (${unit})`}, in size, where ${size} x ${size} of the pixels that the ` +
    "model sees are covered by the mean image; from above down, and from the left.";
  const heads = ["pixels", ...(shares[0] ?? []).map((_, x) => `from ${x * size}`)];
  const rows = shares.map((row, y) => [`from ${y * size}`, ...row.map((share) => share.toPrecision(3))]);
  return `${wrapped(said, columns)}\n\n${tableText(heads, rows, columns).join("\n")}\n`;
}

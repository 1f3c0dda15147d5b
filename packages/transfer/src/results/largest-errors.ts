// The images whose numbers are predicted worst, to look at.
import { type Dataset, datasetCheck, hostArrayCheck } from "@hooke/data";
import { checkOptions, checks, describe, fail, type HostArray } from "@hooke/runtime";
import type { PictureFigure } from "./figures.ts";

/** Options of {@link largestErrors}. */
export interface LargestErrorsOptions {
  /** Images `[rows, height, width, 1 or 3]` with one number each as targets. */
  readonly images: Dataset;
  /** What is predicted of them, `[rows]` or `[rows, 1]`, in the units of the targets. */
  readonly predictions: HostArray;
  /** How many are shown. Default 4. */
  readonly count?: number;
  /** The values of images that are shown black and white. Default `[0, 1]`; `[1, 0]` turns dark and light around. */
  readonly range?: readonly [black: number, white: number];
  /** Of the targets, behind their numbers. Default none. */
  readonly unit?: string;
  /** What predicted, below each image. Default nothing. */
  readonly caption?: string;
}

/**
 * The images with the largest absolute errors as pictures for the `figures` of `@hooke/report`, the worst first; of equal errors the first row.
 *
 * @throws on data that are no images with one number each, on other numbers of predictions, and on predictions that are not finite
 * @example
 * ```ts
 * import { dataset } from "@hooke/data";
 * import { array, zeros } from "@hooke/runtime";
 * import { largestErrors } from "@hooke/transfer";
 *
 * const images = dataset({ inputs: zeros([3, 8, 8, 1]), targets: array([1, 2, 3]) });
 * const [worst] = largestErrors({ images, predictions: array([1, 2.5, 3.1]), unit: "GPa" });
 * console.log(worst!.title); // Predicted 2.50, actually 2.00 GPa
 * ```
 */
export function largestErrors(options: LargestErrorsOptions): PictureFigure[] {
  const who = "largestErrors";
  const text = (value: unknown) => (typeof value === "string" ? undefined : "a text");
  checkOptions<LargestErrorsOptions>(who, options, {
    required: { images: datasetCheck, predictions: hostArrayCheck },
    optional: {
      count: checks.count,
      range: (value) =>
        Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] !== value[1]
          ? undefined
          : "two numbers, such as [0, 1]",
      unit: text,
      caption: text,
    },
  });
  const { images, predictions, count = 4, range: [black, white] = [0, 1], unit, caption = "" } = options;
  const { inputs, targets } = images;
  const [rows, height, width, channels] = inputs.shape;
  if (inputs.shape.length !== 4 || (channels !== 1 && channels !== 3)) {
    fail(who, `received ${describe(inputs)}; it takes images [rows, height, width, 1 or 3].`, "mismatch");
  }
  for (const [what, { data, shape }] of Object.entries({ targets, predictions })) {
    if (data.length !== rows || shape[0] !== rows) {
      fail(who, `received ${what} [${shape.join(", ")}] for ${rows} images; it takes one number for each.`, "mismatch");
    }
  }
  const bad = predictions.data.findIndex((value: number) => !Number.isFinite(value));
  if (bad >= 0) fail(who, `the prediction of row ${bad + 1} is ${predictions.data[bad]}.`, "non-finite");
  const error = (row: number): number => Math.abs(predictions.data[row]! - targets.data[row]!);
  const size = height! * width! * channels!;
  return Array.from({ length: rows! }, (_, row) => row)
    .sort((a, b) => error(b) - error(a) || a - b)
    .slice(0, count)
    .map((row) => {
      const [predicted, actual] = [predictions, targets].map(({ data }) => digits(data[row]!));
      const pixels = Uint8Array.from(inputs.data.subarray(row * size, (row + 1) * size) as ArrayLike<number>, (value) =>
        Math.round(255 * Math.min(1, Math.max(0, (value - black) / (white - black)))),
      );
      const title = `Predicted ${predicted}, actually ${actual}${unit === undefined ? "" : ` ${unit}`}`;
      return { kind: "picture", title, caption, width: width!, height: height!, pixels };
    });
}

const digits = (value: number): string => value.toPrecision(3);

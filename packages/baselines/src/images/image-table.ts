// Datasets of images as tables of their pixels: what methods take that look at where things are.
import { type Dataset, datasetCheck, type Table, tableOf } from "@hooke/data";
import { checkArgument, checkOptions, checks, describe, fail, type HostArray } from "@hooke/runtime";
import type { Inputs } from "../method/samples.ts";
import { targetColumns } from "../method/target-columns.ts";
import { isInputs } from "../sequences/steps.ts";

/** Options of {@link imageTable}. */
export interface ImageTableOptions {
  /** Pixels a side at most: of larger images, squares of pixels become their mean. Default 32. */
  readonly most?: number;
}

/**
 * A table of images, a row for each and a column for each pixel: `"grey at 3, 7"` is in row 3, column 7; then the targets under their names.
 *
 * @param data inputs `[rows, height, width, channels]`; targets with one row each
 * @throws on other shapes
 * @example
 * ```ts
 * import { imageTable } from "@hooke/baselines";
 * import { columnNames, dataset } from "@hooke/data";
 * import { array } from "@hooke/runtime";
 *
 * const inputs = array(Float32Array.from({ length: 2 * 64 }, (_, i) => i % 7), { shape: [2, 8, 8, 1] });
 * const data = dataset({ inputs, inputNames: ["grey"], targets: array([1.5, 2.5]), targetNames: ["modulus"] });
 * console.log(columnNames(imageTable(data, { most: 2 }))); // [ 'grey at 0, 0', 'grey at 0, 1', 'grey at 1, 0', 'grey at 1, 1', 'modulus' ]
 * ```
 */
export function imageTable(data: Dataset, options: ImageTableOptions = {}): Table {
  const who = "imageTable";
  checkArgument(who, "the data", data, datasetCheck);
  checkOptions<ImageTableOptions>(who, options, { optional: { most: checks.count } });
  const { inputs, inputNames, count, source } = data;
  if (inputs.shape.length !== 4) {
    fail(who, `received inputs ${describe(inputs)}; images are [rows, height, width, channels].`, "mismatch");
  }
  const { most = 32 } = options;
  const [, height, width, channels] = inputs.shape as [number, number, number, number];
  const block = Math.ceil(Math.max(height, width) / most);
  const columns: Record<string, Float64Array> = {};
  for (let y = 0; y < height; y += block) {
    for (let x = 0; x < width; x += block) {
      const area = { top: y, left: x, bottom: Math.min(y + block, height), right: Math.min(x + block, width) };
      for (let c = 0; c < channels; c++) {
        columns[`${inputNames[c]} at ${y / block}, ${x / block}`] = Float64Array.from({ length: count }, (_, row) =>
          meanOver(inputs, row, c, area),
        );
      }
    }
  }
  return tableOf({ ...columns, ...targetColumns(data) }, { source });
}

/** Pixels from a row and a column up to others. */
interface Area {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

function meanOver({ shape, data }: HostArray, row: number, channel: number, area: Area): number {
  const [, height, width, channels] = shape as [number, number, number, number];
  let sum = 0;
  for (let y = area.top; y < area.bottom; y++) {
    for (let x = area.left; x < area.right; x++) sum += data[((row * height + y) * width + x) * channels + channel]!;
  }
  return sum / ((area.bottom - area.top) * (area.right - area.left));
}

/** What a column of pixels is called. */
const pixelName = /^(.*) at (\d+), (\d+)$/;

/** The names of the pixels among columns: `"grey at 3, 7"`. */
export function pixelColumns(inputs: { readonly columns: readonly { readonly name: string }[] }): string[] {
  checkArgument("pixelColumns", "the inputs", inputs, isInputs);
  return inputs.columns.map(({ name }) => name).filter((name) => pixelName.test(name));
}

/**
 * The pixels of a table that {@link imageTable} made, `[rows, height, width, channels]`.
 *
 * @throws where a column is no pixel, or a pixel is missing
 */
export function imagePixels(inputs: Inputs): HostArray {
  const who = "imagePixels";
  checkArgument(who, "the inputs", inputs, isInputs);
  const { columns, rowCount } = inputs;
  const places = columns.map(({ name }) => {
    const [, channel, y, x] = pixelName.exec(name) ?? [];
    const cure = "give a table that imageTable made, and its pixels alone as inputs";
    if (channel === undefined)
      return fail(who, `received the column "${name}", which is no pixel; ${cure}.`, "mismatch");
    return { channel, y: Number(y), x: Number(x) };
  });
  const channels = [...new Set(places.map(({ channel }) => channel))];
  const [height, width] = [1 + Math.max(...places.map(({ y }) => y)), 1 + Math.max(...places.map(({ x }) => x))];
  if (height * width * channels.length !== columns.length) {
    fail(
      who,
      `received ${columns.length} pixels of images of ${height} x ${width} and ${channels.length} channels; leave none out.`,
      "mismatch",
    );
  }
  const data = new Float64Array(rowCount * columns.length);
  for (const [i, { channel, y, x }] of places.entries()) {
    const at = (y * width + x) * channels.length + channels.indexOf(channel);
    const { values } = columns[i]!;
    for (let row = 0; row < rowCount; row++) data[row * columns.length + at] = values[row]!;
  }
  return { shape: [rowCount, height, width, channels.length], dtype: "f64", data };
}

// What models compute in. Numbers stay f64 until they are preprocessed; what single precision cannot tell apart is refused.
import { type Check, checkArgument, checks, fail, type HostArray, zeros } from "@hooke/runtime";
import { anyDatasetCheck } from "../arguments.ts";
import type { Dataset, Precision } from "./samples.ts";
import { isStreamed, mapRows, type StreamedArray } from "./streamed-array.ts";

const isNumber = ({ dtype }: HostArray): boolean => dtype === "f32" || dtype === "f64";

/**
 * Numbers in the precision of a model; arrays of other dtypes are left as they are.
 *
 * @throws with the code `invalid-data` on a number beyond single precision
 */
export function inPrecision(values: HostArray, precision: Precision, source: string): HostArray {
  if (values.dtype === precision || !isNumber(values)) return values;
  const converted = zeros(values.shape, precision);
  converted.data.set(values.data as Float64Array);
  const lost = converted.data.findIndex(
    (value: number, i: number) => !Number.isFinite(value) && Number.isFinite(values.data[i]),
  );
  if (lost >= 0) {
    const cure = 'standardize its column (fitPreprocessing), or ask for dtype: "f64"';
    fail(source, `${values.data[lost]} is beyond single precision; ${cure}.`, "invalid-data");
  }
  return converted;
}

/** Expects a dtype that models compute in. */
export const precisionCheck: Check = (value) => checks.oneOf(value, ["f32", "f64"]);

/** `inPrecision` for inputs and targets. */
export function datasetInPrecision<Inputs extends HostArray | StreamedArray>(
  data: Dataset<Inputs>,
  precision: Precision,
): Dataset<Inputs> {
  checkArgument("datasetInPrecision", "the data", data, anyDatasetCheck);
  checkArgument("datasetInPrecision", "the precision", precision, precisionCheck);
  const { targets, source } = data;
  const inputs = mapRows(data.inputs, (rows) => inPrecision(rows, precision, source));
  return { ...data, inputs, targets: inPrecision(targets, precision, source) };
}

/** Rounding may move values by this share of their column's standard deviation. */
const tolerated = 0.01;

/**
 * Refuses training data, after preprocessing, whose columns single precision can hardly tell apart: seconds since 1970, say. Streamed
 * inputs are of single precision where models are.
 *
 * @throws with the code `invalid-data`, naming the column
 */
export function checkResolution({
  inputs,
  targets,
  inputNames,
  targetNames,
  source,
}: Dataset<HostArray | StreamedArray>): void {
  for (const [values, names] of [
    [inputs, inputNames],
    [targets, targetNames],
  ] as const) {
    if (values.dtype !== "f64" || isStreamed(values)) continue;
    names.forEach((name, column) => {
      const { largest, deviation } = spread(values.data, column, names.length);
      const moved = largest * 2 ** -24;
      if (deviation === 0 || moved <= tolerated * deviation) return;
      fail(
        source,
        `single precision moves the values of column "${name}" by up to ${moved.toPrecision(2)}, and their standard ` +
          `deviation is ${deviation.toPrecision(2)}. Standardize it (fitPreprocessing), or ask for dtype: "f64".`,
        "invalid-data",
      );
    });
  }
}

function spread(data: HostArray["data"], column: number, width: number): { largest: number; deviation: number } {
  const count = Math.ceil((data.length - column) / width);
  const offset = data[column]!;
  let [largest, sum, squares] = [0, 0, 0];
  for (let i = column; i < data.length; i += width) {
    largest = Math.max(largest, Math.abs(data[i]!));
    sum += data[i]! - offset;
  }
  const mean = sum / count;
  for (let i = column; i < data.length; i += width) squares += (data[i]! - offset - mean) ** 2;
  return { largest, deviation: Math.sqrt(squares / count) };
}

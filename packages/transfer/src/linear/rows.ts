// Features as numbers to fit: views taken together, in f64, scaled with a floor.
import type { Rows } from "@hooke/baselines/linear";
import type { Dataset } from "@hooke/data";
import { describe, fail, type HostArray } from "@hooke/runtime";

/** `(x - mean) / scale`, by feature. */
export interface Scaling {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/**
 * Features `[images, width]`, or the mean over the views of `[images, views, width]`: what a linear function says of the mean is the mean of
 * what it says.
 */
export function rowsOf(who: string, features: HostArray): Rows {
  const [count = 0, ...shape] = features.shape;
  const [views, width] = shape.length === 1 ? [1, shape[0]!] : [shape[0]!, shape[1]!];
  if (shape.length < 1 || shape.length > 2 || count === 0 || views === 0 || width === 0) {
    const cure = "features are [images, width], or [images, views, width]";
    fail(who, `received features ${describe(features)}; ${cure}.`, "mismatch");
  }
  const data = new Float64Array(count * width);
  for (let row = 0, from = 0; row < count; row++) {
    for (let view = 0; view < views; view++) {
      for (let j = 0, to = row * width; j < width; j++) data[to++]! += features.data[from++]! / views;
    }
  }
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) fail(who, `row ${Math.floor(at / width)} of the features holds ${data[at]}.`, "non-finite");
  return { count, width, data };
}

/**
 * The mean, and `std + mean of all std` as scale. Divided by its own deviation alone, a feature that hardly changes in a few images would
 * count a thousandfold in the next one.
 *
 * @throws if no feature changes
 */
export function fitScaling(who: string, { count, width, data }: Rows): Scaling {
  const mean = new Float64Array(width);
  const scale = new Float64Array(width);
  for (let i = 0; i < data.length; i++) mean[i % width]! += data[i]! / count;
  for (let i = 0; i < data.length; i++) scale[i % width]! += (data[i]! - mean[i % width]!) ** 2;
  let floor = 0;
  for (let j = 0; j < width; j++) {
    scale[j] = Math.sqrt(scale[j]! / count);
    floor += scale[j]! / width;
  }
  if (floor === 0) {
    const cure = "give images that differ, or the features of a layer in which they do";
    fail(who, `all ${width} features are the same in all ${count} rows; ${cure}.`, "invalid-data");
  }
  for (let j = 0; j < width; j++) scale[j]! += floor;
  return { mean, scale };
}

/** Scaled rows. */
export function scaled({ count, width, data }: Rows, { mean, scale }: Scaling): Rows {
  return { count, width, data: data.map((value, i) => (value - mean[i % width]!) / scale[i % width]!) };
}

/** @throws on a target that is the same in all rows: R2 says nothing about it */
export function checkVarying(who: string, { targetNames, source }: Dataset, { data, columns }: Targets): void {
  const same = Array.from({ length: columns }, (_, c) => c).find((c) =>
    data.every((value, i) => i % columns !== c || value === data[c]),
  );
  if (same === undefined) return;
  const rows = data.length / columns;
  fail(
    who,
    `${source}: the target "${targetNames[same]}" is ${data[same]} in all ${rows} rows; leave it out, or give rows that differ.`,
    "invalid-data",
  );
}

/** The labels or numbers that features are fitted to, `[rows, columns]`; and, of labels, how many classes there are. */
export interface Targets {
  readonly columns: number;
  readonly data: Float64Array;
  readonly classes?: readonly string[];
}

/**
 * @throws on targets that are neither numbers `[rows]` or `[rows, columns]` nor labels `[rows]` with their classes, that are more or fewer than
 *   the inputs, and on numbers that are not finite
 */
export function targetsOf(who: string, { inputs, targets, classes, source }: Dataset): Targets {
  const whole = targets.dtype === "i32" || targets.dtype === "u32";
  const data = Float64Array.from(targets.data);
  if (targets.shape[0] !== inputs.shape[0]) {
    const given = `${describe(targets)} for inputs ${describe(inputs)}`;
    fail(who, `received targets ${given}; give one for each row, as dataset({ inputs, targets }) sees to.`, "mismatch");
  }
  const odd = data.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) {
    const row = Math.floor((odd * targets.shape[0]!) / data.length);
    fail(who, `row ${row} of the targets holds ${data[odd]}; leave it out.`, "non-finite");
  }
  if (classes !== undefined && targets.shape.length === 1) return { columns: 1, data, classes };
  if (!whole && classes === undefined && targets.shape.length <= 2) {
    return { columns: data.length / targets.shape[0]!, data };
  }
  const cure = "labels need classes, dataset({ classes: [...] }); numbers are f32 or f64, [rows] or [rows, columns]";
  return fail(who, `${source} has the targets ${describe(targets)}; ${cure}.`, "mismatch");
}

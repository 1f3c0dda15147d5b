// The design matrix: inputs as columns of numbers without gaps, for methods that add or measure distances.
import { fail } from "@hooke/runtime";
import { type Form, forms } from "../method/form.ts";
import type { Input, Inputs, Samples } from "../method/samples.ts";

/** What one input became in training. */
export type DesignPart =
  | {
      readonly input: string;
      readonly type: "number";
      /** Over the rows where it is not missing; it stands in where it is. */
      readonly mean: number;
      /** Standard deviation over these rows, above 0. */
      readonly scale: number;
      /** Whether it was missing in training: then a column of its own, 0 or 1, says where it is. */
      readonly missing: boolean;
    }
  | { readonly input: string; readonly type: "category"; readonly count: number };

/** How inputs become numbers: fitted in training, part of a method's state. */
export type Design = {
  readonly parts: readonly DesignPart[];
  /** Of the matrix's columns: `"cement"`, `"cement missing"`, `"supplier=north"`. */
  readonly names: readonly string[];
};

/** Expects a design. */
export const designForm = (): Form<Design> => {
  const { number, text, flag, list, record, either, oneOf } = forms;
  return record({
    parts: list(
      either(
        record({ input: text, type: oneOf(["number"]), mean: number, scale: number, missing: flag }),
        record({ input: text, type: oneOf(["category"]), count: number }),
      ),
    ),
    names: list(text),
  });
};

/**
 * Fits a design. Numbers become deviations from their mean over their standard deviation (over n, weighted as the rows are), 0 where they
 * are missing; categories become a 0/1 column each, all of them 0 where the category is missing. Inputs that are the same in every row are
 * left out.
 *
 * @param warn is told what was left out
 * @throws if nothing is left
 */
export function fitDesign(who: string, samples: Samples, warn: (sentence: string) => void): Design {
  const fitted = samples.columns.map((column) => ({ column, part: partOf(column, samples.weights) }));
  const kept = fitted.flatMap(({ column, part }) => (part === undefined ? [] : [{ column, part }]));
  const constant = fitted.filter(({ part }) => part === undefined).map(({ column }) => `"${column.name}"`);
  if (kept.length === 0) fail(who, `all inputs of ${samples.source} are the same in every row.`, "invalid-data");
  if (constant.length > 0) warn(`${constant.join(", ")}: the same in every row, and so left out.`);
  return {
    parts: kept.map(({ part }) => part),
    names: kept.flatMap(({ column, part }) => columnNamesOf(column, part)),
  };
}

/** The matrix of some rows, `[rows, names]`, row by row. Inputs are found by their names. */
export function designMatrix({ parts, names }: Design, { columns, rowCount }: Inputs): Float64Array {
  const width = names.length;
  const matrix = new Float64Array(rowCount * width);
  let at = 0;
  for (const part of parts) {
    const { values } = columns.find(({ name }) => name === part.input)!;
    if (part.type === "category") {
      for (let row = 0; row < rowCount; row++) {
        const category = values[row]!;
        if (category >= 0) matrix[row * width + at + category] = 1;
      }
      at += part.count;
      continue;
    }
    for (let row = 0; row < rowCount; row++) {
      const value = values[row]!;
      if (!Number.isNaN(value)) matrix[row * width + at] = (value - part.mean) / part.scale;
      else if (part.missing) matrix[row * width + at + 1] = 1;
    }
    at += part.missing ? 2 : 1;
  }
  return matrix;
}

/** Undefined where an input is the same in every row. */
function partOf(column: Input, weights: Float64Array | undefined): DesignPart | undefined {
  const { name: input, values } = column;
  if (column.type === "category") {
    const { length: count } = column.categories;
    return values.every((value) => value === values[0]) ? undefined : { input, type: "category", count };
  }
  let [total, sum, missing] = [0, 0, false];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    const weight = weights?.[row] ?? 1;
    if (Number.isNaN(value)) missing = true;
    else if (weight > 0) {
      total += weight;
      sum += weight * value;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  if (!(least <= most)) return undefined;
  // Where all numbers are one, so is their mean, to the bit; one that is there or missing says something still.
  if (least === most) return missing ? { input, type: "number", mean: least, scale: 1, missing } : undefined;
  const mean = sum / total;
  let square = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!Number.isNaN(value)) square += (weights?.[row] ?? 1) * (value - mean) ** 2;
  }
  return { input, type: "number", mean, scale: Math.sqrt(square / total), missing };
}

function columnNamesOf(column: Input, part: DesignPart): string[] {
  if (column.type === "category") return column.categories.map((category) => `${column.name}=${category}`);
  return part.type === "number" && part.missing ? [column.name, `${column.name} missing`] : [column.name];
}

// Which of a model's outputs is explained.
import type { TrainedModel } from "@hooke/core";
import { restoreTargets } from "@hooke/data";
import {
  type Check,
  checks,
  describe,
  fail,
  type HostArray,
  quoted,
  reshape,
  suggestion,
  type Tensor,
} from "@hooke/runtime";

/** An output of `[rows, outputs]`: its place from 0, or the name of a target or a class. */
export type Output = number | string;

export const outputCheck: Check = (value) =>
  typeof value === "string" || checks.wholeNumber(value) === undefined
    ? undefined
    : "the place of an output, from 0, or the name of a target or class";

/** What a model gives, as `[rows, outputs]`. @throws if it gives several numbers of an output in a row */
export function outputRows(who: string, output: Tensor): Tensor {
  if (output.rank === 1) return reshape(output, [output.shape[0]!, 1]);
  if (output.rank === 2) return output;
  return fail(
    who,
    `the model gives ${describe(output)}; one number of a row can be explained, of [rows, outputs]. ` +
      "End it with a layer that makes one of all steps or places, such as lastStep or globalAveragePool.",
    "unsupported",
  );
}

/** The place of an output among `width`. @throws on one that there is not, and where several are and none is named */
export function placeOf(
  who: string,
  { preprocessing }: Pick<TrainedModel, "preprocessing">,
  output: Output | undefined,
  width: number,
): number {
  const known = preprocessing?.classes ?? preprocessing?.targetNames ?? [];
  const names = known.length === width ? known : [];
  const choice = names.length > 1 ? `: ${quoted(names)}` : "";
  if (output === undefined) {
    if (width === 1) return 0;
    return fail(who, `the model has ${width} outputs${choice}; give the option output, a name or a place from 0.`);
  }
  const place = typeof output === "number" ? output : names.indexOf(output);
  if (place >= 0 && place < width) return place;
  const received = typeof output === "number" ? `output ${output}` : `the output "${output}"`;
  const near = typeof output === "string" ? suggestion(output, names) : "";
  return fail(who, `received ${received}; the model has ${width}${choice}.${near}`, "mismatch");
}

/** One column of predictions `[rows, outputs]`, in the unit of the data. @throws on one that is not finite */
export function predictionsOf(
  who: string,
  { preprocessing }: Pick<TrainedModel, "preprocessing">,
  outputs: HostArray,
  place: number,
): Float64Array {
  const { data, shape } = preprocessing === undefined ? outputs : restoreTargets(preprocessing, outputs);
  const width = shape[1]!;
  return Float64Array.from({ length: shape[0]! }, (_, row) => {
    const value = data[row * width + place]!;
    return Number.isFinite(value)
      ? value
      : fail(who, `the model gives ${value} for row ${row}; only finite predictions can be explained.`, "non-finite");
  });
}

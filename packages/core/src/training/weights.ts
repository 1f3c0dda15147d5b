// What rows and steps count in a loss: sample weights and lengths in one array, scaled once for the whole part.

import { anyDatasetCheck, type Dataset, hostArrayCheck, rowName, stepLengths } from "@hooke/data";
import { type Aval, checkArgument, describe, fail, type HostArray, zeros } from "@hooke/runtime";
import type { Loss } from "../losses/loss.ts";

/** What the rows, or steps, of a part count, `[rows]` or `[rows, time]`. */
export interface LossWeights {
  /** What the loss gets. */
  readonly given: HostArray;
  /** That times what the loss itself makes of the targets' classes: of mean 1 over the part. The same array where it makes nothing of them. */
  readonly counted: HostArray;
}

/**
 * The weights a loss gets for a part of the data, as `Loss` wants them: their mean over the whole part is 1, together with the
 * weights of the targets' classes, so that the mean of `weight * loss` over any batch is an unbiased estimate of
 * `sum(weight * loss) / sum(weight)` over the part. Steps behind the end of their sequence weigh nothing.
 *
 * @param data prepared as the model sees it
 * @param loss by which classes may count differently
 * @param given `[rows]`, or `[rows, time]` where every step has its targets
 * @param name of the option, for messages
 * @returns undefined where everything counts the same
 * @throws on weights that are not one for each row or step, negative or not finite, and on none above 0
 */
export function lossWeights(
  data: Dataset<Aval>,
  loss?: Pick<Loss, "weightsOf">,
  given?: HostArray,
  name = "sampleWeights",
): LossWeights | undefined {
  checkArgument("lossWeights", "the data", data, anyDatasetCheck);
  if (given !== undefined) checkArgument("lossWeights", `the ${name}`, given, hostArrayCheck);
  const lengths = stepLengths(data.targets, data.inputs, data.extras);
  if (given !== undefined) checkShape(data, given, name);
  const perStep = lengths !== undefined || given?.shape.length === 2;
  const own = loss?.weightsOf?.(data.targets, perStep ? 2 : 1);
  if (!perStep && given === undefined && own === undefined) return undefined;
  const rows = data.count;
  const time = perStep ? data.targets.shape[1]! : 1;
  const make = (): HostArray => zeros(perStep ? [rows, time] : [rows], data.inputs.dtype === "f64" ? "f64" : "f32");
  const weights = make();
  const counted = own === undefined ? weights : make();
  let sum = 0;
  const each = (write: (index: number, weight: number) => void): void => {
    for (let row = 0; row < rows; row++) {
      const steps = lengths?.data[row] ?? time;
      for (let step = 0; step < steps; step++) {
        const from = given?.shape.length === 2 ? row * time + step : row;
        write(row * time + step, given === undefined ? 1 : given.data[from]!);
      }
    }
  };
  each((index, weight) => {
    if (!(Number.isFinite(weight) && weight >= 0)) {
      const row = Math.floor(index / time);
      const step = given?.shape.length === 2 ? `, step ${index % time}` : "";
      fail(
        "train",
        `${name} holds ${weight} for ${rowName(row, data.lines)}${step}; weights are finite and not negative.`,
        "invalid-data",
      );
    }
    sum += weight * (own?.[index] ?? 1);
  });
  if (!(sum > 0 && Number.isFinite(sum))) {
    const what = given === undefined ? "the weights of the targets' classes, 0 where ignored," : `the ${name}`;
    fail("train", `${what} add up to ${sum}; give at least one row or step a weight above 0.`, "invalid-data");
  }
  const scale = weights.data.length / sum;
  each((index, weight) => {
    weights.data[index] = weight * scale;
    if (own !== undefined) counted.data[index] = weight * scale * own[index]!;
  });
  return { given: weights, counted };
}

function checkShape({ count, targets }: Pick<Dataset, "count" | "targets">, weights: HostArray, name: string): void {
  const { shape, dtype } = weights;
  const steps = targets.shape.length > 1 && shape.length === 2;
  const fits =
    (dtype === "f32" || dtype === "f64") &&
    shape[0] === count &&
    (steps ? shape[1] === targets.shape[1] : shape.length === 1);
  if (fits) return;
  fail(
    "train",
    `received ${name} ${describe(weights)} for targets ${describe(targets)}; expected f32[${count}], one for each row, or, ` +
      "where every step has its targets, f32[rows, time].",
    "mismatch",
  );
}

/** What some of these rows count together, in rows of weight 1. */
export function weightOf({ data, shape }: HostArray, rows: ArrayLike<number>): number {
  const width = data.length / shape[0]!;
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * width;
    for (let at = from; at < from + width; at++) sum += data[at]!;
  }
  return sum / width;
}

// How sure the network is: bounds from its errors on the rows held back, wide where its weights are not settled by the training.
import { type InferenceOptions, predict, type TrainedModel } from "@hooke/core";
import { type Dataset, take } from "@hooke/data";
import type { Backend, HostArray } from "@hooke/runtime";
import {
  kroneckerLaplace,
  lastLayerLaplace,
  type SplitConformal,
  scoreBounds,
  splitConformal,
} from "@hooke/uncertainty";
import type { Samples } from "./samples.ts";

/** How many of new rows shall be within the bounds. */
export const level = 0.9;
/** Rows, or groups of them, that bounds of the level take. */
const fewest = 9;
/** Rows that are asked at most, of those learned from and of those held back: more change little, and each takes a gradient. */
const most = 2000;
/** Units above which the curvature of all layers takes more than some seconds; that of the last one does not. */
const widest = 256;

/** What is known of the bounds. */
export interface Reliability {
  /** The share of rows held back within bounds that the others among them made; absent where there are too few for that. */
  readonly coverage?: number;
  /** Rows that were asked. */
  readonly rows: number;
  /** Of these: the width that half of them are below, in the unit of the target. */
  readonly width: number;
}

/** Predictions of rows, in the unit of the target. */
export interface Bounded {
  readonly values: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

export interface Bounding {
  readonly reliability: Reliability;
  readonly bounded: (inputs: HostArray) => Promise<Bounded>;
}

/**
 * Bounds of a trained network. Errors of the rows held back, over what a Laplace approximation says of each, are the scores of split conformal prediction; rows that
 * belong together count once. Which of them the bounds hold is asked of one half with the bounds of the other.
 *
 * @param width of the hidden layers
 * @returns undefined where too few rows, or groups, are held back
 */
export async function boundingOf(
  model: TrainedModel,
  { data, heldBelonging }: Samples,
  width: number,
  backend: Backend,
): Promise<Bounding | undefined> {
  const belonging = heldBelonging.slice(0, most);
  const names = [...new Set(belonging)];
  if (names.length < fewest) return undefined;
  const [train, validation] = [data.train, data.validation].map(firstOf) as [Dataset, Dataset];
  const where: InferenceOptions = { backend };
  const laplace = await (width > widest ? lastLayerLaplace : kroneckerLaplace)(model, train, where);
  const asked = async (inputs: HostArray | Dataset) => ({
    predictions: await predict(model, inputs, where),
    deviation: (await laplace.predict(inputs, where)).deviation,
  });
  const held = { ...(await asked(validation)), targets: validation.targets };
  const all = calibrate(held, belonging);
  const { lower, upper } = all.bounds(held.predictions, { level, deviation: held.deviation });
  const widths = Float64Array.from(upper.data, (end, i) => end - lower.data[i]!).sort();
  const coverage = names.length < 2 * fewest ? undefined : crossCoverage(held, belonging, names);
  return {
    reliability: {
      rows: widths.length,
      width: widths[widths.length >> 1]!,
      ...(coverage !== undefined && { coverage }),
    },
    bounded: async (inputs) => {
      const { predictions, deviation } = await asked(inputs);
      const bounds = all.bounds(predictions, { level, deviation });
      return { values: predictions.data, lower: bounds.lower.data, upper: bounds.upper.data };
    },
  };
}

const firstOf = (part: Dataset): Dataset =>
  part.count <= most
    ? part
    : take(
        part,
        Int32Array.from({ length: most }, (_, row) => row),
      );

/** Of the rows held back: what the network says, how far off it may be, and what is true. */
interface Held {
  readonly predictions: HostArray;
  readonly deviation: HostArray;
  readonly targets: HostArray;
}

const calibrate = (held: Held, specimens: readonly string[]): SplitConformal => splitConformal({ ...held, specimens });

/** Bounds of one half, judged by the other, both ways. */
function crossCoverage(held: Held, belonging: readonly string[], names: readonly string[]): number {
  const isFirst = new Set(names.filter((_, i) => i % 2 === 0));
  const halves = [true, false].map((first) =>
    belonging.flatMap((name, row) => (isFirst.has(name) === first ? [row] : [])),
  );
  const within = [halves, [...halves].reverse()].map(([own, others]) => {
    const part = rowsOf(held, others!);
    const made = calibrate(
      rowsOf(held, own!),
      own!.map((row) => belonging[row]!),
    );
    const bounds = made.bounds(part.predictions, { level, deviation: part.deviation });
    return scoreBounds(bounds, part.targets).coverage * others!.length;
  });
  return within.reduce((sum, count) => sum + count, 0) / belonging.length;
}

function rowsOf(held: Held, rows: readonly number[]): Held {
  const take = ({ data }: HostArray): HostArray => ({
    shape: [rows.length, 1],
    dtype: "f64",
    data: Float64Array.from(rows, (row) => Number(data[row])),
  });
  return { predictions: take(held.predictions), deviation: take(held.deviation), targets: take(held.targets) };
}

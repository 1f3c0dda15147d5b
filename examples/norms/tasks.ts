// What networks are asked for, and from what: the norms differ in which of these they can do.

import { type Loss, mse } from "@hooke/core";
import { type Dataset, dataset } from "@hooke/data";
import { medianOf } from "@hooke/example-study-frame/statistics.ts";
import { div, type HostArray, mean, square, sub, sum } from "@hooke/runtime";
import type { Beams } from "./beam.ts";

/** A question about load cases. */
export interface Task {
  readonly inputs: keyof Beams;
  readonly targets: keyof Beams;
  /** Whether targets are logarithms (to base 10) of what is asked for. */
  readonly logarithmic: boolean;
  /** What is to be seen. */
  readonly about: string;
}

const tasks = {
  "moment per load": {
    inputs: "load",
    targets: "unitMoment",
    logarithmic: false,
    about: "The answer does not depend on the magnitude; layer and group norm forget it anyway",
  },
  moment: {
    inputs: "load",
    targets: "moment",
    logarithmic: false,
    about: "The answer is linear in the load; what forgets the magnitude cannot give it",
  },
  "moment, load normalised": {
    inputs: "shape",
    targets: "unitMoment",
    logarithmic: false,
    about: "The cure by physics: the network sees load / magnitude, its answer is multiplied by the magnitude",
  },
  "largest moment": {
    inputs: "load",
    targets: "largest",
    logarithmic: true,
    about: "Asked for is log10 of the largest moment; that needs the magnitude",
  },
  "largest, magnitude given": {
    inputs: "shapeAndMagnitude",
    targets: "largest",
    logarithmic: true,
    about: "The cure by a column: load / magnitude, and log10 of the magnitude beside it",
  },
} as const satisfies Record<string, Task>;

/** The name of a task. */
export type TaskName = keyof typeof tasks;

export const taskNames = Object.keys(tasks) as TaskName[];

export const taskOf = (name: TaskName): Task => tasks[name];

/** The rows of a task. */
export function rowsOf({ inputs, targets }: Task, beams: Beams): Dataset {
  return dataset({ inputs: beams[inputs], targets: beams[targets] });
}

/** Mean of `|prediction - target|^2 / |target|^2` over samples: large loads count no more than small ones. */
const relativeSquares: Loss = (predictions, targets) =>
  mean(div(sum(square(sub(predictions, targets)), { axes: 1 }), sum(square(targets), { axes: 1 })));

/** Fair to all magnitudes in every task: a relative error, or the error of a logarithm. */
export const lossOf = ({ logarithmic }: Task): Loss => (logarithmic ? mse() : relativeSquares);

/** The relative error of each sample, `|prediction - target| / |target|`; that of a moment, not of its logarithm. */
export function relativeErrors({ logarithmic }: Task, predictions: HostArray, targets: HostArray): readonly number[] {
  const [rows, columns] = targets.shape as [number, number];
  const norm = (row: number, value: (i: number) => number): number => {
    let total = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) total += value(i) ** 2;
    return Math.sqrt(total);
  };
  const [p, t] = [predictions.data, targets.data];
  return Array.from({ length: rows }, (_, row) =>
    logarithmic ? Math.abs(10 ** (p[row]! - t[row]!) - 1) : norm(row, (i) => p[i]! - t[i]!) / norm(row, (i) => t[i]!),
  );
}

/** What the decades of {@link byDecade} are, in kN/m. */
export const decades = ["1-10", "10-100", "100-1000"] as const;

/** Rows by the decade of the load. */
export function byDecade(magnitude: HostArray): readonly (readonly number[])[] {
  const rows: number[][] = decades.map(() => []);
  for (const [row, size] of magnitude.data.entries()) {
    // Rounding may leave a magnitude a little outside of its range.
    rows[Math.max(0, Math.min(decades.length - 1, Math.floor(Math.log10(size))))]!.push(row);
  }
  return rows;
}

/** The median of values, one a row, by the decade of the load. */
export function medianByDecade(values: readonly number[], magnitude: HostArray): readonly number[] {
  return byDecade(magnitude).map((rows) => medianOf(rows.map((row) => values[row]!)));
}

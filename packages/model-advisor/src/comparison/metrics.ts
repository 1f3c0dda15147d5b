// What is made small: errors of the rows of a fold, in the unit of the target.
import type { Target } from "@hooke/baselines";

/** The names of errors. Of numbers: root mean square and mean magnitude. Of classes: cross-entropy and the share of wrong ones. */
export type ErrorName = "rmse" | "mae" | "crossEntropy" | "wrong";

interface ErrorKind {
  readonly of: Target["type"];
  readonly text: string;
  readonly compute: (target: Target, predicted: Float64Array) => number;
}

const leastProbability = 1e-6;

/** The mean over rows. */
const meanOf = (target: Target, value: (row: number) => number): number => {
  let sum = 0;
  for (let row = 0; row < target.values.length; row++) sum += value(row);
  return sum / target.values.length;
};

export const errorKinds: Readonly<Record<ErrorName, ErrorKind>> = {
  rmse: {
    of: "number",
    text: "RMSE",
    compute: (target, predicted) => Math.sqrt(meanOf(target, (row) => (target.values[row]! - predicted[row]!) ** 2)),
  },
  mae: {
    of: "number",
    text: "MAE",
    compute: (target, predicted) => meanOf(target, (row) => Math.abs(target.values[row]! - predicted[row]!)),
  },
  crossEntropy: {
    of: "class",
    text: "cross-entropy",
    compute: (target, predicted) => {
      const count = target.type === "class" ? target.classes.length : 1;
      return meanOf(
        target,
        (row) => -Math.log(Math.max(predicted[row * count + target.values[row]!]!, leastProbability)),
      );
    },
  },
  wrong: {
    of: "class",
    text: "share of wrong classes",
    compute: (target, predicted) => {
      const count = target.type === "class" ? target.classes.length : 1;
      return meanOf(target, (row) => {
        const own = predicted.subarray(row * count, (row + 1) * count);
        return own.indexOf(Math.max(...own)) === target.values[row] ? 0 : 1;
      });
    },
  },
};

/** The error that a target is judged by unless another is asked for. */
export const defaultError = (target: Target): ErrorName => (target.type === "number" ? "rmse" : "crossEntropy");

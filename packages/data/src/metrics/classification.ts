// Accuracy, confusion matrix and F1: class by class comparison of labels.
import { array, checks, fail, type HostArray, type OptionTable } from "@hooke/runtime";
import { knownRows, type LabelOptions, labelsOf, labelTable } from "./labels.ts";
import { checkArguments, type Metric, rowWeights } from "./metric.ts";

/** Fraction of rows whose class is right. */
export const accuracy: Metric<LabelOptions> = {
  name: "accuracy",
  direction: "maximize",
  weighted: true,
  compute(predictions, targets, options = {}) {
    checkArguments("accuracy", predictions, targets, options, labelTable);
    const [rows, labels, counted] = knownRows(predictions, targets, options);
    const { predicted, actual } = labelsOf("accuracy", rows, labels, counted);
    const weightOf = rowWeights("accuracy", actual.length, counted);
    let right = 0;
    for (let row = 0; row < actual.length; row++) if (predicted[row] === actual[row]) right += weightOf(row);
    return right / actual.length;
  },
};

/** Counts of rows by actual class (rows) and predicted class (columns), `i32[classes, classes]`. */
export function confusionMatrix(
  predictions: HostArray,
  targets: HostArray,
  options: Omit<LabelOptions, "weights"> = {},
): HostArray {
  const { weights: _, ...optional } = labelTable.optional;
  checkArguments("confusionMatrix", predictions, targets, options, { optional });
  const { classes, counts } = countPairs("confusionMatrix", predictions, targets, options);
  return array(Int32Array.from(counts), { shape: [classes, classes] });
}

/** Counts of rows, or with weights what they weigh, 1 in the mean. */
interface PairCounts {
  readonly classes: number;
  readonly counts: Float64Array;
  /** 1 for the classes of any row, whatever it weighs. */
  readonly occurs: Uint8Array;
}

function countPairs(who: string, predictions: HostArray, targets: HostArray, options: LabelOptions): PairCounts {
  const [rows, labels, counted] = knownRows(predictions, targets, options);
  const { predicted, actual, classes } = labelsOf(who, rows, labels, counted);
  const weightOf = rowWeights(who, actual.length, counted);
  const counts = new Float64Array(classes * classes);
  const occurs = new Uint8Array(classes);
  for (let row = 0; row < actual.length; row++) {
    counts[actual[row]! * classes + predicted[row]!]! += weightOf(row);
    occurs[actual[row]!] = occurs[predicted[row]!] = 1;
  }
  return { classes, counts, occurs };
}

export interface F1Options extends LabelOptions {
  /**
   * `"binary"`: the score of class 1. `"macro"`: the mean over classes, `"weighted"`: weighted by each class's rows,
   * `"micro"`: from counts over all classes. Default `"binary"` for two classes, `"macro"` for more.
   */
  readonly average?: "binary" | "macro" | "micro" | "weighted";
}

const f1Table: OptionTable<F1Options> = {
  optional: {
    ...labelTable.optional,
    average: (value) => checks.oneOf(value, ["binary", "macro", "micro", "weighted"]),
  },
};

/**
 * F1 score `2 TP / (2 TP + FP + FN)`; 0 where a class has neither. Means run over the classes that occur in predictions or
 * targets, whatever their rows weigh, or over all `classes` where that option is given, as scikit-learn's do with `labels`.
 */
export const f1: Metric<F1Options> = {
  name: "f1",
  direction: "maximize",
  weighted: true,
  compute(predictions, targets, options = {}) {
    checkArguments("f1", predictions, targets, options, f1Table);
    const pairs = countPairs("f1", predictions, targets, options);
    const { classes } = pairs;
    const scores = Array.from({ length: classes }, (_, label) => classScore(pairs, label));
    const counted = options.classes === undefined ? scores.filter((_, label) => pairs.occurs[label] === 1) : scores;
    const scoreOf = ({ twice, wrong }: ClassScore): number => (twice + wrong === 0 ? 0 : twice / (twice + wrong));
    const total = (of: (score: ClassScore) => number): number => counted.reduce((sum, score) => sum + of(score), 0);
    switch (options.average ?? (classes === 2 ? "binary" : "macro")) {
      case "binary":
        if (classes !== 2)
          fail("f1", `average "binary" received ${classes} classes; use "macro", "micro" or "weighted".`, "mismatch");
        return scoreOf(scores[1]!);
      case "macro":
        return total(scoreOf) / counted.length;
      case "micro":
        return scoreOf({ twice: total(({ twice }) => twice), wrong: total(({ wrong }) => wrong), support: 0 });
      case "weighted":
        return total((score) => score.support * scoreOf(score)) / total(({ support }) => support);
    }
  },
};

interface ClassScore {
  /** `2 TP`. */
  readonly twice: number;
  /** `FP + FN`. */
  readonly wrong: number;
  /** Rows of the class. */
  readonly support: number;
}

function classScore({ counts, classes }: PairCounts, label: number): ClassScore {
  let [support, predicted] = [0, 0];
  for (let other = 0; other < classes; other++) {
    support += counts[label * classes + other]!;
    predicted += counts[other * classes + label]!;
  }
  const twice = 2 * counts[label * classes + label]!;
  return { twice, wrong: support + predicted - twice, support };
}

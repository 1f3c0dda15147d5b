// What frozen features are worth where labels are few: a ridge regression on them, over several draws of the labels.
import { permutation } from "@hooke/data";
import { foldHost, randomKey } from "@hooke/runtime";
import { fitClassifier, fitRidge, type Rows, r2 } from "./ridge.ts";

export interface Score {
  readonly mean: number;
  /** Standard deviation over the draws. */
  readonly spread: number;
}

/** How rows are drawn: one order a draw, the first for the labels, the last for the test. */
export interface Draws {
  readonly labels: number;
  readonly test: number;
  readonly seeds: number;
}

function scoreOver(
  count: number,
  { labels, test, seeds }: Draws,
  score: (known: number[], asked: number[]) => number,
): Score {
  const scores = Array.from({ length: seeds }, (_, seed) => {
    const order = [...permutation(foldHost(randomKey(seed), "probe"), count)];
    return score(order.slice(0, labels), order.slice(count - test));
  });
  const mean = scores.reduce((sum, value) => sum + value, 0) / seeds;
  return { mean, spread: Math.sqrt(scores.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1)) };
}

const at = <T>(list: ArrayLike<T>, indices: readonly number[]): T[] => indices.map((i) => list[i]!);

/** R² of positive targets on the rows of the test; ratios count, so that their logarithm is what is fitted. */
export function probeRegression(rows: Rows, targets: ArrayLike<number>, draws: Draws): Score {
  return scoreOver(rows.length, draws, (known, asked) => {
    const { predict } = fitRidge(at(rows, known), at(targets, known).map(Math.log));
    return r2(predict(at(rows, asked)).map(Math.exp), at(targets, asked));
  });
}

/** Share of the test's rows whose class is found. */
export function probeClasses(rows: Rows, classes: readonly number[], draws: Draws): Score {
  const classCount = Math.max(...classes) + 1;
  return scoreOver(rows.length, draws, (known, asked) => {
    const found = fitClassifier(at(rows, known), at(classes, known), classCount)(at(rows, asked));
    return found.filter((own, i) => own === classes[asked[i]!]).length / asked.length;
  });
}

export const showScore = ({ mean, spread }: Score): string => `${mean.toFixed(3)} ± ${spread.toFixed(3)}`;

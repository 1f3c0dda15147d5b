// What frozen features are worth where labels are few: a probe on them, over several draws of the labels.
import { predict } from "@hooke/core";
import { type Dataset, metrics, permutation, take } from "@hooke/data";
import { type Backend, foldHost, type HostArray, randomKey } from "@hooke/runtime";
import { probe } from "@hooke/transfer";

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

/**
 * On the test's rows R² of positive numbers, or the share whose class is found.
 *
 * @param data features, and numbers or classes; ratios of numbers count, so that their logarithm is what is fitted
 */
export async function probeScore(backend: Backend, data: Dataset, { labels, test, seeds }: Draws): Promise<Score> {
  const isClasses = data.classes !== undefined;
  const fitted = isClasses ? data : { ...data, targets: ofEach(data.targets, Math.log) };
  const scores: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const order = [...permutation(foldHost(randomKey(seed), "probe"), data.count)];
    const [known, asked] = [order.slice(0, labels), take(data, order.slice(data.count - test))];
    const { model } = await probe({ data: take(fitted, known), seed });
    const found = await predict(model, asked.inputs, { backend });
    scores.push(
      isClasses
        ? metrics.accuracy.compute(found, asked.targets)
        : metrics.r2.compute(ofEach(found, Math.exp), asked.targets),
    );
  }
  const mean = scores.reduce((sum, value) => sum + value, 0) / seeds;
  return { mean, spread: Math.sqrt(scores.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1)) };
}

const ofEach = ({ shape, data }: HostArray, change: (value: number) => number): HostArray => ({
  shape,
  dtype: "f64",
  data: Float64Array.from(data, change),
});

export const showScore = ({ mean, spread }: Score): string => `${mean.toFixed(3)} ± ${spread.toFixed(3)}`;

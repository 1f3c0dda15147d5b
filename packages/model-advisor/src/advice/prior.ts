// The prior: how methods have done on other tables. Few folds say little, and less than is known of the methods before.
import { type Comparison, logRatioOf } from "../comparison/comparison.ts";
import type { Measurement } from "../comparison/measurement.ts";
import { weighed } from "../comparison/statistics.ts";

/** Of the logarithm of a method's error over that of the best: what is usual, and how far that is off. */
interface Usual {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * On 15 public sets of materials, mechanics and biomechanics of 100 to 1,200 rows (rows held back at random): medians, and spreads of most of
 * them, rounded such that leaving out any one set gives the same. Blends were not among them: they were taken to be as the better of the two
 * methods that lead. A method that has no entry is not judged before it is measured.
 */
const usual: Readonly<Record<string, Usual>> = {
  blend: { mean: 0, deviation: 0.05 },
  "Gaussian process": { mean: 0.03, deviation: 0.1 },
  "tuned boosting": { mean: 0.03, deviation: 0.15 },
  boosting: { mean: 0.1, deviation: 0.25 },
  forest: { mean: 0.15, deviation: 0.25 },
  network: { mean: 0.15, deviation: 0.3 },
  neighbours: { mean: 0.5, deviation: 0.5 },
  quadratic: { mean: 0.5, deviation: 0.5 },
  ridge: { mean: 0.5, deviation: 0.7 },
  "elastic net": { mean: 0.5, deviation: 0.7 },
};

/** Error that is expected over the least that is, less 1, by method: what was measured and what is usual, each by how sure it is. */
export type Expected = ReadonlyMap<string, number>;

/**
 * What to expect of the methods of a comparison. The difference of two methods, in logarithms, is normal before it is measured; it is measured with
 * the corrected standard error of folds; the posterior mean is in between. Under splits that ask for new families, ranges or times nothing
 * is usual: methods change places there.
 */
export function expectedOf(measurement: Measurement, comparison: Comparison): Expected {
  const { split, samples } = measurement.setting;
  const isUsual = samples.target.type === "number" && (split.kind === "random" || split.kind === "grouped");
  const names = comparison.methods.map(({ method }) => method);
  const [reference] = names.toSorted((a, b) => (usual[a]?.mean ?? 1) - (usual[b]?.mean ?? 1));
  const logs = names.map((name): readonly [string, number] => {
    if (name === reference) return [name, 0];
    const measured = logRatioOf(measurement.of(name), measurement.of(reference!));
    const [own, other] = [usual[name], usual[reference!]];
    if (!isUsual || own === undefined || other === undefined) return [name, measured.mean];
    const difference = { mean: own.mean - other.mean, deviation: Math.hypot(own.deviation, other.deviation) };
    return [name, weighed(measured, difference).mean];
  });
  const least = logs.reduce((so, [, log]) => Math.min(so, log), Number.POSITIVE_INFINITY);
  return new Map(logs.map(([name, log]) => [name, Math.exp(log - least) - 1]));
}

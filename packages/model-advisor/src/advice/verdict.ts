// The verdict: the simplest that a person can read of those that predict alike, or the best of them; nothing, where guessing or a known law is as good.
import { type Comparison, dummyName, logRatioOf, type MethodResult } from "../comparison/comparison.ts";
import type { Measurement } from "../comparison/measurement.ts";
import { oddsOf } from "../comparison/statistics.ts";
import { noiseFloor } from "../reading/columns.ts";
import type { Recommendation, Signal } from "./advice.ts";
import type { Candidate } from "./candidates.ts";

/** The least share of the dummy's error that must be taken away, and how often chance may do as much. */
const [leastSkill, mostChance] = [0.02, 0.05];

/**
 * Whether the inputs say anything of the target: the best candidate against the dummy, corrected for choosing it among many (Bonferroni). By
 * ratios, as differences scatter with how hard a fold is: a few extreme targets would hide what is plain on every fold.
 */
export function signalOf(measurement: Measurement, comparison: Comparison): Signal {
  const { samples } = measurement.setting;
  const others = comparison.methods.filter(({ method }) => method !== dummyName);
  const [best] = others;
  const floor = noiseFloor(samples);
  const rest = floor && { noiseFloor: floor };
  if (best === undefined) return { found: false, skill: 0, pValue: 1, ...rest };
  const { better } = oddsOf(logRatioOf(measurement.of(best.method), measurement.of(dummyName)), 0);
  const pValue = Math.min(1, (1 - better) * others.length);
  return { found: best.skill > leastSkill && pValue < mostChance, skill: best.skill, pValue, ...rest };
}

/** What is recommended of the candidates, the simplest first. */
export function verdictOf(
  comparison: Comparison,
  candidates: readonly Candidate[],
  options: { readonly split: string; readonly readableOnly: boolean; readonly laws: ReadonlySet<string> },
): { readonly recommended?: Recommendation; readonly equivalent: string[] } {
  const byName = new Map(comparison.methods.map((result) => [result.method, result]));
  const ranked = candidates.filter(({ name, readable }) => byName.has(name) && (readable || !options.readableOnly));
  const results = ranked.map(({ name }) => byName.get(name)!);
  const least = results.reduce((a, b) => (b.error < a.error ? b : a), results[0]!);
  const equivalent = results
    .filter(({ method, error }) => isAlike(comparison, method, error, least))
    .map(({ method }) => method);
  const [simplest] = ranked.filter(({ name }) => equivalent.includes(name));
  if (simplest === undefined || simplest.name === dummyName || options.laws.has(simplest.name)) return { equivalent };
  // A little error buys a model that can be read. Of those that cannot, the one measured best costs nothing.
  const method = simplest.readable ? simplest.name : least.method;
  const because = reasonOf(method, equivalent, least);
  return { recommended: { ...byName.get(method)!, split: options.split, because }, equivalent };
}

/** Within the margin that makes no difference, and not told to be worse. */
function isAlike(comparison: Comparison, method: string, error: number, least: MethodResult): boolean {
  if (method === least.method) return true;
  if (error > (1 + comparison.equivalence) * least.error) return false;
  return comparison.pair(method, least.method).worse < 0.95;
}

function reasonOf(method: string, equivalent: readonly string[], { method: best }: MethodResult): string {
  const others = equivalent.filter((name) => name !== method);
  if (others.length === 0) return "No other candidate comes close.";
  const rest = others.length === 1 ? others[0] : `${others.slice(0, -1).join(", ")} and ${others.at(-1)}`;
  const isOne = others.length === 1;
  if (method !== best) {
    return `It is the simplest of those that predict alike: ${rest} ${isOne ? "is" : "are"} no better by what matters.`;
  }
  const what = method === equivalent[0] ? "the best and the simplest" : "the best";
  return `It is ${what}; ${rest} ${isOne ? "predicts" : "predict"} about as well.`;
}

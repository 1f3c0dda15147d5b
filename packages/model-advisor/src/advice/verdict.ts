// The verdict: the simplest of those that predict alike; nothing, where guessing or a known law is as good.

import type { Samples } from "@hooke/baselines";
import { type Comparison, dummyName, type MethodResult } from "../comparison/comparison.ts";
import { noiseFloor } from "../reading/columns.ts";
import type { Recommendation, Signal } from "./advice.ts";
import type { Candidate } from "./candidates.ts";

/** The least share of the dummy's error that must be taken away, and how often chance may do as much. */
const [leastSkill, mostChance] = [0.02, 0.05];

/** Whether the inputs say anything of the target: the best candidate against the dummy, corrected for choosing it among many (Bonferroni). */
export function signalOf(comparison: Comparison, samples: Samples): Signal {
  const others = comparison.methods.filter(({ method }) => method !== dummyName);
  const [best] = others;
  const floor = noiseFloor(samples);
  const rest = floor && { noiseFloor: floor };
  if (best === undefined) return { found: false, skill: 0, pValue: 1, ...rest };
  const { better } = comparison.pair(best.method, dummyName, 0);
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
  const method = equivalent[0];
  if (method === undefined || method === dummyName || options.laws.has(method)) return { equivalent };
  const because = reasonOf(equivalent, least);
  return { recommended: { ...byName.get(method)!, split: options.split, because }, equivalent };
}

/** Within the margin that makes no difference, and not told to be worse. */
function isAlike(comparison: Comparison, method: string, error: number, least: MethodResult): boolean {
  if (method === least.method) return true;
  if (error > (1 + comparison.equivalence) * least.error) return false;
  return comparison.pair(method, least.method).worse < 0.95;
}

function reasonOf(equivalent: readonly string[], { method: best }: MethodResult): string {
  const [simplest, ...others] = equivalent;
  if (others.length === 0) return "No other candidate comes close.";
  const rest = others.length === 1 ? others[0] : `${others.slice(0, -1).join(", ")} and ${others.at(-1)}`;
  return simplest === best
    ? `It is the best and the simplest; ${rest} ${others.length === 1 ? "predicts" : "predict"} about as well.`
    : `It is the simplest of those that predict alike: ${rest} ${others.length === 1 ? "is" : "are"} no better by what matters.`;
}

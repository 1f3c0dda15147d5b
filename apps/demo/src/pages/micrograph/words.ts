// What the page calls things: properties with their units, scores, and the verdict in sentences.
import { agreement, axisOf, decimals, inUnit, number } from "../../shell/readings.ts";
import { compare } from "./comparing.ts";
import type { Learning } from "./learning.ts";
import { isClass, kinds, type Settings } from "./settings.ts";

/** What is predicted, with its unit. */
export const quantityOf = ({ property, quantity, unit }: Settings): string =>
  ({
    modulus: "effective modulus (soft moduli)",
    fraction: "share of the stiff phase",
    structure: "kind of structure",
    measured: axisOf(quantity, unit),
  })[property];

/** A value of the property. */
export function valueInWords(value: number, { property, unit }: Settings): string {
  if (property === "structure") return kinds[value]!;
  if (property === "measured") return inUnit(number(Number(value.toPrecision(3))), unit);
  return property === "modulus" ? `${value.toPrecision(3)} soft moduli` : `${(100 * value).toFixed(1)} %`;
}

export const scoreName = (settings: Settings): string => (isClass(settings) ? "Accuracy" : "R²");

export function scoreOf(settings: Settings, truth: readonly number[], predicted: readonly number[]): number {
  if (!isClass(settings)) return agreement(truth, predicted).r2;
  return truth.filter((value, i) => predicted[i] === value).length / truth.length;
}

/** Error of each prediction: its square, or 1 where a kind is wrong and 0 else. */
const errorsOf = (settings: Settings, truth: readonly number[], predicted: readonly number[]): number[] =>
  truth.map((value, i) => (isClass(settings) ? Number(predicted[i] !== value) : (predicted[i]! - value) ** 2));

/** What the rival learns by. */
const rivals = {
  modulus: "a Gaussian process",
  fraction: "a ridge regression",
  structure: "a random forest",
  measured: "a Gaussian process",
} as const;

export const learnerName = ({ learner }: Settings): string => (learner === "network" ? "the network" : "textureNet");

/** Who wins, by how much, and what follows. */
export function verdictOf(settings: Settings, { truth, rival, network }: Learning): string[] {
  const { better } = compare(errorsOf(settings, truth, network), errorsOf(settings, truth, rival));
  const score = (predicted: readonly number[]): string => decimals(scoreOf(settings, truth, predicted), 3);
  const own = learnerName(settings);
  const scores = `${scoreName(settings)} ${score(network)} of ${own}, ${score(rival)} of two-point statistics with ${rivals[settings.property]}, on ${truth.length} micrographs that neither learned from.`;
  if (better === "first") {
    return [
      `${own[0]!.toUpperCase()}${own.slice(1)} wins.`,
      scores,
      "What an average over pairs of points cannot tell, such as which phase is connected, it has seen in the pixels.",
    ];
  }
  if (better === "second") {
    const why =
      settings.property === "fraction"
        ? "The share is the first number of these statistics: there is nothing left to learn."
        : "More micrographs, more epochs or a declared symmetry may turn that.";
    return ["Two-point statistics win.", scores, why];
  }
  return [
    "Neither wins.",
    scores,
    "Errors differ by less than twice the standard error of their difference: take two-point statistics, which are simpler, or hold more micrographs out.",
  ];
}

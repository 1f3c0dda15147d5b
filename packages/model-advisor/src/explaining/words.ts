// Explanations in words: "strength rises by 0.1 MPa for each kg/m3 of cement", what inputs are worth, and how predictions follow them.
import type { InputEffect, PairEffect } from "@hooke/baselines";
import type { ExplanationFacts } from "./explanation.ts";

/** Effects that are told, the most important first. */
const mostTold = 6;
/** The share of a curve's range that its ends are apart, from which on it rises or falls. */
const mostlyOneWay = 0.85;

const short = (value: number): string => Number(value.toPrecision(2)).toString();
const withUnit = (value: number, unit: string | undefined): string =>
  `${short(value)}${unit === undefined ? "" : ` ${unit}`}`;

/** What a linear method says first, then what it and any other is asked. */
export function explanationSentences(facts: ExplanationFacts): string[] {
  return [...ownOf(facts), ...importanceOf(facts), ...effectsOf(facts), ...togetherOf(facts)];
}

function ownOf({ own, unit }: ExplanationFacts): readonly string[] {
  if (own?.kind === "coefficients") return own.words;
  if (own?.kind === "shares") {
    const [first] = own.shares;
    if (first === undefined) return [];
    return [
      `${first.input} moves a prediction the most: by ${withUnit(first.share, unit)} on average over ${own.rows} rows (${own.by}).`,
    ];
  }
  if (own?.kind !== "length scales" || own.scales.length === 0) return [];
  const [shortest] = own.scales;
  const flat = own.scales.filter(({ deviations }) => deviations > 10).map(({ input }) => input);
  return [
    `The function changes the quickest along ${shortest!.input}: over ${withUnit(shortest!.lengthScale, shortest!.unit)}, ${short(shortest!.deviations)} of its standard deviations.`,
    ...(flat.length > 0 ? [`It hardly depends on ${listed(flat)}: over more than 10 deviations.`] : []),
  ];
}

function importanceOf({ importance, level }: ExplanationFacts): string[] {
  if (importance === undefined) return [];
  const { groups, error, unit } = importance;
  const counted = groups.filter(({ lower }) => lower > 0).slice(0, 3);
  const idle = groups.filter(({ lower }) => lower <= 0).map(({ inputs }) => inputs.join(" with "));
  return [
    ...counted.map(({ inputs, value, lower, upper }, i) => {
      const range = `${short(lower)} to ${withUnit(upper, unit)} in ${short(100 * level)} % of draws`;
      return i === 0
        ? `Most depends on ${listed(inputs)}: shuffled, the error of ${withUnit(error, unit)} on rows held back rises by ${withUnit(value, unit)} (${range}).`
        : `Then ${listed(inputs)}: ${withUnit(value, unit)} (${range}).`;
    }),
    ...(idle.length > 0 ? [`Worth nothing beyond chance: ${listed(idle)}.`] : []),
  ];
}

/** Whether coefficients have told all: no curve bends, and no pair acts together. */
export function isSumOfSlopes({ own, effects }: ExplanationFacts): boolean {
  const most = Math.max(0, ...effects.effects.map(({ spread }) => spread));
  return own?.kind === "coefficients" && effects.rest.every((rest) => rest < 1e-6 * most);
}

function effectsOf(facts: ExplanationFacts): string[] {
  if (isSumOfSlopes(facts)) return [];
  const { effects, unit } = facts;
  const last = effects.outputs.at(-1)!;
  const told = effects.effects.filter(({ output, at }) => output === last && at.length > 1).slice(0, mostTold);
  return told.filter(({ spread }) => spread > 0).map((effect) => effectSentence(effect, unit));
}

function effectSentence(effect: InputEffect, unit: string | undefined): string {
  const { values, output, input } = effect;
  const [lowest, highest] = [indexOf(values, Math.min), indexOf(values, Math.max)];
  const range = values[highest]! - values[lowest]!;
  const place = (k: number): string => placeOf(effect, k);
  const change = withUnit(range, unit);
  if (typeof effect.at[0] === "string") {
    return `By ${input}, ${output} is highest where it is ${effect.at[highest]} and lowest where it is ${effect.at[lowest]}: ${change} apart.`;
  }
  const end = values.length - 1;
  const rise = values[end]! - values[0]!;
  if (Math.abs(rise) < mostlyOneWay * range) {
    return `By ${input}, ${output} is highest at ${place(highest)} and lowest at ${place(lowest)}: ${change} apart.`;
  }
  const early = values.findIndex((value) => Math.abs(value - values[0]!) >= 0.8 * Math.abs(rise));
  const at = effect.at as Float64Array;
  const isEarly = at[early]! - at[0]! < 0.5 * (at[end]! - at[0]!);
  const where = isEarly ? `, most of it up to ${place(early)}` : "";
  return `As ${input} goes from ${placeOf(effect, 0, false)} to ${place(end)}, ${output} ${rise > 0 ? "rises" : "falls"} by ${withUnit(Math.abs(rise), unit)}${where}.`;
}

function placeOf({ at, unit }: InputEffect, k: number, isWithUnit = true): string {
  const value = at[k]!;
  if (typeof value === "string") return value;
  const digits = Number(value.toPrecision(3)).toString();
  return isWithUnit && unit !== undefined ? `${digits} ${unit}` : digits;
}

const indexOf = (values: Float64Array, choose: (...values: number[]) => number): number =>
  values.indexOf(choose(...values));

/** What single inputs leave open, and the pair that acts together the most. */
function togetherOf({ effects, unit }: ExplanationFacts): string[] {
  const last = effects.outputs.at(-1)!;
  const strongest = effects.pairs
    .filter(({ output }) => output === last)
    .reduce((best: PairEffect | undefined, pair) => (best && best.spread >= pair.spread ? best : pair), undefined);
  const most = Math.max(0, ...effects.effects.filter(({ output }) => output === last).map(({ spread }) => spread));
  if (strongest === undefined || strongest.spread < 0.05 * most) return [];
  const [a, b] = strongest.axes;
  return [`${a.input} and ${b.input} act together, too: by ${withUnit(strongest.spread, unit)} beyond what each does.`];
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

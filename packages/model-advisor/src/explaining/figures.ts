// Explanations as figures of @hooke/report.
import type { CertainCoefficient, EffectAxis, InputEffect, PairEffect } from "@hooke/baselines";
import type { Figure } from "@hooke/report";
import { array } from "@hooke/runtime";
import type { ExplanationFacts, OwnWords } from "./explanation.ts";
import { isSumOfSlopes } from "./words.ts";

/** Curves that are shown, the most important first. */
const mostCurves = 6;
/** Points of a map along each axis. */
const mapPoints = 32;

export function figuresOf(facts: ExplanationFacts): Figure[] {
  const { unit, target } = facts;
  const effects = isSumOfSlopes(facts) ? { ...facts.effects, effects: [], pairs: [] } : facts.effects;
  const quantity = unit === undefined ? `change of ${target}` : `change of ${target} (${unit})`;
  const last = effects.outputs.at(-1)!;
  const shown = effects.effects.filter(({ output, spread }) => output === last && spread > 0).slice(0, mostCurves);
  const pair = effects.pairs
    .filter(({ output, axes }) => output === last && axes.every(({ at }) => typeof at[0] === "number"))
    .reduce((best: PairEffect | undefined, each) => (best && best.spread >= each.spread ? best : each), undefined);
  return [
    ...(facts.own ? [ownFigure(facts.own, facts)] : []),
    ...importanceFigure(facts),
    ...shown.map((effect) => effectFigure(effect, quantity, facts)),
    ...(pair && pair.spread > 0.01 * Math.max(...shown.map(({ spread }) => spread))
      ? [pairFigure(pair, quantity)]
      : []),
  ];
}

function ownFigure(own: OwnWords, { level, unit, target }: ExplanationFacts): Figure {
  switch (own.kind) {
    case "coefficients": {
      const hasMany = own.sums.length > 1;
      const percent = `${Math.round(100 * level)} %`;
      return {
        kind: "table",
        title: "Coefficients",
        caption: `What ${target} changes by for each unit of a term, others equal; between the ends lie ${percent} of fits to rows drawn again, and a term is selected where it is not 0.`,
        columns: [
          { label: hasMany ? "of, term" : "term" },
          { label: "coefficient" },
          { label: "from" },
          { label: "to" },
          { label: "unit" },
          { label: "selected", unit: "%" },
        ],
        rows: own.sums.flatMap(({ output, intercept, terms }) => {
          const named = (term: string): string => (hasMany ? `${output}: ${term}` : term);
          return [
            [named("intercept"), intercept, null, null, unit ?? "", null],
            ...terms.map((term) => {
              const { lower = null, upper = null, selected } = term as Partial<CertainCoefficient>;
              const often = selected === undefined ? null : 100 * selected;
              return [named(term.term), term.value, lower, upper, term.unit ?? "", often];
            }),
          ];
        }),
      };
    }
    case "shares": {
      const last = own.shares.at(-1)?.output;
      return {
        kind: "bars",
        title: "Mean shares of predictions",
        caption: `How much each input moves a prediction, on average over ${own.rows} rows (${own.by}): shares add up to the prediction, row by row.`,
        quantity: unit === undefined ? "mean share" : `mean share (${unit})`,
        bars: own.shares
          .filter(({ output }) => output === last)
          .slice(0, 12)
          .map(({ input, share }) => ({ label: input, value: share })),
      };
    }
    case "length scales":
      return {
        kind: "table",
        title: "Length scales",
        caption:
          "Over these lengths the function changes; it hardly depends on an input whose length is many standard deviations.",
        columns: [{ label: "input" }, { label: "length scale" }, { label: "unit" }, { label: "in deviations" }],
        rows: own.scales.map((scale) => [scale.input, scale.lengthScale, scale.unit ?? "", scale.deviations]),
      };
  }
}

function importanceFigure({ importance }: ExplanationFacts): Figure[] {
  if (importance === undefined || importance.groups.length === 0) return [];
  const { groups, unit } = importance;
  return [
    {
      kind: "bars",
      title: "What inputs are worth",
      caption:
        "What the error on rows held back rises by when an input is shuffled; inputs that say the same are shuffled together. The lines are intervals of rows drawn again.",
      quantity: unit === undefined ? "rise of the error" : `rise of the error (${unit})`,
      bars: groups
        .slice(0, 12)
        .map(({ inputs, value, lower, upper }) => ({ label: inputs.join(", "), value, error: (upper - lower) / 2 })),
    },
  ];
}

const axisLabel = ({ input, unit }: EffectAxis): string => (unit === undefined ? input : `${input} (${unit})`);

function effectFigure(effect: InputEffect, quantity: string, { level }: ExplanationFacts): Figure {
  const { at, input, output, values, lower, upper, rows } = effect;
  const band = lower === undefined ? "" : ` The band holds ${Math.round(100 * level)} % of draws of rows.`;
  const least = rows.length === 0 ? 0 : Math.min(...rows);
  const title = `${output} by ${input}`;
  const caption = `Accumulated local effect: how predictions change with ${input} alone, from their mean; each step is asked of ${least === 1 ? "1 row" : `${least} rows`} or more.${band}`;
  if (at.length < 2 || typeof at[0] === "string") {
    const bars = Array.from(values, (value, k) => ({
      label: `${at[k]}`,
      value,
      ...(lower && upper && { error: (upper[k]! - lower[k]!) / 2 }),
    }));
    return { kind: "bars", title, caption, quantity, bars };
  }
  const series = [
    { label: "effect", values: Array.from(values) },
    ...(lower && upper
      ? [
          { label: "lower", values: Array.from(lower) },
          { label: "upper", values: Array.from(upper) },
        ]
      : []),
  ];
  return {
    kind: "curves",
    title,
    caption,
    xLabel: axisLabel(effect),
    yLabel: quantity,
    x: Array.from(at as Float64Array),
    series,
  };
}

/** On even points, which maps have. */
function pairFigure({ axes, values }: PairEffect, quantity: string): Figure {
  const [first, second] = axes;
  const [along, across] = [first.at as Float64Array, second.at as Float64Array];
  const [x, y] = [evenly(along), evenly(across)];
  const line = (k: number): Float64Array => values.subarray(k * across.length, (k + 1) * across.length);
  const columns = x.map((at) => {
    const [k, share] = stepOf(along, at);
    return y.map(
      (height) => (1 - share) * valueOn(across, line(k), height) + share * valueOn(across, line(k + 1), height),
    );
  });
  return {
    kind: "fieldMap",
    title: `${first.input} with ${second.input}`,
    caption: "What the two do together, beyond what each does by itself (accumulated local effect of the pair).",
    quantity,
    values: array(y.map((_, row) => columns.map((column) => column[row]!))),
    x,
    y,
    xLabel: axisLabel(first),
    yLabel: axisLabel(second),
    aspect: 1.5,
  };
}

const evenly = (at: Float64Array): number[] =>
  Array.from({ length: mapPoints }, (_, i) => at[0]! + ((at.at(-1)! - at[0]!) * i) / (mapPoints - 1));

function stepOf(at: Float64Array, value: number): readonly [step: number, share: number] {
  let step = 0;
  while (step < at.length - 2 && at[step + 1]! < value) step++;
  return [step, Math.min(1, Math.max(0, (value - at[step]!) / (at[step + 1]! - at[step]!)))];
}

function valueOn(at: Float64Array, values: Float64Array, value: number): number {
  const [step, share] = stepOf(at, value);
  return (1 - share) * values[step]! + share * values[step + 1]!;
}

// Features of a sequence that have names: moments, extremes, slopes, crossings, and how strong each frequency is.

/** Names of what {@link featuresOf} gives, in its order. */
export const featureNames = (frequencies: number): string[] => [
  "mean",
  "deviation",
  "skewness",
  "kurtosis",
  "minimum",
  "maximum",
  "first",
  "last",
  "slope",
  "roughness",
  "crossings",
  "peaks",
  "place of minimum",
  "place of maximum",
  ...Array.from({ length: frequencies }, (_, k) => `frequency ${k + 1}`),
  "length",
];

/**
 * Moments (standardised ones 0 where all steps are alike), extremes, the ends, the slope of the line through all steps, the root mean square of
 * differences between steps, the shares of steps at which it crosses its mean and is a peak, where its extremes are (0 to 1), the amplitudes of 1, 2,
 * ... waves over its length, and its number of steps. Of no steps only that is known.
 */
export function featuresOf(values: Float64Array, frequencies: number): number[] {
  const { length } = values;
  const names = featureNames(frequencies);
  if (length === 0) return names.map((name) => (name === "length" ? 0 : Number.NaN));
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const centred = values.map((value) => value - mean);
  const moment = (order: number): number => centred.reduce((sum, value) => sum + power(value, order), 0) / length;
  const deviation = Math.sqrt(moment(2));
  const [minimum, maximum] = [Math.min(...values), Math.max(...values)];
  let [rise, run, squares, crossings, peaks] = [0, 0, 0, 0, 0];
  for (let t = 0; t < length; t++) {
    const place = t - (length - 1) / 2;
    rise += place * centred[t]!;
    run += place * place;
    if (t > 0) {
      squares += (values[t]! - values[t - 1]!) ** 2;
      if (centred[t]! > 0 !== centred[t - 1]! > 0) crossings++;
    }
    if (t > 0 && t < length - 1 && values[t]! > values[t - 1]! && values[t]! >= values[t + 1]!) peaks++;
  }
  const last = Math.max(1, length - 1);
  return [
    mean,
    deviation,
    deviation > 0 ? moment(3) / power(deviation, 3) : 0,
    deviation > 0 ? moment(4) / power(deviation, 4) : 0,
    minimum,
    maximum,
    values[0]!,
    values[length - 1]!,
    run > 0 ? rise / run : 0,
    Math.sqrt(squares / last),
    crossings / last,
    peaks / last,
    values.indexOf(minimum) / last,
    values.indexOf(maximum) / last,
    ...Array.from({ length: frequencies }, (_, k) => amplitude(centred, k + 1)),
    length,
  ];
}

/** By products, the same bits everywhere. */
function power(value: number, order: number): number {
  let product = value;
  for (let i = 1; i < order; i++) product *= value;
  return product;
}

/** Of so many waves over the length; 0 where steps cannot tell. */
function amplitude(values: Float64Array, waves: number): number {
  const { length } = values;
  if (2 * waves > length) return 0;
  let [re, im] = [0, 0];
  for (let t = 0; t < length; t++) {
    const turn = ((waves * t) % length) / length;
    re += values[t]! * cosine(turn);
    im += values[t]! * cosine((turn + 0.75) % 1);
  }
  return (2 * Math.sqrt(re * re + im * im)) / length;
}

/** The cosine of so many turns, from 0 to 1, by its series: the engine's own differs from engine to engine. */
function cosine(turn: number): number {
  const half = turn > 0.5 ? 1 - turn : turn;
  const mirrored = half > 0.25;
  const x = 2 * Math.PI * (mirrored ? 0.5 - half : half);
  let [sum, term] = [1, 1];
  for (let i = 1; i <= 11; i++) {
    term *= (-x * x) / ((2 * i - 1) * (2 * i));
    sum += term;
  }
  return mirrored ? -sum : sum;
}

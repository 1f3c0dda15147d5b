// The law of Paris as a forecast: with C and m of the population, with C refitted, and with both fitted to forecasts.
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { Method } from "./method.ts";
import { apparentLogC, growthCurve, type ParisLaw, type Series } from "./plate.ts";
import { forecastSteps, futurePart, observedPart, observedSteps, type Specimen } from "./specimens.ts";
import { leastSquares, minimise, sumOfSquares, variance } from "./statistics.ts";

/** Specimens share m; their log C scatter around a mean, and within a specimen from one interval to the next. */
export interface Population extends ParisLaw {
  /** Standard deviation of log C between specimens. */
  readonly between: number;
  /** Standard deviation of log C between intervals of one specimen. */
  readonly within: number;
}

/** `log C` of each interval of a history. */
const intervalLogCs = (series: Series, m: number, lengths: readonly number[]): number[] =>
  lengths.slice(1).map((length, i) => apparentLogC(series, m, lengths[i]!, length, series.cyclesPerStep));

/** m leaves the least scatter of log C within the specimens; the variances are those of a one-way layout. */
export function fitPopulation(series: Series, specimens: readonly Specimen[]): Population {
  const withinSquares = (m: number): number =>
    specimens.reduce((sum, { lengths }) => {
      const values = intervalLogCs(series, m, lengths);
      return sum + variance(values) * (values.length - 1);
    }, 0);
  const m = minimise(withinSquares, 1, 6);
  const own = specimens.map(({ lengths }) => meanOf(intervalLogCs(series, m, lengths)));
  const intervals = specimens.map(({ lengths }) => lengths.length - 1);
  const within = withinSquares(m) / intervals.reduce((sum, count) => sum + count - 1, 0);
  const between = Math.max(0, variance(own) - within * meanOf(intervals.map((count) => 1 / count)));
  return { logC: meanOf(own), m, between: Math.sqrt(between), within: Math.sqrt(within) };
}

/** The most probable log C of a specimen: the mean of its intervals, drawn to the population's as far as they scatter. */
export function refitLogC(series: Series, population: Population, observed: readonly number[]): number {
  const own = intervalLogCs(series, population.m, observed);
  const between = population.between ** 2;
  const weight = between / (between + population.within ** 2 / own.length);
  return population.logC + weight * (meanOf(own) - population.logC);
}

/** A specimen's later log C from that of its observed part: `intercept + slope observed`. */
export interface ForecastLaw {
  readonly m: number;
  readonly intercept: number;
  readonly slope: number;
}

/**
 * Fitted for the purpose: m makes the forecasts of the training specimens best (squared errors in mm), log C of the forecast
 * part is regressed on log C of the observed part. Where growth departs from a power law, observed C is biased for what comes;
 * this takes the bias out.
 */
export function fitForecastLaw(series: Series, specimens: readonly Specimen[]): ForecastLaw {
  const known = specimens.map((specimen) => ({ observed: observedPart(specimen), future: futurePart(specimen) }));
  const regress = (m: number): ForecastLaw => {
    const early = known.map(({ observed }) => [meanOf(intervalLogCs(series, m, observed))]);
    const late = known.map(({ observed, future }) =>
      apparentLogC(series, m, observed.at(-1)!, future.at(-1)!, forecastSteps * series.cyclesPerStep),
    );
    const [intercept, slope] = leastSquares(early, late) as [number, number];
    return { m, intercept, slope };
  };
  const squaredErrors = (m: number): number => {
    const law = regress(m);
    return known.reduce((sum, { observed, future }) => {
      const forecast = parisForecast(series, law, observed);
      return sum + sumOfSquares(future.map((length, i) => length - forecast[i]!));
    }, 0);
  };
  return regress(minimise(squaredErrors, 1, 6));
}

/** Lengths in mm, one for each step to be forecast. */
export function parisForecast(
  series: Series,
  { m, intercept, slope }: ForecastLaw,
  observed: readonly number[],
): number[] {
  const logC = intercept + slope * meanOf(intervalLogCs(series, m, observed));
  return continued(series, { m, logC }, observed);
}

/** The crack grows on from where it was last measured. */
const continued = (series: Series, law: ParisLaw, observed: readonly number[]): number[] =>
  growthCurve(series, law, observed[observedSteps - 1]!, series.cyclesPerStep, forecastSteps);

export const parisPopulation: Method = {
  name: "Paris, population",
  forecast({ series, training, observed }) {
    const population = fitPopulation(series, training);
    return observed.map((lengths) => continued(series, population, lengths));
  },
};

export const parisRefitted: Method = {
  name: "Paris, C refitted",
  forecast({ series, training, observed }) {
    const population = fitPopulation(series, training);
    return observed.map((lengths) => {
      const logC = refitLogC(series, population, lengths);
      return continued(series, { m: population.m, logC }, lengths);
    });
  },
};

export const parisForForecasts: Method = {
  name: "Paris, for forecasts",
  forecast({ series, training, observed }) {
    const law = fitForecastLaw(series, training);
    return observed.map((lengths) => parisForecast(series, law, lengths));
  },
};

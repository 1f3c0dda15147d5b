// What networks are compared with.
import type { Method } from "./method.ts";
import { parisForForecasts, parisPopulation, parisRefitted } from "./paris.ts";
import { linearRegression, meanGrowth } from "./regression.ts";

export const baselines: readonly Method[] = [
  meanGrowth,
  linearRegression,
  parisPopulation,
  parisRefitted,
  parisForForecasts,
];

/** The strongest law of Paris; networks are compared with it. */
export const toBeat = parisForForecasts.name;

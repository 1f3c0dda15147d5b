// What is easy: the mean growth of the training specimens, and a linear map from logarithms of observed lengths.
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { Method } from "./method.ts";
import { forecastSteps, futurePart, observedPart, type Specimen } from "./specimens.ts";
import { leastSquares } from "./statistics.ts";

const steps = Array.from({ length: forecastSteps }, (_, step) => step);

/** `log(a / a_last)` for every step to be forecast. */
const logGrowth = (specimen: Specimen): number[] =>
  futurePart(specimen).map((length) => Math.log(length / observedPart(specimen).at(-1)!));

export const meanGrowth: Method = {
  name: "mean growth",
  forecast({ training, observed }) {
    const growth = training.map(logGrowth);
    return observed.map((lengths) =>
      steps.map((step) => lengths.at(-1)! * Math.exp(meanOf(growth.map((of) => of[step]!)))),
    );
  },
};

export const linearRegression: Method = {
  name: "linear regression",
  forecast({ training, observed }) {
    const regressors = training.map((specimen) => observedPart(specimen).map(Math.log));
    const growth = training.map(logGrowth);
    const maps = steps.map((step) =>
      leastSquares(
        regressors,
        growth.map((of) => of[step]!),
      ),
    );
    return observed.map((lengths) =>
      maps.map(([intercept, ...slopes]) => {
        const sum = slopes.reduce((total, slope, i) => total + slope * Math.log(lengths[i]!), intercept!);
        return lengths.at(-1)! * Math.exp(sum);
      }),
    );
  },
};

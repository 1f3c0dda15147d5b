// Scores against closed forms and against integrals of their definitions.
import { array } from "@hooke/runtime";
import { expect, it } from "vitest";
import { mixtureOf } from "../predictive/mixture.ts";
import { shareBelow } from "../predictive/quantiles.ts";
import { scoreBounds } from "./bounds.ts";
import { calibrationCurve, calibrationError, pit } from "./calibration.ts";
import { scoreClasses, scoreSets } from "./classes.ts";
import { crps, negativeLogLikelihood } from "./density.ts";
import { reliabilityFigure } from "./reliability-figure.ts";
import { scoreMixture } from "./scores.ts";

const mixture = mixtureOf(array([[0.3], [1.1], [-2]]), { noise: 0.7 });
const target = array([0.9]);

it("the likelihood is that of the mixture", () => {
  const density = [0.3, 1.1, -2].reduce(
    (sum, mean) => sum + Math.exp(-0.5 * ((0.9 - mean) / 0.7) ** 2) / (0.7 * Math.sqrt(2 * Math.PI)) / 3,
    0,
  );
  expect(negativeLogLikelihood(mixture, target)).toBeCloseTo(-Math.log(density), 7);
  expect(() => negativeLogLikelihood(mixtureOf(array([[0]])), array([0]))).toThrow(
    "without noise, which has no density",
  );
});

it("CRPS is the integral of the squared distance of distribution functions, that of a normal one the formula", () => {
  let integral = 0;
  const step = 1e-3;
  for (let x = -9 + step / 2; x < 9; x += step)
    integral += step * (shareBelow(mixture, 0, x) - (x >= 0.9 ? 1 : 0)) ** 2;
  expect(crps(mixture, target)).toBeCloseTo(integral, 5);
  // Gneiting and Raftery 2007: at the mean of a normal distribution (sqrt(2) - 1) / sqrt(pi) deviations.
  const centre = crps(mixtureOf(array([[5]]), { noise: 3 }), array([5]));
  expect(centre).toBeCloseTo((3 * (Math.SQRT2 - 1)) / Math.sqrt(Math.PI), 9);
  expect(crps(mixtureOf(array([[0], [2]])), array([1]))).toBeCloseTo(0.5, 12);
});

/** Evenly spread quantiles of a standard normal distribution: right to the last row. */
const quantiles = Array.from({ length: 200 }, (_, i) => {
  let [low, high] = [-5, 5];
  const normal = mixtureOf(array([[0]]), { noise: 1 });
  for (let k = 0; k < 50; k++) {
    const middle = (low + high) / 2;
    if (shareBelow(normal, 0, middle) < (i + 0.5) / 200) low = middle;
    else high = middle;
  }
  return low;
});
const believed = (noise: number) => mixtureOf(array([quantiles.map(() => 0)]), { noise });

it("right distributions are calibrated, and those that are too narrow or too wide are told apart", () => {
  const targets = array(quantiles);
  expect(pit(believed(1), targets).data[19]).toBeCloseTo(19.5 / 200, 6);
  expect(calibrationError(believed(1), targets)).toBeLessThan(0.006);
  const narrow = calibrationCurve(believed(0.5), targets);
  const wide = calibrationCurve(believed(2), targets);
  expect(narrow.shares[9]).toBeLessThan(narrow.levels[9]! - 0.1);
  expect(wide.shares[9]).toBeGreaterThan(wide.levels[9]! + 0.1);
  const { coverage, negativeLogLikelihood: nll, rmse } = scoreMixture(believed(1), targets);
  expect(coverage).toBeCloseTo(0.9, 6);
  expect(rmse).toBeCloseTo(1, 1);
  for (const other of [0.8, 1.25])
    expect(scoreMixture(believed(other), targets).negativeLogLikelihood).toBeGreaterThan(nll);
});

it("bounds are scored by group, and their score is least at the quantiles", () => {
  const targets = array(quantiles);
  const bounds = (half: number) => ({
    lower: array(quantiles.map(() => -half)),
    upper: array(quantiles.map(() => half)),
  });
  const score = (half: number) => scoreBounds(bounds(half), targets, { level: 0.9 }).intervalScore;
  expect(score(1.645)).toBeLessThan(score(1.4));
  expect(score(1.645)).toBeLessThan(score(1.9));
  const groups = quantiles.map((value) => (Math.abs(value) < 1 ? "middle" : "tails"));
  const { byGroup, coverage } = scoreBounds(bounds(1), targets, { groups });
  expect(byGroup.get("middle")).toBe(1);
  expect(byGroup.get("tails")).toBe(0);
  expect(coverage).toBeCloseTo(0.68, 2);
});

it("probabilities and sets of classes are scored", () => {
  const labels = array([0, 1, 1, 1], { dtype: "i32" });
  const found = scoreClasses(
    array([
      [0.8, 0.2],
      [0.8, 0.2],
      [0.2, 0.8],
      [0.2, 0.8],
    ]),
    labels,
  );
  expect(found.accuracy).toBe(0.75);
  expect(found.negativeLogLikelihood).toBeCloseTo(-(3 * Math.log(0.8) + Math.log(0.2)) / 4, 6);
  expect(found.brier).toBeCloseTo((3 * 0.08 + 1.28) / 4, 6);
  expect(found.calibrationError).toBeCloseTo(0.05, 6);
  const sets = { shape: [4, 2], dtype: "bool" as const, data: Uint8Array.of(1, 0, 1, 0, 1, 1, 0, 1) };
  expect(scoreSets(sets, labels)).toEqual({ coverage: 0.75, size: 1.25, byClass: [1, 2 / 3] });
  expect(() => scoreClasses(array([[0.5, 0.5]]), array([2], { dtype: "i32" }))).toThrow(
    "row 0 has the label 2 of 2 classes",
  );
});

it("a reliability plot has the line that is right and a curve for each method", () => {
  const curves = { narrow: calibrationCurve(believed(0.5), array(quantiles)) };
  const figure = reliabilityFigure({ title: "Reliability", caption: "200 quantiles.", curves });
  expect(figure.series[0]!.values).toEqual(figure.x);
  expect(figure.series[1]!.values).toEqual(curves.narrow.shares);
  expect(() => reliabilityFigure({ title: "", caption: "", curves: {} })).toThrow("curves by method");
});

// The evidence of a linear model, or of one that is taken for linear: it chooses how strong the prior is and how large the noise.
import { halfLogTwoPi } from "../predictive/normal.ts";
import { largestAt } from "../search.ts";

/** What the evidence of a prior and a noise follows from. */
export interface EvidenceProblem {
  /** Numbers that are explained. */
  readonly count: number;
  /** Curvatures of half the squared error in each direction of the parameters, not negative; those of 0 may be left out. */
  readonly curvatures: Float64Array;
  /** Squared error plus `ratio` times squared parameters, at the parameters that are likeliest under it. */
  readonly misfit: (ratio: number) => number;
}

/** What the evidence chose. */
export interface Evidence {
  /** Of the prior: one over the variance of each parameter. */
  readonly prior: number;
  /** One over the variance of the noise. */
  readonly precision: number;
  /** Logarithm of the probability of the numbers, in nats. */
  readonly logEvidence: number;
}

/**
 * The prior and the noise that make the numbers most probable (MacKay, Neural Computation 4, 1992). For each ratio of the two the noise follows in closed form; the
 * ratio is searched from `1e-10` to `1e6` times the largest curvature.
 */
export function chooseByEvidence(problem: EvidenceProblem): Evidence {
  const largest = problem.curvatures.reduce((most, value) => Math.max(most, value), 0) || 1;
  const grid = { most: Math.log(1e6 * largest), step: Math.log(10), count: 17 };
  const ratio = Math.exp(largestAt((logRatio) => evidenceAt(problem, Math.exp(logRatio)), grid));
  const precision = problem.count / problem.misfit(ratio);
  return { prior: ratio * precision, precision, logEvidence: evidenceAt(problem, ratio) };
}

/** With the noise that is best beside a ratio. */
function evidenceAt({ count, curvatures, misfit }: EvidenceProblem, ratio: number): number {
  const precision = count / misfit(ratio);
  let occam = 0;
  for (const curvature of curvatures) occam -= 0.5 * Math.log1p(curvature / ratio);
  return occam + count * (0.5 * Math.log(precision) - halfLogTwoPi - 0.5);
}

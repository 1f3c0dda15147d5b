// Hyperparameters of the largest evidence: from several starts on some rows, one length scale first; from the best of them on all rows.
import { bfgs, type Minimum, minimize } from "@hooke/minimize";
import type { HostArray } from "@hooke/runtime";
import type { LearnContext } from "../method/method.ts";
import type { Random } from "../method/random.ts";
import { type Evidence, negativeLogEvidence } from "./evidence.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

/** Rows of the search from several starts. */
const someRows = 300;
/** Its starts: a length scale as a multiple of the root of the number of columns, and the noise. */
const starts = [
  { length: 0.3, noise: 0.1 },
  { length: 1, noise: 0.3 },
  { length: 3, noise: 0.03 },
] as const;

const numbers = (values: ArrayLike<number>): HostArray => ({
  shape: [values.length],
  dtype: "f64",
  data: Float64Array.from(values),
});
const number = (value: number): HostArray => ({ shape: [], dtype: "f64", data: Float64Array.of(value) });

/** What is searched for, and where. */
export interface Search {
  /** Whether for a length scale for each group of columns. */
  readonly relevance: boolean;
  /** Where it begins: length scales of all groups, or one. Undefined: at several places. */
  readonly start: Hyperparameters<HostArray> | undefined;
}

/** Searches: for one length scale or, with `relevance`, for one for each group of columns. */
export async function search(
  evidence: Evidence,
  { relevance, start: given }: Search,
  random: Random,
  pause: LearnContext["pause"],
): Promise<Hyperparameters<HostArray>> {
  const { targets, width } = evidence;
  const groupCount = 1 + evidence.groups.reduce((most, group) => Math.max(most, group), 0);
  const oneScale = { ...evidence, groups: evidence.groups.map(() => 0) };
  if (given !== undefined) {
    const data = Float64Array.from(given.lengthScales.data);
    const mean = data.reduce((sum, each) => sum + each, 0) / data.length;
    const one = { ...given, lengthScales: numbers([mean]) };
    const start = !relevance ? one : data.length === groupCount ? given : spread(one, groupCount);
    return (await maximize(relevance ? evidence : oneScale, start, pause, (step) => step)).parameters;
  }
  const isFew = targets.length <= someRows;
  const rows = isFew ? undefined : random.subset(targets.length, someRows);
  const [few, fewOneScale] = [evidence, oneScale].map((each) => (rows === undefined ? each : takeRows(each, rows)));
  const [coarse, fine]: [Minimum<Hyperparameters<HostArray>>[], Minimum<Hyperparameters<HostArray>>[]] = [[], []];
  for (const [i, { length, noise }] of starts.entries()) {
    const start = {
      lengthScales: numbers([Math.log(length * Math.sqrt(width))]),
      amplitude: number(0),
      noise: number(Math.log(noise)),
    };
    const share = (part: number) => (step: number) => (isFew ? 0.33 : 0.1) * (i + (part + step) / 2);
    const one = await maximize(fewOneScale!, start, pause, share(0));
    coarse.push(one);
    if (relevance) fine.push(await maximize(few!, spread(one.parameters, groupCount), pause, share(1)));
  }
  if (isFew) return best(relevance ? fine : coarse).parameters;
  // What few rows say of the inputs may not hold for all: from one length scale once more.
  const one = best(coarse).parameters;
  const last = relevance ? [best(fine).parameters, spread(one, groupCount)] : [one];
  const found: Minimum<Hyperparameters<HostArray>>[] = [];
  for (const [i, start] of last.entries()) {
    const share = (step: number) => 0.3 + (0.7 / last.length) * (i + step);
    found.push(await maximize(relevance ? evidence : oneScale, start, pause, share));
  }
  return best(found).parameters;
}

const best = <T extends { readonly value: number }>(found: readonly T[]): T =>
  found.reduce((a, b) => (b.value < a.value ? b : a));

/** One length scale as many of the same. */
const spread = (one: Hyperparameters<HostArray>, count: number): Hyperparameters<HostArray> => ({
  ...one,
  lengthScales: numbers(new Float64Array(count).fill(one.lengthScales.data[0]!)),
});

async function maximize(
  evidence: Evidence,
  start: Hyperparameters<HostArray>,
  pause: LearnContext["pause"],
  fractionAt: (step: number) => number,
): Promise<Minimum<Hyperparameters<HostArray>>> {
  const objective = await negativeLogEvidence(evidence, start);
  try {
    return await minimize({
      objective,
      method: bfgs(),
      // Hundredths of a nat decide nothing.
      tolerance: 1e-3,
      maxIterations: 200,
      onStep: ({ iteration }) =>
        pause(() => ({ fraction: fractionAt(1 - 1 / (1 + iteration / 20)), text: `step ${iteration}` })),
    });
  } finally {
    objective.free();
  }
}

function takeRows(evidence: Evidence, rows: Int32Array): Evidence {
  const { width } = evidence;
  const taken = new Float64Array(rows.length * width);
  for (const [to, from] of rows.entries()) {
    taken.set(evidence.rows.subarray(from * width, (from + 1) * width), to * width);
  }
  return {
    ...evidence,
    rows: taken,
    targets: Float64Array.from(rows, (row) => evidence.targets[row]!),
    weights: Float64Array.from(rows, (row) => evidence.weights[row]!),
  };
}

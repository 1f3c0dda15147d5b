// Gaussian processes: smooth functions that know how sure they are. Best of all on many small sets of materials data.
import { studentQuantile } from "@hooke/minimize";
import { checks, fail, type HostArray, quoted } from "@hooke/runtime";
import { type Design, designForm, designMatrix, fitDesign } from "../design/design.ts";
import { defineMethod } from "../method/define-method.ts";
import { forms } from "../method/form.ts";
import type { Bounds, Method } from "../method/method.ts";
import { randomFrom } from "../method/random.ts";
import type { Inputs } from "../method/samples.ts";
import { spreadOf } from "../method/spread.ts";
import type { Evidence } from "./evidence.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { type KernelName, kernels } from "./kernels.ts";
import { meansAt, type Posterior, posteriorOf, variancesAt } from "./posterior.ts";
import { search } from "./search.ts";

/** Options of {@link gaussianProcess}. */
export interface GaussianProcessOptions {
  /** `"matern52"`, twice differentiable, `"matern32"`, once, or `"rbf"`, always. Default `"matern52"`. */
  readonly kernel?: KernelName;
  /** A length scale for each input (automatic relevance determination) instead of one for all. Default true. */
  readonly relevance?: boolean;
  /** Weak priors on the hyperparameters; without them the evidence alone is made large. Default true. */
  readonly priors?: boolean;
  /** Hyperparameters instead of those of the largest evidence. */
  readonly hyperparameters?: GivenHyperparameters;
  /** Where the search for the largest evidence begins, instead of at several places: near that of rows that are much like these. */
  readonly start?: GivenHyperparameters;
}

/** Hyperparameters of a process, for inputs and targets of mean 0 and variance 1. */
export interface GivenHyperparameters {
  /** In standard deviations of the inputs: one for all, one for each, or each by its name; those of inputs that are the same in every row are left out. */
  readonly lengthScales: readonly number[] | Readonly<Record<string, number>>;
  /** Standard deviations of the function, and of targets about it. */
  readonly amplitude: number;
  readonly noise: number;
}

/** What a process has learned. */
export type GaussianProcessState = {
  readonly design: Design;
  /** Of each input, in the order of `design.parts`: in standard deviations of the input. */
  readonly lengthScales: Float64Array;
  /** Of each column of the design: the input it belongs to. */
  readonly groups: Int32Array;
  readonly mean: number;
  readonly scale: number;
  readonly posterior: Posterior;
};

/**
 * Degrees of freedom of bounds. The posterior takes its hyperparameters for known; few rows leave them uncertain, and targets are farther off than it says.
 * Of laws with steps, waves and noise in 1, 3 and 6 inputs, a quarter of the rows makes bounds of level 0.9 hold 0.86 to 0.94 from 8 rows on; a normal
 * distribution's held 0.65 to 0.71 at 8 rows, 0.77 to 0.85 at 12.
 */
const degreesOf = (rowCount: number): number => Math.max(1, Math.round(rowCount / 4));

/** Rows up to which a process that is resumed searches anew: 400 of them take half a second. More take long, and a part of them says less that is new. */
const mostSearchedRows = 500;

/** Rows whose covariances fit into memory, and are factored within a minute. */
const mostRows = 4000;

/**
 * Gaussian process regression: hyperparameters of the largest evidence, priors included, then the exact posterior. Its time grows with the
 * cube of the rows: 1,000 take some seconds, and more than 4,000 are refused. It needs a backend: `fit(table, target, { backend })`.
 *
 * Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006.
 */
export const gaussianProcess = /* @__PURE__ */ defineMethod<GaussianProcessOptions, GaussianProcessState>({
  name: "gaussianProcess",
  tasks: ["regression"],
  options: {
    optional: {
      kernel: (value) => checks.oneOf(value, Object.keys(kernels)),
      relevance: checks.flag,
      priors: checks.flag,
      hyperparameters: givenCheck,
      start: givenCheck,
    },
  },
  check: ({ hyperparameters, start }: GaussianProcessOptions) =>
    hyperparameters !== undefined && start !== undefined
      ? "received hyperparameters, which are kept, and start, where a search begins; give one of them."
      : undefined,
  learn: async (
    samples,
    options: GaussianProcessOptions,
    { backend, key, pause, warn },
  ): Promise<GaussianProcessState> => {
    const { kernel = "matern52", relevance = true, priors = true, hyperparameters, start } = options;
    const who = "gaussianProcess";
    if (backend === undefined) {
      fail(who, "computes on a backend: fit(table, target, { backend: wasmBackend() }).", "unavailable");
    }
    if (samples.rowCount > mostRows) {
      const what = `received ${samples.rowCount} rows; it takes ${mostRows} at most: take some of them, or gradientBoosting.`;
      fail(who, what, "unsupported");
    }
    const values = Float64Array.from(samples.target.values);
    const weights = samples.weights ?? new Float64Array(values.length).fill(1);
    const { mean, scale } = spreadOf(values, weights);
    if (scale === 0) fail(who, `the target "${samples.target.name}" is ${values[0]} in every row.`, "invalid-data");
    const design = fitDesign(who, samples, warn);
    const counted = Int32Array.from(weights.keys()).filter((row) => weights[row]! > 0);
    const rows = someRows(designMatrix(design, samples), design.names.length, counted);
    const groups = groupsOf(design);
    const evidence: Evidence = {
      backend,
      kernel,
      rows,
      width: design.names.length,
      groups,
      targets: Float64Array.from(counted, (row) => (values[row]! - mean) / scale),
      weights: Float64Array.from(counted, (row) => weights[row]!),
      priors,
    };
    const given = hyperparameters ?? start;
    const begun = given && givenFor(design, given);
    const found =
      hyperparameters === undefined
        ? await search(evidence, { relevance, start: begun }, randomFrom(key, who), pause)
        : begun!;
    return { design, groups, mean, scale, ...(await conditioned(evidence, design.parts.length, found)) };
  },
  settled: (state, { start: _, ...options }): Method =>
    gaussianProcess({ ...options, hyperparameters: foundIn(state) }),
  resumed: (state, { start: _, ...options }): Method => {
    const isKept = options.hyperparameters !== undefined || state.posterior.coefficients.length > mostSearchedRows;
    return gaussianProcess({ ...options, [isKept ? "hyperparameters" : "start"]: foundIn(state) });
  },
  form: () =>
    forms.record({
      design: designForm(),
      lengthScales: forms.f64,
      groups: forms.i32,
      mean: forms.number,
      scale: forms.number,
      posterior: forms.record({
        kernel: forms.oneOf(["matern52", "matern32", "rbf"]),
        rows: forms.f64,
        width: forms.number,
        signal: forms.number,
        noise: forms.number,
        coefficients: forms.f64,
        factor: forms.f64,
        logEvidence: forms.number,
      }),
    }),
  predict: (state, inputs) =>
    meansAt(state.posterior, scaledRows(state, inputs)).map((value) => state.mean + state.scale * value),
  bounds: (state, inputs, level): Bounds => {
    const rows = scaledRows(state, inputs);
    const half = studentQuantile(level, degreesOf(state.posterior.coefficients.length));
    const means = meansAt(state.posterior, rows);
    const widths = variancesAt(state.posterior, rows).map((variance) => half * Math.sqrt(variance));
    const at = (sign: number): Float64Array =>
      means.map((value, i) => state.mean + state.scale * (value + sign * widths[i]!));
    return { lower: at(-1), upper: at(1) };
  },
  deviation: (state, inputs) =>
    variancesAt(state.posterior, scaledRows(state, inputs)).map((variance) => state.scale * Math.sqrt(variance)),
});

const foundIn = ({ design, lengthScales, posterior }: GaussianProcessState): GivenHyperparameters => ({
  // By name: of other rows an input may be the same in all, and no part of the design.
  lengthScales: Object.fromEntries(design.parts.map(({ input }, i) => [input, lengthScales[i]!])),
  amplitude: Math.sqrt(posterior.signal),
  noise: Math.sqrt(posterior.noise),
});

function givenCheck(value: unknown): string | undefined {
  const { lengthScales, amplitude, noise } = (value ?? {}) as Partial<GivenHyperparameters>;
  const lengths = typeof lengthScales === "object" && lengthScales !== null ? Object.values(lengthScales) : [];
  return lengths.length > 0 && [...lengths, amplitude, noise].every((each) => checks.positive(each) === undefined)
    ? undefined
    : "{ lengthScales: [1.5], amplitude: 1, noise: 0.1 }, all above 0";
}

async function conditioned(
  { backend, kernel, rows, width, groups, targets, weights }: Evidence,
  inputCount: number,
  { lengthScales, amplitude, noise }: Hyperparameters<HostArray>,
): Promise<Pick<GaussianProcessState, "lengthScales" | "posterior">> {
  const found = Float64Array.from(lengthScales.data, Math.exp);
  const scales = found.length === 1 ? new Float64Array(inputCount).fill(found[0]!) : found;
  const prior = {
    kernel,
    rows: divided(rows, groups, scales),
    width,
    signal: Math.exp(2 * amplitude.data[0]!),
    noise: Math.exp(2 * noise.data[0]!),
  };
  return { lengthScales: scales, posterior: await posteriorOf(backend, prior, targets, weights) };
}

/** As the search gives them: their logarithms. @throws on length scales for other inputs */
function givenFor(
  design: Design,
  { lengthScales, amplitude, noise }: GivenHyperparameters,
): Hyperparameters<HostArray> {
  const logs = (values: readonly number[]): HostArray => ({
    shape: [values.length],
    dtype: "f64",
    data: Float64Array.from(values, Math.log),
  });
  return { lengthScales: logs(lengthsFor(design, lengthScales)), amplitude: logs([amplitude]), noise: logs([noise]) };
}

function lengthsFor({ parts }: Design, given: GivenHyperparameters["lengthScales"]): readonly number[] {
  if (!isList(given)) {
    return parts.map(({ input }) => {
      if (Object.hasOwn(given, input)) return given[input]!;
      const what = `received length scales for ${quoted(Object.keys(given))}, and none for "${input}"; give one for each input.`;
      return fail("gaussianProcess", what, "mismatch");
    });
  }
  if (given.length !== 1 && given.length !== parts.length) {
    const what = `received ${given.length} length scales for ${parts.length} inputs; give one, or one for each.`;
    fail("gaussianProcess", what, "mismatch");
  }
  return given;
}

const isList = (given: GivenHyperparameters["lengthScales"]): given is readonly number[] => Array.isArray(given);

/** Of each column of a design: the number of the input it belongs to. */
function groupsOf({ parts }: Design): Int32Array {
  return Int32Array.from(
    parts.flatMap((part, i) => {
      const columns = part.type === "category" ? part.count : part.missing ? 2 : 1;
      return new Array<number>(columns).fill(i);
    }),
  );
}

function someRows(matrix: Float64Array, width: number, rows: Int32Array): Float64Array {
  const taken = new Float64Array(rows.length * width);
  for (const [to, from] of rows.entries()) taken.set(matrix.subarray(from * width, (from + 1) * width), to * width);
  return taken;
}

const divided = (rows: Float64Array, groups: Int32Array, scales: Float64Array): Float64Array =>
  rows.map((value, at) => value / scales[groups[at % groups.length]!]!);

const scaledRows = ({ design, groups, lengthScales }: GaussianProcessState, inputs: Inputs): Float64Array =>
  divided(designMatrix(design, inputs), groups, lengthScales);

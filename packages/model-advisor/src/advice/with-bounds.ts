// Bounds that hold: those of folds, unless a method's own do.
import {
  conformal,
  type FitProgress,
  type Fitted,
  fittedOf,
  isMethod,
  type LearnContext,
  type Method,
  pausing,
  type Samples,
} from "@hooke/baselines";
import { type Backend, type Check, checkArgument, checkOptions, checks, randomKey } from "@hooke/runtime";
import { sharedChecks } from "../comparison/compare.ts";

/** Rows below which folds bound nothing. */
const fewest = 10;

/**
 * Whether a method bounds its predictions as often as it says, or none can. A Gaussian process does for rows that stand by themselves; networks believe too
 * much, and neither knows of groups.
 */
export function boundsHold(method: Method, { target, rowCount, groups }: Samples): boolean {
  if (target.type === "class" || rowCount < fewest || method.method === "conformal") return true;
  return method.method === "gaussianProcess" && groups === undefined;
}

/**
 * A method whose bounds hold as often as they say: itself, or `conformal` of it. They are for a new group where samples have groups. Of classes, and of
 * fewer than 10 rows, there are none.
 *
 * @example
 * ```ts
 * import { ridge, samplesOf } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 * import { withBounds } from "@hooke/model-advisor";
 *
 * const load = Array.from({ length: 20 }, (_, i) => i);
 * const samples = samplesOf(tableOf({ load, strain: load.map((value) => 2 * value) }), "strain", {});
 * console.log(withBounds(ridge(), samples).method); // conformal
 * ```
 */
export function withBounds(method: Method, samples: Samples): Method {
  checkArgument("withBounds", "the method", method, methodCheck);
  checkArgument("withBounds", "the samples", samples, samplesCheck);
  return boundsHold(method, samples) ? method : conformal({ method });
}

const methodCheck: Check = (value) => (isMethod(value) ? undefined : "a method, such as ridge()");
const samplesCheck: Check = (value) =>
  Array.isArray((value as Partial<Samples> | null)?.columns)
    ? undefined
    : "samples, such as samplesOf(table, target, {})";

/** Options of {@link fitWithBounds}. */
export interface BoundedFitOptions {
  /** Of all that is random. Default 0. */
  readonly seed?: number;
  /** Where methods compute that need one, such as `gaussianProcess`. */
  readonly backend?: Backend;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FitProgress) => void;
}

/**
 * Fits a method on all samples, with the bounds of {@link withBounds}. What it chooses by itself, such as length scales or settings of boosting, it chooses once, on all of them. In the
 * folds that tell how wide bounds must be it begins there to choose anew where that is quick, as a Gaussian process does up to 500 rows, and keeps it elsewhere: to choose in each from the
 * beginning would take ten times as long. What is kept has seen the rows of every fold; `conformal({ method })` chooses in each.
 *
 * @throws the signal's reason
 */
export async function fitWithBounds(
  method: Method,
  samples: Samples,
  options: BoundedFitOptions = {},
): Promise<Fitted> {
  checkArgument("fitWithBounds", "the method", method, methodCheck);
  checkArgument("fitWithBounds", "the samples", samples, samplesCheck);
  checkOptions<BoundedFitOptions>("fitWithBounds", options, {
    optional: {
      seed: checks.wholeNumber,
      backend: sharedChecks.backend,
      signal: sharedChecks.signal,
      onProgress: sharedChecks.onProgress,
    },
  });
  const { seed = 0, backend, signal, onProgress } = options;
  const warnings: string[] = [];
  const context: LearnContext = {
    key: randomKey(seed),
    ...(backend && { backend }),
    pause: pausing(signal, onProgress),
    warn: (sentence) => void warnings.push(sentence),
  };
  signal?.throwIfAborted();
  const bounded = withBounds(await resumed(method, samples, context), samples);
  const state = await bounded.learn(samples, context);
  return fittedOf({ method: bounded, samples, state, seed, warnings });
}

/** Beginning at what it chooses, or with that kept, where bounds would have it choose again. */
async function resumed(method: Method, samples: Samples, context: LearnContext): Promise<Method> {
  const chosen = method.resumed ?? method.settled;
  if (chosen === undefined || boundsHold(method, samples)) return method;
  return chosen(await method.learn(samples, { ...context, warn: () => undefined }));
}

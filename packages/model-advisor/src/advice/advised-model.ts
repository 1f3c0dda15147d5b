// A candidate fitted on all rows, with bounds that hold and the domain it was taught in.
import { fittedOf, type LearnContext, type Method, pausing, type Samples } from "@hooke/baselines";
import { checkOptions, fail, quoted, randomKey } from "@hooke/runtime";
import { sharedChecks } from "../comparison/compare.ts";
import { domainOf } from "../domain/domain.ts";
import type { AdvisedFitOptions, AdvisedModel } from "./advice.ts";
import type { Candidate } from "./candidates.ts";
import type { AdviseOptions } from "./options.ts";
import { boundsHold, withBounds } from "./with-bounds.ts";

/** What candidates learn from. */
export interface Taught {
  readonly samples: Samples;
  /** What candidates see that see something else of the same rows, by name. */
  readonly views: ReadonlyMap<string, Samples>;
  readonly options: Pick<AdviseOptions, "seed" | "backend">;
}

/** @throws on options that there are not */
export const checkFitOptions = (who: string, given: AdvisedFitOptions): void =>
  checkOptions<AdvisedFitOptions>(who, given, {
    optional: {
      method: (value) => (typeof value === "string" ? undefined : "the name of a candidate"),
      backend: sharedChecks.backend,
      signal: sharedChecks.signal,
      onProgress: sharedChecks.onProgress,
    },
  });

/** The candidate of a name. @throws listing those that there are */
export function candidateNamed(who: string, candidates: readonly Candidate[], name: string): Candidate {
  const known = quoted(candidates.map((each) => each.name));
  return (
    candidates.find((each) => each.name === name) ??
    fail(who, `received "${name}"; the candidates are ${known}.`, "mismatch")
  );
}

export async function fitCandidate(
  candidate: Candidate,
  { samples: known, views, options }: Taught,
  given: AdvisedFitOptions,
): Promise<AdvisedModel> {
  const samples = views.get(candidate.name) ?? known;
  const { seed = 0 } = options;
  const backend = given.backend ?? options.backend;
  const warnings: string[] = [];
  const context: LearnContext = {
    key: randomKey(seed),
    ...(backend && { backend }),
    pause: pausing(given.signal, given.onProgress),
    warn: (sentence) => void warnings.push(sentence),
  };
  given.signal?.throwIfAborted();
  const method = withBounds(await settled(candidate.method, samples, context), samples);
  const state = await method.learn(samples, context);
  // Of images and graphs what is known of each says whether they are like those that were seen: some pixel of a new image is always the brightest yet.
  return { fitted: fittedOf({ method, samples, state, seed, warnings }), domain: domainOf(known) };
}

/** What is chosen is chosen once, on all rows: for bounds it need not be chosen again in every fold. */
async function settled(method: Method, samples: Samples, context: LearnContext): Promise<Method> {
  if (method.settled === undefined || boundsHold(method, samples)) return method;
  return method.settled(await method.learn(samples, { ...context, warn: () => undefined }));
}

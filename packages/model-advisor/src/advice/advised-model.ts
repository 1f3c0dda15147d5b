// A candidate fitted on all rows, with bounds that hold and the domain it was taught in.
import type { Samples } from "@hooke/baselines";
import { checkOptions, fail, quoted } from "@hooke/runtime";
import { sharedChecks } from "../comparison/compare.ts";
import { domainOf } from "../domain/domain.ts";
import type { AdvisedFitOptions, AdvisedModel } from "./advice.ts";
import type { Candidate } from "./candidates.ts";
import type { AdviseOptions } from "./options.ts";
import { fitWithBounds } from "./with-bounds.ts";

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
  { name, method }: Candidate,
  { samples: known, views, options }: Taught,
  given: AdvisedFitOptions,
): Promise<AdvisedModel> {
  const { method: _, ...followed } = given;
  const { seed = 0, backend } = options;
  const fitted = await fitWithBounds(method, views.get(name) ?? known, {
    seed,
    ...(backend && { backend }),
    ...followed,
  });
  // Of images and graphs what is known of each says whether they are like those that were seen: some pixel of a new image is always the brightest yet.
  return { fitted, domain: domainOf(known) };
}

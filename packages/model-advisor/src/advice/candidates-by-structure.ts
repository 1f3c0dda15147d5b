// Candidates by what the inputs are: of sequences and images others than those for tables.

import { type Method, randomForest, randomKernels, type Samples, sequenceFeatures } from "@hooke/baselines";
import type { Structure } from "../rules/rules.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import type { AdviseOptions } from "./options.ts";

/** Those for tables that steps are given to as well: what sequences as such are compared with. */
const ofSteps = new Set(["dummy", "ridge", "logistic", "neighbours"]);

/** What is known of the inputs. */
export interface Known {
  readonly structure: Structure;
  readonly samples: Samples;
  /** The same rows with pixels as inputs. */
  readonly pixels?: Samples;
}

/**
 * Candidates by what the inputs are: of sequences, features that have names, a forest of them, and kernels that find shapes wherever they are; of images those
 * for tables, of statistics. Those that the user gives come last; of images they see pixels.
 */
export function candidatesOf(
  { structure, samples, pixels }: Known,
  { backend, methods = {} }: AdviseOptions,
): Candidate[] {
  const others = typeof methods === "function" ? methods(structure) : methods;
  const all = candidatesFor(samples, backend !== undefined, others);
  const isOther = ({ name }: Candidate): boolean => Object.hasOwn(others, name);
  const given = all.filter(isOther);
  const own = all.filter((candidate) => !isOther(candidate));
  if (pixels !== undefined) return [...own, ...given.map((candidate) => ({ ...candidate, pixels: true as const }))];
  if (structure !== "sequences") return all;
  const entry = (name: string, method: Method, readable: boolean): Candidate => ({
    name,
    method,
    readable,
    quick: true,
  });
  return [
    ...own.filter(({ name }) => ofSteps.has(name)),
    entry("features with a line", sequenceFeatures(), true),
    entry("features with a forest", sequenceFeatures({ method: randomForest({ trees: 300 }) }), false),
    entry("random kernels with a line", randomKernels(), false),
    ...given,
  ];
}

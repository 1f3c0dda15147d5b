// Candidates for sequences, beside those for tables, to which steps are columns like others.

import { type Method, randomForest, randomKernels, type Samples, sequenceFeatures } from "@hooke/baselines";
import type { Structure } from "../rules/rules.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import type { AdviseOptions } from "./options.ts";

/** Those for tables that steps are given to as well: what sequences as such are compared with. */
const ofSteps = new Set(["dummy", "ridge", "logistic", "neighbours"]);

/** Candidates by what the inputs are: of sequences, features that have names, a forest of them, and kernels that find shapes wherever they are. */
export function candidatesOf(
  structure: Structure,
  samples: Samples,
  { backend, methods = {} }: AdviseOptions,
): Candidate[] {
  const own = candidatesFor(samples, backend !== undefined, methods);
  if (structure !== "sequences") return own;
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
    ...own.filter(({ name }) => Object.hasOwn(methods, name)),
  ];
}

// Candidates by what the inputs are: of sequences and images others than those for tables.

import { type Method, randomForest, randomKernels, type Samples, sequenceFeatures } from "@hooke/baselines";
import { checkArgument } from "@hooke/runtime";
import type { Structure } from "../rules/rules.ts";
import { type Candidate, tableCandidates } from "./candidates.ts";
import type { AdviseOptions, Purpose } from "./options.ts";

/** Those for tables that steps are given to as well: what sequences as such are compared with. */
const ofSteps = new Set(["dummy", "ridge", "logistic", "neighbours"]);

/** What is known of the inputs. */
export interface Known {
  readonly structure: Structure;
  readonly samples: Samples;
  /** The same rows with images or graphs themselves as inputs. */
  readonly raw?: Samples;
}

/** Candidates for what is known, with those that the user gives; of images and graphs these see what there is. */
export function candidatesOf(
  { structure, samples, raw }: Known,
  { backend, methods = {}, purpose }: AdviseOptions,
): Candidate[] {
  const others = typeof methods === "function" ? methods(structure, raw ?? samples) : methods;
  const all = candidatesFor(samples, backend !== undefined, others, structure, purpose);
  if (raw === undefined) return all;
  return all.map((candidate) => (Object.hasOwn(others, candidate.name) ? { ...candidate, raw: true } : candidate));
}

/**
 * Candidates for samples, the simplest first: where two predict alike, the first is advised. Of sequences features that have names, a forest of them, and kernels
 * that find shapes wherever they are; of the others those for tables.
 *
 * @param hasBackend whether there is one for Gaussian processes
 * @param others further candidates by name; they come last
 * @param structure what the inputs are. Default `"table"`
 * @param purpose what the model is for; of new families a blend takes the time to ask how sure its parts are, however many rows there are. Default any
 */
export function candidatesFor(
  samples: Samples,
  hasBackend: boolean,
  others: Readonly<Record<string, Method>>,
  structure: Structure = "table",
  purpose?: Purpose,
): Candidate[] {
  checkArgument("candidatesFor", "the samples", samples, (value) =>
    Array.isArray((value as Partial<Samples> | null)?.columns) && (value as Partial<Samples>).target !== undefined
      ? undefined
      : "samples, such as samplesOf(table, target, {}) gives",
  );
  checkArgument("candidatesFor", "the others", others, (value) =>
    typeof value === "object" && value !== null ? undefined : "methods by name, or {}",
  );
  const all = tableCandidates(samples, hasBackend, others, purpose);
  if (structure !== "sequences") return all;
  const isGiven = ({ name }: Candidate): boolean => Object.hasOwn(others, name);
  const entry = (name: string, method: Method, readable: boolean): Candidate => ({
    name,
    method,
    readable,
    quick: true,
  });
  return [
    ...all.filter((candidate) => ofSteps.has(candidate.name) && !isGiven(candidate)),
    entry("features with a line", sequenceFeatures(), true),
    entry("features with a forest", sequenceFeatures({ method: randomForest({ trees: 300 }) }), false),
    entry("random kernels with a line", randomKernels(), false),
    ...all.filter(isGiven),
  ];
}

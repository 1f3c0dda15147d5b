// Why a minimization stopped, as a name and in words.
import type { Evaluation } from "./objective.ts";
import { largest } from "./vectors.ts";

/** Why a minimization stopped. `Minimum.message` says it in words. */
export type Reason = "tolerance" | "no-decrease" | "iterations" | "non-finite" | "aborted";

/** Why a run ended, and what the method said last. */
export interface Ended {
  readonly reason: Reason;
  readonly note?: string;
}

/** The reason in words. */
export function wordsFor(
  { reason, note }: Ended,
  { value, gradient }: Evaluation,
  tolerance: number,
  maxIterations: number,
): string {
  const slope = largest(gradient).toExponential(2);
  const more = note === undefined ? "" : ` (${note})`;
  switch (reason) {
    case "tolerance":
      return `The largest slope, ${slope}, is within the tolerance of ${tolerance}.`;
    case "no-decrease":
      return `No step decreases ${value} any more; the largest slope is ${slope}${more}.`;
    case "iterations":
      return `It made ${maxIterations} steps; the largest slope is ${slope}.`;
    case "non-finite":
      return `The next value or its gradient is not finite; the value here is ${value}.`;
    case "aborted":
      return `It was aborted; the largest slope is ${slope}.`;
  }
}

// Points drawn anew, or never.
import { checkOptions, checks, nothingMore } from "@hooke/runtime";
import type { Resampling } from "./resampling.ts";

/** Options of {@link redrawn}. */
export interface RedrawnOptions {
  /** Iterations between. Default 500. */
  readonly every?: number;
}

const whole: Resampling["choose"] = (_, { count }) => Uint32Array.from({ length: count }, (_, i) => i);

/** Draws all points anew, as the samplers of their terms do. */
export function redrawn(options: RedrawnOptions = {}): Resampling {
  checkOptions<RedrawnOptions>("redrawn", options, { optional: { every: checks.count } });
  return { name: "redrawn", every: options.every ?? 500, pool: 1, choose: whole };
}

/** Keeps the points of the start. */
export function never(...more: []): Resampling {
  nothingMore("never", more);
  return { name: "never", every: 0, pool: 1, choose: whole };
}

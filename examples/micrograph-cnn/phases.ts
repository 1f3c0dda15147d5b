// The two phases, and what solves for their microstructures.
import { type Homogenizer, homogenizer, type Phase } from "./homogenize.ts";

/** Young's moduli with a contrast of 50, in units of the soft one. */
export const phases: readonly [soft: Phase, stiff: Phase] = [
  { modulus: 1, poisson: 0.3 },
  { modulus: 50, poisson: 0.3 },
];

/** Stiffnesses of these phases, good to 1e-4 of their values. */
export const solver = (side: number): Homogenizer => homogenizer({ side, phases, tolerance: 1e-4 });

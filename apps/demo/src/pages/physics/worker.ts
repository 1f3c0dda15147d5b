// The worker of the plate.
import type { SolveState } from "@hooke/pinn";
import type { Work } from "@hooke/runtime";
import { backendFor, backends, choiceFor } from "../../backends/registry.ts";
import { serve } from "../../jobs/serve.ts";
import type { Settings } from "./settings.ts";
import { type Solving, solving, steps } from "./solving.ts";

/** What a step computes: fourth derivatives of a small network at 400 points, in the 64 bits that quasi-Newton methods need. */
const work: Work = {
  primitives: { count: 1000, bytes: 6e7 },
  kernels: { count: 200, bytes: 2e7 },
  operations: 4e7,
  dtypes: ["f64"],
};

const questions = { backends, choice: ({ backend }: Settings) => choiceFor(backend, work) };
export type Questions = typeof questions;

serve<Settings, Solving, SolveState>({
  total: () => steps,
  compute: async (settings, run) => solving(settings, await backendFor(settings.backend, work), run),
  questions,
});

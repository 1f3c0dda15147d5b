// The worker of the molecules: reads tables, learns, and answers.
import type { Work } from "@hooke/runtime";
import { backendFor, backends, choiceFor } from "../../backends/registry.ts";
import { dataQuestions } from "../../data/questions.ts";
import { serve } from "../../jobs/serve.ts";
import { answerOf } from "./asking.ts";
import { type Learning, learning, type Remembered, totalOf } from "./learning.ts";
import type { Settings } from "./settings.ts";

/** What an update computes: a small network over the bonds of 32 molecules. */
const work: Work = {
  primitives: { count: 300, bytes: 3e7 },
  kernels: { count: 80, bytes: 2e7 },
  operations: 4e7,
  dtypes: ["f32"],
};

const questions = {
  ...dataQuestions,
  backends,
  choice: ({ backend }: Settings) => choiceFor(backend, work),
  answer: answerOf,
};
export type Questions = typeof questions;

serve<Settings, Learning, Remembered>({
  total: totalOf,
  compute: async (settings, run) => learning(settings, await backendFor(settings.backend, work), run),
  questions,
});

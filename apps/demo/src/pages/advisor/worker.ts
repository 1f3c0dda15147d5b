// The worker of the advisor: reads files, advises, and asks the models that advice leads to.
import { backends, choiceFor } from "../../backends/registry.ts";
import { dataQuestions } from "../../data/questions.ts";
import { serve } from "../../jobs/serve.ts";
import { type Advising, advising, type Remembered, totalOf } from "./advising.ts";
import { answerOf } from "./asking.ts";
import { work } from "./prepared.ts";
import type { Settings } from "./settings.ts";

const questions = {
  ...dataQuestions,
  backends,
  choice: ({ backend }: Settings) => choiceFor(backend, work),
  answer: answerOf,
};
export type Questions = typeof questions;

serve<Settings, Advising, Remembered>({ total: totalOf, compute: advising, questions });

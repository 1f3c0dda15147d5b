// The worker of the advisor: reads files, advises, and asks the models that advice leads to.
import { backends, choiceFor } from "../../backends/registry.ts";
import { serve } from "../../jobs/serve.ts";
import { type Advising, advising, type Remembered, totalOf } from "./advising.ts";
import { answerOf } from "./asking.ts";
import { loadFile } from "./files.ts";
import { work } from "./prepared.ts";
import { summaryOf, tableOfFile, type Writing } from "./reading.ts";
import type { Settings } from "./settings.ts";

const questions = {
  backends,
  choice: ({ backend }: Settings) => choiceFor(backend, work),
  /** The columns of a file. */
  async read(id: string, writing: Writing) {
    const file = await loadFile(id);
    return summaryOf(file.name, tableOfFile(file, writing));
  },
  answer: answerOf,
};
export type Questions = typeof questions;

serve<Settings, Advising, Remembered>({ total: totalOf, compute: advising, questions });

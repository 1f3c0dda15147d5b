// The worker of the surrogate: trains, and differentiates activations.
import { type ActivationName, trainingWork } from "@hooke/core";
import { backendFor, backends, choiceFor } from "../../backends/registry.ts";
import { serve } from "../../jobs/serve.ts";
import { answerOf, seenOf } from "./asking.ts";
import { activationCurves } from "./samples.ts";
import type { Settings } from "./settings.ts";
import { modelOf, reportOf } from "./taking.ts";
import { stepsOf, type Training, training, workload } from "./training.ts";

const work = (settings: Settings) => trainingWork(workload(settings));

/** For single rows. */
const small = () => backendFor("wasm", { launches: 1, operations: 0, bytes: 0, dtypes: ["f32"] });

const questions = {
  backends,
  model: modelOf,
  report: reportOf,
  choice: (settings: Settings) => choiceFor(settings.backend, work(settings)),
  seen: async (settings: Settings) => seenOf(settings, await small()),
  answer: async (address: string, digest: string, settings: Settings, row: readonly number[]) =>
    answerOf(address, digest, settings, row, await small()),
  /** In 64 bits, which wasm runs. */
  activation: async (name: ActivationName) =>
    activationCurves(await backendFor("wasm", { launches: 1, operations: 0, bytes: 0, dtypes: ["f64"] }), name),
};
export type Questions = typeof questions;

serve<Settings, Training, Blob>({
  total: stepsOf,
  compute: async (settings, run) => training(settings, await backendFor(settings.backend, work(settings)), run),
  questions,
});

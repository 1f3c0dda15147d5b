// The worker of the surrogate: reads tables, trains, answers, and differentiates activations.
import { type ActivationName, trainingWork } from "@hooke/core";
import { backendFor, backends, choiceFor } from "../../backends/registry.ts";
import type { Row } from "../../data/asked.ts";
import { dataQuestions } from "../../data/questions.ts";
import { serve } from "../../jobs/serve.ts";
import { initialOf } from "../../shell/settings.ts";
import { answerOf, inputsOf } from "./asking.ts";
import { activationCurves } from "./network.ts";
import { loadSamples } from "./samples.ts";
import { fields, type Settings } from "./settings.ts";
import { codeOf, modelOf, reportOf } from "./taking.ts";
import { stepsOf, type Training, training, workload } from "./training.ts";

const workOf = async (settings: Settings) => trainingWork(workload(settings, await loadSamples(settings)));

/** Of the sample while no target has been chosen. */
function chosen(settings: Settings): Settings {
  if (settings.data !== "" && settings.target !== "") return settings;
  const { backend, activation, width, depth, weightDecay } = settings;
  return { ...initialOf(fields), backend, activation, width, depth, weightDecay };
}

/** For single rows. */
const small = () => backendFor("wasm");

const questions = {
  ...dataQuestions,
  backends,
  model: modelOf,
  code: codeOf,
  report: reportOf,
  choice: async (settings: Settings) => choiceFor(settings.backend, await workOf(chosen(settings))),
  inputs: inputsOf,
  answer: async (address: string, digest: string, settings: Settings, row: Row, along: string) =>
    answerOf(address, digest, settings, row, along, await small()),
  /** In 64 bits, which wasm runs. */
  activation: async (name: ActivationName) => activationCurves(await backendFor("wasm"), name),
};
export type Questions = typeof questions;

serve<Settings, Training, Blob>({
  total: async (settings) => stepsOf(settings, await loadSamples(settings)),
  compute: async (settings, run) =>
    training(settings, await loadSamples(settings), await backendFor(settings.backend, await workOf(settings)), run),
  questions,
});

// The worker of the micrographs: draws them, learns, and is asked.
import { trainingWork } from "@hooke/core";
import type { Work } from "@hooke/runtime";
import { backendFor, backends, choiceFor } from "../../backends/registry.ts";
import { serve } from "../../jobs/serve.ts";
import { type Asked, ask, modelFile } from "./asking.ts";
import { type Backends, type Learning, learning, type Remembered, totalOf } from "./learning.ts";
import { workload } from "./recipe.ts";
import { micrographsOf } from "./sample.ts";
import type { Settings } from "./settings.ts";

const work = (settings: Settings): Work => trainingWork(workload(settings));

const backendsFor = async (settings: Settings): Promise<Backends> => ({
  chosen: await backendFor(settings.backend, work(settings)),
  // For drawing and for the rival, in 64 bits.
  exact: await backendFor("wasm"),
});

/** Micrographs shown before anything is learned. */
const specimens = 6;

const questions = {
  backends,
  choice: (settings: Settings) => choiceFor(settings.backend, work(settings)),
  /** The first micrographs, with what is measured of them. */
  async specimens(settings: Settings) {
    const { at, measure } = await micrographsOf((await backendsFor(settings)).exact, settings);
    const drawn = await Promise.all(Array.from({ length: specimens }, (_, index) => at(index)));
    return drawn.map((each, index) => ({ ...each, value: measure(each, index) }));
  },
  ask: async (address: string, settings: Settings, asked: Asked) =>
    ask(address, settings, asked, await backendsFor(settings)),
  file: modelFile,
};
export type Questions = typeof questions;

serve<Settings, Learning, Remembered>({
  total: totalOf,
  compute: async (settings, run) => learning(settings, await backendsFor(settings), run),
  questions,
});

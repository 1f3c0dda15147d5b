// The worker of the load histories: compares methods, and hands out networks.
import { trainingWork } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { foldsOf } from "@hooke/example-crack-growth/compare.ts";
import { backendFor, backends, choiceFor } from "../../backends/registry.ts";
import { serve } from "../../jobs/serve.ts";
import { keptCheckpoint } from "../../jobs/storage.ts";
import { type Forecasting, forecasting, type Remembered, totalOf } from "./forecasting.ts";
import { loadHistories, seriesOf } from "./histories.ts";
import { bestOf, layers, workload } from "./networks.ts";
import { fields, type Settings } from "./settings.ts";

async function prepared(settings: Settings) {
  const data = await loadHistories(settings.data);
  return { specimens: data.specimens, folds: foldsOf(seriesOf(data, settings), data.specimens, settings) };
}

/** What an update computes: the same with any data. */
async function workOf(settings: Settings) {
  const { folds } = await prepared({ ...settings, data: "", width: fields.width.initial });
  return trainingWork(workload(folds[0]!, settings));
}

const questions = {
  backends,
  choice: async (settings: Settings) => choiceFor(settings.backend, await workOf(settings)),
  /** The histories of a file, if the plate is as wide as they ask for. */
  async histories(id: string, width: number) {
    const data = await loadHistories(id);
    seriesOf(data, { width });
    return data;
  },
  /** The file of a network of a kept run. */
  async model(address: string, network: string, fold: number) {
    const checkpoints = (await keptCheckpoint(address)) as Remembered;
    const blob = checkpoints[fold * layers.length + layers.findIndex(([name]) => name === network)]!;
    return new Uint8Array(encodeModel(bestOf(new Uint8Array(await blob.arrayBuffer()), network)));
  },
};
export type Questions = typeof questions;

serve<Settings, Forecasting, Remembered>({
  total: totalOf,
  async compute(settings, run) {
    const { specimens, folds } = await prepared(settings);
    return forecasting(specimens, folds, settings, await backendFor(settings.backend, await workOf(settings)), run);
  },
  questions,
});

// The worker of the load histories: compares methods, and hands out networks.
import { type TrainedModel, trainingWork } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { foldsOf } from "@hooke/example-crack-growth/compare.ts";
import { backendFor, backends, choiceFor } from "../../backends/registry.ts";
import { serve } from "../../jobs/serve.ts";
import { keptCheckpoint } from "../../jobs/storage.ts";
import { type Explained, explainForecast } from "./explaining.ts";
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

/** A network of a kept run, as it was at its best epoch. */
async function keptModel(address: string, network: string, fold: number): Promise<TrainedModel> {
  const checkpoints = (await keptCheckpoint(address)) as Remembered;
  const blob = checkpoints[fold * layers.length + layers.findIndex(([name]) => name === network)]!;
  return bestOf(new Uint8Array(await blob.arrayBuffer()), network);
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
  model: async (address: string, network: string, fold: number) =>
    new Uint8Array(encodeModel(await keptModel(address, network, fold))),
  /** What the networks that have not seen a specimen forecast it by. */
  async explain(address: string, settings: Settings, index: number) {
    const { specimens, folds } = await prepared(settings);
    const backend = await backendFor(settings.backend, await workOf(settings));
    const place = folds.findIndex(({ heldOut }) => heldOut.includes(index));
    const { series, training } = folds[place]!;
    const networks: (Explained & { readonly network: string })[] = [];
    for (const [network] of layers) {
      const model = await keptModel(address, network, place);
      networks.push({ network, ...(await explainForecast(model, series, training, specimens[index]!, backend)) });
    }
    return { index, networks };
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

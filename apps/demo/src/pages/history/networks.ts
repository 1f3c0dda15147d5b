// The networks while they train: one of each kind in every fold, an epoch of each in turn.
import { type Best, type History, type Layer, type TrainedModel, train, type WorkSpec } from "@hooke/core";
import { decodeCheckpoint } from "@hooke/core/checkpoint";
import type { Fold } from "@hooke/example-crack-growth/compare.ts";
import {
  forecastBy,
  lstmLayer,
  memberParts,
  memberTraining,
  transformerLayer,
} from "@hooke/example-crack-growth/members.ts";
import { type Forecasts, lstmName, transformerName } from "@hooke/example-crack-growth/method.ts";
import type { Backend } from "@hooke/runtime";
import type { Settings } from "./settings.ts";

/** By name; in this order they train, and are kept. */
export const layers: readonly (readonly [name: string, layer: Layer])[] = [
  [lstmName, lstmLayer],
  [transformerName, transformerLayer],
];

/** Rows of an update. */
const batchSize = 16;
/** Of the training specimens of a fold, one in so many only says which epoch is the best. */
const validationShare = 4;
/** A checkpoint costs about as much as an epoch. */
const epochsPerCheckpoint = 10;

function recipe(layer: Layer, fold: Fold, { multiples, learningRate, epochs }: Settings) {
  const [part] = memberParts(fold, validationShare);
  const { options, reference } = memberTraining(layer, part!, { target: multiples, windows: "first", learningRate });
  return { options: { ...options, epochs, batchSize }, reference };
}

/** What one update of the larger network computes. */
export function workload(fold: Fold, settings: Settings): WorkSpec {
  const { model, loss, optimizer, data } = recipe(lstmLayer, fold, settings).options;
  return { model, loss, optimizer, batchSize, data: data.train };
}

/** A network of a fold. */
export interface Training {
  readonly network: string;
  readonly fold: Fold;
  /** Of all epochs so far, those before a pause included. */
  readonly history: History;
  readonly best: Best | undefined;
  /** What it can go on from; undefined before the first one. */
  readonly checkpoint: Blob | undefined;
  readonly isOver: boolean;
  /** Trains for an epoch, or to its end: after an abort, to its checkpoint. @throws what `train` throws */
  advance(): Promise<void>;
  /** Of the specimens held out, at its best epoch; undefined before the first. */
  forecast(): Promise<Forecasts | undefined>;
  close(): Promise<unknown>;
}

/** @param from what it goes on from; undefined where it begins */
export function trainingOf(
  [network, layer]: (typeof layers)[number],
  fold: Fold,
  settings: Settings,
  { backend, signal, from }: { readonly backend: Backend; readonly signal: AbortSignal; readonly from?: Uint8Array },
): Training {
  const { options, reference } = recipe(layer, fold, settings);
  let history: History = [];
  let best: Best | undefined;
  let checkpoint: Blob | undefined = from && new Blob([new Uint8Array(from)]);
  let isOver = false;
  let forecast: { readonly of: Best; readonly rows: Forecasts } | undefined;
  const events = train({
    ...options,
    backend,
    signal,
    checkpoint: {
      every: epochsPerCheckpoint * Math.ceil(options.data.train.count / batchSize),
      save(bytes) {
        checkpoint = new Blob([new Uint8Array(bytes)]);
      },
    },
    ...(from && { resume: from }),
  });
  return {
    network,
    fold,
    get history() {
      return history;
    },
    get best() {
      return best;
    },
    get checkpoint() {
      return checkpoint;
    },
    get isOver() {
      return isOver;
    },
    async advance() {
      for (;;) {
        const { value: event, done } = await events.next();
        isOver = done === true;
        if (event === undefined) return;
        if (event.type !== "validation" && event.type !== "end") continue;
        ({ history, best } = event);
        if (event.type === "validation") return;
      }
    },
    async forecast() {
      if (best !== undefined && forecast?.of !== best) {
        const { inputs } = options.data.train;
        const model = { layer, inputShape: inputs.shape.slice(1), variables: best.variables };
        const trained = { ...model, preprocessing: options.preprocessing };
        forecast = {
          of: best,
          rows: await forecastBy({ series: fold.series, model: trained, reference }, fold.observed, backend),
        };
      }
      return forecast?.rows;
    },
    close: () => events.return(),
  };
}

/** The model of a checkpoint, at its best epoch. */
export function bestOf(bytes: Uint8Array, network: string): TrainedModel {
  const layer = layers.find(([name]) => name === network)![1];
  const { model, best } = decodeCheckpoint(bytes, { layer });
  return best === undefined ? model : { ...model, variables: best };
}

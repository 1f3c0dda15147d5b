// One run: micrographs are drawn and measured, the rival learns from their statistics, then a network from their pixels.

import { predict, type TrainedModel, train } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { type Dataset, fitPreprocessing, logTransform, type Transform, take } from "@hooke/data";
import { textureNet } from "@hooke/layers-conv";
import { checkIsotropy, type IsotropyReport } from "@hooke/regularization";
import { array, type Backend, type HostArray } from "@hooke/runtime";
import { features, probe, withHead } from "@hooke/transfer";
import { textureNetWeights } from "@hooke/transfer/texture-net";
import type { Run } from "../../jobs/serve.ts";
import { digestOf } from "../../shell/digest.ts";
import { batchSize, beyondOf, declared, network, recipe, schedule, targetsOf, updatesOf } from "./recipe.ts";
import { rivalPredictions, statisticsOf } from "./rival.ts";
import { imagesOf, labelled, micrographsOf, type Specimen } from "./sample.ts";
import { isClass, kinds, partsOf, type Settings, sideOf } from "./settings.ts";

export type Stage = "drawing" | "statistics" | "learning";

/** What the page shows of a run. */
export interface Learning {
  readonly stage: Stage;
  /** Losses per epoch, oldest first; none of textureNet. */
  readonly curves: { readonly train: readonly number[]; readonly heldOut: readonly number[] };
  /** Of the micrographs held out: the property, what the rival and what the network says of it. Kinds by number. */
  readonly truth: readonly number[];
  readonly rival: readonly number[];
  readonly network: readonly number[];
  /** How the measured symmetry of the training images compares with the declared one. */
  readonly symmetry: { readonly measured: string; readonly warnings: readonly string[] } | undefined;
  /** SHA-256 of the model's file, in hexadecimal; empty while there is none. */
  readonly digest: string;
}

export const beginning: Learning = {
  ...{ stage: "drawing", curves: { train: [], heldOut: [] }, truth: [], rival: [], network: [] },
  ...{ symmetry: undefined, digest: "" },
};

/** What is known of the micrographs. */
interface Known {
  /** The property of those measured so far. */
  readonly values: readonly number[];
  /** Two-point statistics of the training rows, `[rows, distances]`, once they are computed: pictures are compared with them. */
  readonly statistics?: HostArray;
}

/** What a run goes on from. */
export interface Remembered extends Known {
  /** A checkpoint of the training. */
  readonly training?: Blob;
  /** The model as it is kept: during a training that of the last checkpoint. */
  readonly model?: Blob;
}

/** A run's steps: a micrograph measured, then an update, or a micrograph seen by textureNet. */
export const totalOf = (settings: Settings): number =>
  settings.images + (settings.learner === "network" ? updatesOf(settings) : partsOf(settings).train.length);

/** It is kept so often while it trains, in ms. */
const keepEvery = 3000;
/** A checkpoint costs about as much as four of them. */
const updatesPerCheckpoint = 50;

/** Where a run computes: drawing and the rival need 64 bits. */
export interface Backends {
  readonly chosen: Backend;
  readonly exact: Backend;
}

type Outcome = { readonly done: number; readonly shown: Learning };

/** Learns to the end, or until the run is to pause. */
export async function learning(
  settings: Settings,
  { chosen, exact }: Backends,
  run: Run<Learning, Remembered>,
): Promise<Outcome> {
  const { from, signal, report, keep } = run;
  let shown = from?.shown ?? beginning;
  const values = [...(from?.checkpoint.values ?? [])];
  const drawn: Specimen[] = [];
  const { at, measure } = await micrographsOf(exact, settings);
  for (let index = 0; index < settings.images && !signal.aborted; index++) {
    drawn.push(await at(index));
    if (index < values.length) continue;
    values.push(measure(drawn[index]!, index));
    const now = shown;
    await report(index + 1, () => now);
  }
  if (signal.aborted) {
    // Aborted while micrographs were drawn anew, nothing is lost.
    const done = Math.max(from?.done ?? 0, values.length);
    if (done === values.length) await keep({ values }, done, shown);
    return { done, shown };
  }

  const images = imagesOf(drawn, settings);
  const parts = partsOf(settings);
  const all = labelled(images, values, settings);
  const data = { train: take(all, parts.train), heldOut: take(all, parts.heldOut) };
  let known: Known = from === undefined ? { values } : { ...from.checkpoint, values };
  try {
    if (shown.rival.length === 0) {
      shown = { ...shown, stage: "statistics", symmetry: symmetryOf(data.train.inputs, settings) };
      const now = shown;
      await report(settings.images, () => now);
      const statistics = await statisticsOf(images, settings, exact);
      const rival = await rivalPredictions(statistics, values, settings, { backend: exact, signal });
      shown = { ...shown, rival, truth: parts.heldOut.map((row) => values[row]!) };
      known = { values, statistics: rowsOf(statistics, parts.train) };
      await keep(known, settings.images, shown);
    }
    shown = { ...shown, stage: "learning" };
    const learn = settings.learner === "network" ? trainNetwork : useTextureNet;
    return await learn({ settings, data, known, shown, backend: chosen }, run);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    // Neither the rival's fit nor features are kept half done.
    await keep(known, settings.images, shown);
    return { done: settings.images, shown };
  }
}

/** Some rows of `[rows, width]`. */
function rowsOf({ data, shape, dtype }: HostArray, rows: readonly number[]): HostArray {
  const width = shape[1]!;
  const taken = rows.map((row) => Array.from(data.subarray(row * width, (row + 1) * width), Number));
  return array(taken, { dtype });
}

interface Lesson {
  readonly settings: Settings;
  readonly data: { readonly train: Dataset; readonly heldOut: Dataset };
  readonly known: Known;
  readonly shown: Learning;
  readonly backend: Backend;
}

async function trainNetwork(
  { settings, data, known, shown: before, backend }: Lesson,
  { from, signal, report, keep }: Run<Learning, Remembered>,
): Promise<Outcome> {
  let shown = before;
  let step = Math.max(0, (from?.done ?? 0) - settings.images);
  let [loss, keptAt] = [0, performance.now()];
  const layer = network(settings);
  const preprocessing = fitPreprocessing(data.train, { targets: targetsOf(settings) });
  const { inputs } = data.heldOut;
  const { training } = from?.checkpoint ?? {};
  let model: TrainedModel | undefined;
  let file = from?.checkpoint.model;
  /** The last checkpoint, until it is kept. */
  let waiting: Uint8Array<ArrayBuffer> | undefined;

  async function keepWaiting(): Promise<void> {
    if (waiting === undefined) return;
    if (model !== undefined) {
      const encoded = new Uint8Array(encodeModel(model));
      file = new Blob([encoded]);
      shown = { ...shown, digest: await digestOf(encoded) };
    }
    // As blobs they are read only when they are needed.
    const blobs = { training: new Blob([waiting]), ...(file && { model: file }) };
    waiting = undefined;
    await keep({ ...known, ...blobs }, settings.images + step, shown);
    keptAt = performance.now();
  }

  const events = train({
    ...recipe(settings),
    ...schedule(settings),
    ...{ backend, signal, preprocessing, data: { train: data.train, validation: data.heldOut } },
    checkpoint: {
      every: updatesPerCheckpoint,
      async save(bytes, state) {
        step = state.step;
        waiting = new Uint8Array(bytes);
        if (performance.now() - keptAt > keepEvery) await keepWaiting();
      },
    },
    ...(training && { resume: new Uint8Array(await training.arrayBuffer()) }),
  });
  for await (const event of events) {
    if (event.type === "step") step = event.step;
    if (event.type === "epoch") loss = event.loss;
    if (event.type === "validation") {
      const { train: losses, heldOut } = shown.curves;
      model = { layer, inputShape: inputs.shape.slice(1), variables: await event.variables(), preprocessing };
      shown = {
        ...shown,
        curves: { train: [...losses, loss], heldOut: [...heldOut, event.loss] },
        network: answersOf(await predict(model, inputs, { backend }), settings),
      };
    }
    const now = shown;
    await report(settings.images + step, () => now);
  }
  await keepWaiting();
  return { done: settings.images + step, shown };
}

async function useTextureNet(
  { settings, data, known, shown: before, backend }: Lesson,
  { signal, report, keep }: Run<Learning, Remembered>,
): Promise<Outcome> {
  const side = sideOf(settings);
  const { views } = declared[settings.symmetry];
  const layer = textureNet({ paddingMode: beyondOf(settings).paddingMode });
  const backbone = { layer, inputShape: [side, side, 1], variables: await textureNetWeights() };
  const logarithm = settings.property === "modulus" ? logarithmOf(data.train) : undefined;
  const seen = await features(backbone, logarithm?.data ?? data.train, {
    ...{ backend, views, signal },
    onProgress: ({ completed }) => void report(settings.images + completed, () => before),
  });
  const { model: head } = await probe({ data: seen, seed: settings.seed, signal });
  const fitted = withHead(backbone, head, { views });
  const model: TrainedModel = {
    ...fitted,
    preprocessing: {
      ...fitted.preprocessing!,
      targets: [...(logarithm ? [logarithm.transform] : []), ...fitted.preprocessing!.targets],
    },
  };
  const found = await predict(model, data.heldOut.inputs, { backend, batchSize, signal });
  const file = new Uint8Array(encodeModel(model));
  const shown = { ...before, network: answersOf(found, settings), digest: await digestOf(file) };
  const done = totalOf(settings);
  await keep({ ...known, model: new Blob([file]) }, done, shown);
  return { done, shown };
}

/** Data with the logarithm of their targets, and the transform that they are in. */
function logarithmOf(data: Dataset): { readonly data: Dataset; readonly transform: Transform } {
  const { targets } = fitPreprocessing(data, { targets: [logTransform()] });
  const logarithms: HostArray = { ...data.targets, data: data.targets.data.map(Math.log) };
  return { data: { ...data, targets: logarithms }, transform: targets[0]! };
}

/** Predictions as numbers: the property, or the number of the kind that is most likely. */
export function answersOf({ data, shape }: HostArray, settings: Settings): number[] {
  if (!isClass(settings)) return Array.from(data);
  return Array.from({ length: shape[0]! }, (_, row) => {
    const own = Array.from(data.subarray(row * kinds.length, (row + 1) * kinds.length));
    return own.indexOf(Math.max(...own));
  });
}

function symmetryOf(images: HostArray, settings: Settings): Learning["symmetry"] {
  const { symmetry } = settings;
  const { comparisons, warnings }: IsotropyReport = checkIsotropy(images, {
    ...{ declared: declared[symmetry].material, periodic: beyondOf(settings).periodic },
  });
  const [x, y] = comparisons[0]!.lengths;
  const p = comparisons[0]!.pValue;
  const measured = `Measured on the training images: they stay correlated over ${x.toFixed(2)} points along x and ${y.toFixed(2)} along y (p = ${p.toPrecision(2)}).`;
  // That more could be declared is a choice, not a mistake, where nothing is.
  return { measured, warnings: symmetry === "none" ? [] : warnings };
}

// How well the effective modulus is predicted from few labelled micrographs, method by method, label count by label count, seed by seed.
import { predict } from "@hooke/core";
import { type Dataset, dataset, metrics, permutation, take } from "@hooke/data";
import { type Ensemble, morphologies } from "@hooke/example-micrograph-cnn/microstructure.ts";
import { test, trainOnImages, turnedAndMoved, ways } from "@hooke/example-micrograph-cnn/networks.ts";
import { drawSample, type Sample } from "@hooke/example-micrograph-cnn/sample.ts";
import { type Backend, foldHost, type HostArray, randomKey } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import {
  type FeatureCache,
  type FeatureProgress,
  features,
  fineTune,
  probe,
  type Recommendation,
  recommend,
  withHead,
} from "@hooke/transfer";
import type { Backbone } from "./backbone.ts";

export interface Settings {
  readonly ensemble: Ensemble;
  readonly count: number;
  readonly test: number;
  readonly labels: readonly number[];
  readonly seeds: number;
  /** Steps of the network that is trained from scratch, 16 images each, whatever the number of labels; 0 leaves it out. */
  readonly scratchSteps: number;
  /** Passes of fine-tuning; 0 leaves it out. */
  readonly tuneEpochs: number;
  /** Of the micrographs. */
  readonly seed: number;
}

const fraction = [0.3, 0.7] as const;

export const full: Settings = {
  ensemble: { side: 64, waves: [3, 6], morphologies, fraction },
  count: 300,
  test: 100,
  labels: [25, 50, 100, 200],
  seeds: 3,
  scratchSteps: 400,
  tuneEpochs: 20,
  seed: 7,
};

export const small: Settings = {
  ensemble: { side: 32, waves: [2, 4], morphologies, fraction },
  count: 60,
  test: 30,
  labels: [15, 30],
  seeds: 2,
  scratchSteps: 4,
  tuneEpochs: 1,
  seed: 7,
};

/** R2 on the test rows: of a method, by number of labels, by seed. */
export type Scores = Readonly<Record<string, readonly (readonly number[])[]>>;

export interface Results {
  /** Methods from the simplest to the most elaborate. */
  readonly scores: Scores;
  /** Of these methods those that fit a ridge regression to features: made by hand, then of each backbone. */
  readonly ridges: readonly string[];
  /** Those that train a network. */
  readonly trained: readonly string[];
  /** By number of labels. */
  readonly recommended: readonly Recommendation[];
  /** The test rows of the first seed, and what the probe with most labels, of the first backbone, predicts of them. */
  readonly heldOut: { readonly images: Dataset; readonly predictions: HostArray };
}

/** Moduli of all micrographs, of which runs keep what is found. */
export const drawMicrographs = (
  backend: Backend,
  { ensemble, count, seed }: Settings,
  run: RunTrial,
  onSample: (completed: number) => void,
): Promise<Sample> => drawSample(backend, ensemble, count, seed, run, onSample);

/** Ratios of moduli count: the logarithm is what is fitted. */
const logarithmic = (data: Dataset): Dataset =>
  dataset({ inputs: data.inputs, targets: { ...data.targets, data: data.targets.data.map(Math.log) } });

/** How far {@link study} is. */
export interface Follow {
  readonly onFeatures: (completed: number, total: number) => void;
  readonly onTrial: (completed: number, total: number) => void;
}

/** R2 on the rows that are asked after, of what is fitted to the rows that are known. */
type Method = (known: number[], asked: number[], seed: number) => (signal: AbortSignal) => Promise<number>;

/**
 * @param backbones the first is fine-tuned, too
 * @param run keeps what is finished
 * @throws the signal's reason if it is aborted
 */
export async function study(
  backend: Backend,
  backbones: readonly Backbone[],
  sample: Sample,
  settings: Settings,
  run: RunTrial,
  { cache, signal }: { readonly cache: FeatureCache; readonly signal: AbortSignal },
  { onFeatures, onTrial }: Follow,
): Promise<Results> {
  const { labels, seeds, count, test: tested, scratchSteps, tuneEpochs } = settings;
  const views = "isotropic";
  const images = logarithmic(sample.image);
  const featuresOf: Record<string, Dataset> = { "two-point statistics": logarithmic(sample.twoPoint) };
  for (const [i, { name, model }] of backbones.entries()) {
    const onProgress = ({ completed }: FeatureProgress): void =>
      onFeatures(i * count + completed, backbones.length * count);
    featuresOf[`${name} + ridge`] = await features(model, images, { backend, views, cache, signal, onProgress });
  }
  const order = (seed: number): number[] => [...permutation(foldHost(randomKey(seed), "labels"), count)];
  const r2 = (predicted: HostArray, asked: readonly number[]): number =>
    metrics.r2.compute(exp(predicted), take(sample.image, asked).targets);
  const probed = async (data: Dataset, known: readonly number[], asked: readonly number[]): Promise<HostArray> => {
    const { model } = await probe({ data: take(data, known) });
    return predict(model, meanOfViews(take(data, asked).inputs), { backend });
  };

  const methods: Record<string, Method> = {};
  for (const [name, data] of Object.entries(featuresOf)) {
    methods[name] = (known, asked) => async () => r2(await probed(data, known, asked), asked);
  }
  const [first] = backbones as readonly [Backbone];
  const transferred = featuresOf[`${first.name} + ridge`]!;
  if (tuneEpochs > 0) {
    methods[`${first.name}, fine-tuned`] = (known, asked, seed) => async (signal) => {
      const held = Math.ceil(known.length / 5);
      const { model } = await probe({ data: take(transferred, known.slice(held)) });
      const tuned = await fineTune({
        backend,
        model: withHead(first.model, model, { views }),
        data: { train: take(images, known.slice(held)), validation: take(images, known.slice(0, held)) },
        epochs: tuneEpochs,
        augment: turnedAndMoved("isotropic"),
        seed,
        signal,
      });
      return r2(await predict(tuned.model, take(images, asked), { backend, batchSize: 25, signal }), asked);
    };
  }
  if (scratchSteps > 0) {
    methods["from scratch, augmented"] = (known, asked, seed) => async (signal) => {
      const epochs = Math.ceil(scratchSteps / Math.ceil(known.length / 16));
      const training = { epochs, seed, signal };
      const trained = await trainOnImages(backend, { train: take(sample.image, known) }, training, ways.augmented);
      return (await test(backend, trained, take(sample.image, asked), signal)).r2;
    };
  }
  const scores: Record<string, number[][]> = {};
  const total = Object.keys(methods).length * labels.length * seeds;
  let completed = 0;
  for (const [method, score] of Object.entries(methods)) {
    scores[method] = [];
    for (const few of labels) {
      const row: number[] = [];
      for (let seed = 0; seed < seeds; seed++) {
        const rows = order(seed);
        row.push(
          await run(
            `${method}, ${few} labels, seed ${seed}`,
            score(rows.slice(0, few), rows.slice(count - tested), seed),
          ),
        );
        onTrial(++completed, total);
      }
      scores[method].push(row);
    }
  }
  const recommended = labels.map((_, i) =>
    recommend({ methods: Object.entries(scores).map(([method, rows]) => ({ name: method, scores: rows[i]! })) }),
  );
  const rows = order(0);
  const asked = rows.slice(count - tested);
  const heldOut = {
    images: take(sample.image, asked),
    predictions: exp(await probed(transferred, rows.slice(0, labels.at(-1)), asked)),
  };
  const ridges = Object.keys(featuresOf);
  return { scores, ridges, trained: Object.keys(scores).slice(ridges.length), recommended, heldOut };
}

const exp = (predictions: HostArray): HostArray => ({
  ...predictions,
  dtype: "f64",
  data: Float64Array.from(predictions.data, Math.exp),
});

/** What `probe` fits: the mean of the views, where there are any. */
function meanOfViews(inputs: HostArray): HostArray {
  const [count, views, width] = inputs.shape as [number, number, number | undefined];
  if (width === undefined) return inputs;
  const data = new Float32Array(count * width);
  for (let i = 0; i < inputs.data.length; i++) {
    data[Math.floor(i / (views * width)) * width + (i % width)]! += inputs.data[i]! / views;
  }
  return { shape: [count, width], dtype: "f32", data };
}

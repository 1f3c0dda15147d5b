// Micrographs through the frozen backbone once, and a head on what it makes of them.
import { predict, type TrainedModel } from "@hooke/core";
import { type Dataset, metrics, split, take } from "@hooke/data";
import { type Ensemble, morphologies } from "@hooke/example-micrograph-cnn/microstructure.ts";
import { drawSample } from "@hooke/example-micrograph-cnn/sample.ts";
import type { Backend, HostArray } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { type FeatureCache, type FeatureProgress, features, head, withHead } from "@hooke/transfer";
import type { Backbone } from "./model.ts";

export interface Settings {
  readonly side: number;
  readonly sizes: { readonly train: number; readonly validation: number; readonly test: number };
  readonly epochs: number;
  readonly seed: number;
}

export const full: Settings = { side: 64, sizes: { train: 140, validation: 30, test: 30 }, epochs: 60, seed: 0 };
export const small: Settings = { side: 32, sizes: { train: 24, validation: 8, test: 8 }, epochs: 10, seed: 0 };

export interface Result {
  /** Of images, ready to be written. */
  readonly model: TrainedModel;
  /** On the test rows. */
  readonly r2: number;
  /** Seconds for the features of all images, and for all epochs of the head. */
  readonly seconds: { readonly features: number; readonly head: number };
}

/** Images with their effective moduli. */
export async function micrographs(
  backend: Backend,
  { side, sizes, seed }: Settings,
  run: RunTrial,
  onSample: (completed: number) => void,
): Promise<Dataset> {
  const waves: readonly [number, number] = side > 32 ? [3, 6] : [2, 4];
  const ensemble: Ensemble = { side, morphologies, fraction: [0.3, 0.7], waves };
  const count = sizes.train + sizes.validation + sizes.test;
  return (await drawSample(backend, ensemble, count, seed, run, onSample)).image;
}

export async function study(
  backend: Backend,
  backbone: Backbone,
  images: Dataset,
  { sizes, epochs, seed }: Settings,
  cache: FeatureCache,
  signal: AbortSignal,
  onFeatures: (progress: FeatureProgress) => void,
): Promise<Result> {
  const started = performance.now();
  const data = await features(backbone, images, { backend, cache, signal, onProgress: onFeatures });
  const computed = performance.now();
  const rows = split(images.count, { ...sizes }, seed);
  const train = take(data, rows.train);
  const { best } = await head({
    backend,
    data: { train, validation: take(data, rows.validation) },
    epochs,
    seed,
    signal,
  });
  const trained = performance.now();
  const model = withHead(backbone, best!.model);
  const test = take(images, rows.test);
  const predicted: HostArray = await predict(model, test, { backend, batchSize: 8, signal });
  return {
    model,
    r2: metrics.r2.compute(predicted, test.targets),
    seconds: { features: (computed - started) / 1000, head: (trained - computed) / 1000 },
  };
}

// The whole comparison: observers who know more and more of the same microstructures, then few images, by networks that know their symmetry or not.
import type { History } from "@hooke/core";
import { split, take } from "@hooke/data";
import type { Backend } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { type FewImages, type Follow, onFewImages, type Scarce, watchEpochs } from "./few.ts";
import { type Gallery, gallery } from "./gallery.ts";
import { type Ensemble, morphologies } from "./microstructure.ts";
import { type TestResult, test, trainOnImages, trainOnStatistics, ways } from "./networks.ts";
import { divide, drawSample, type Parts, type View } from "./sample.ts";
import { measureSymmetry, type SymmetryFindings } from "./symmetry.ts";

export interface Settings {
  readonly ensemble: Ensemble;
  readonly sizes: Parts<number>;
  readonly seed: number;
  /** Passes over what is known in numbers. */
  readonly statisticsEpochs: number;
  /** Passes over the images. */
  readonly epochs: number;
  readonly scarce: FewImages;
}

export const full: Settings = {
  ensemble: { side: 64, morphologies, fraction: [0.3, 0.7], waves: [3, 6] },
  sizes: { train: 2000, validation: 200, test: 400 },
  seed: 0,
  statisticsEpochs: 100,
  epochs: 20,
  scarce: { train: [50, 200], views: 8000, seeds: [0, 1, 2] },
};

export const small: Settings = {
  ensemble: { side: 32, morphologies, fraction: [0.3, 0.7], waves: [2, 4] },
  sizes: { train: 240, validation: 30, test: 100 },
  seed: 0,
  statisticsEpochs: 60,
  epochs: 20,
  scarce: { train: [100], views: 4000, seeds: [0] },
};

export interface Results {
  /** By what is known of a microstructure, on the same test rows. */
  readonly tests: Readonly<Record<View, TestResult>>;
  /** Moduli of the test rows. */
  readonly actual: ArrayLike<number>;
  /** Of the network on images. */
  readonly history: History;
  /** Of networks on few images. */
  readonly scarce: readonly Scarce[];
  readonly symmetry: SymmetryFindings;
  readonly gallery: Gallery;
}

/** @param run keeps what is finished */
export async function study(backend: Backend, settings: Settings, run: RunTrial, follow: Follow): Promise<Results> {
  const { ensemble, sizes, seed, statisticsEpochs, epochs, scarce } = settings;
  const count = sizes.train + sizes.validation + sizes.test;
  const drawn = follow("homogenising", count);
  const parts = divide(await drawSample(backend, ensemble, count, seed, run, drawn), sizes, seed);
  const watch = watchEpochs(follow);

  const onNumbers = (view: View): Promise<TestResult> => {
    const name = `training on ${view}`;
    return run(name, async (signal) => {
      const training = { epochs: statisticsEpochs, seed, signal, callbacks: watch(name, statisticsEpochs) };
      const trained = await trainOnStatistics(backend, parts[view], training);
      return test(backend, trained, parts[view].test, signal);
    });
  };
  const onImages = await run("training on images", async (signal) => {
    const callbacks = watch("training on images", epochs);
    const trained = await trainOnImages(backend, parts.image, { epochs, seed, signal, callbacks }, ways.augmented);
    return { history: trained.history, result: await test(backend, trained, parts.image.test, signal) };
  });
  const tests = {
    fraction: await onNumbers("fraction"),
    twoPoint: await onNumbers("twoPoint"),
    named: await onNumbers("named"),
    image: onImages.result,
  };

  return {
    tests,
    actual: parts.image.test.targets.data,
    history: onImages.history,
    scarce: await onFewImages(backend, parts.image, scarce, run, follow),
    symmetry: await measureSymmetry(backend, ensemble, seed),
    gallery: await gallery(backend, ensemble, seed),
  };
}

/** Networks on few images alone, of no more microstructures than they need. */
export async function studyOfFew(
  backend: Backend,
  { ensemble, sizes, seed, scarce }: Settings,
  run: RunTrial,
  follow: Follow,
): Promise<Scarce[]> {
  const train = Math.max(...scarce.train);
  const count = train + sizes.test;
  const { image } = await drawSample(backend, ensemble, count, seed, run, follow("homogenising", count));
  const rows = split(count, { train, test: sizes.test }, seed);
  const data = { train: take(image, rows.train), test: take(image, rows.test) };
  return onFewImages(backend, data, scarce, run, follow);
}

// The whole comparison: observers who know more and more of the same microstructures, then few images with and without augmentation.
import type { Callback, History } from "@hooke/core";
import { take } from "@hooke/data";
import type { Backend } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { type Gallery, gallery } from "./gallery.ts";
import { type Ensemble, morphologies } from "./microstructure.ts";
import { type TestResult, test, trainOnImages, trainOnStatistics } from "./networks.ts";
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
  /** The study of augmentation: so many training images, so many passes, each seed's training with and without. */
  readonly scarce: { readonly train: number; readonly epochs: number; readonly seeds: readonly number[] };
}

export const full: Settings = {
  ensemble: { side: 64, morphologies, fraction: [0.3, 0.7], waves: [3, 6] },
  sizes: { train: 2000, validation: 200, test: 400 },
  seed: 0,
  statisticsEpochs: 100,
  epochs: 20,
  scarce: { train: 200, epochs: 40, seeds: [0, 1, 2] },
};

export const small: Settings = {
  ensemble: { side: 32, morphologies, fraction: [0.3, 0.7], waves: [2, 4] },
  sizes: { train: 240, validation: 30, test: 100 },
  seed: 0,
  statisticsEpochs: 60,
  epochs: 20,
  scarce: { train: 100, epochs: 40, seeds: [0] },
};

export interface Results {
  /** By what is known of a microstructure, on the same test rows. */
  readonly tests: Readonly<Record<View, TestResult>>;
  /** Moduli of the test rows. */
  readonly actual: ArrayLike<number>;
  /** Of the network on images. */
  readonly history: History;
  /** Test R² of networks on few images, by seed. */
  readonly scarce: { readonly plain: readonly number[]; readonly augmented: readonly number[] };
  readonly symmetry: SymmetryFindings;
  readonly gallery: Gallery;
}

/** Called with the name of a piece of work and its size; what it returns, with how much of it is done. */
export type Follow = (work: string, total: number) => (completed: number) => void;

/** @param run keeps what is finished */
export async function study(backend: Backend, settings: Settings, run: RunTrial, follow: Follow): Promise<Results> {
  const { ensemble, sizes, seed, statisticsEpochs, epochs, scarce } = settings;
  const count = sizes.train + sizes.validation + sizes.test;
  const drawn = follow("homogenising", count);
  const parts = divide(await drawSample(backend, ensemble, count, seed, run, drawn), sizes, seed);
  const watch = (work: string, total: number): readonly Callback[] => {
    const done = follow(work, total);
    return [{ onEpoch: ({ epoch }) => done(epoch + 1) }];
  };

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
    const trained = await trainOnImages(backend, parts.image, { epochs, seed, augmented: true, signal, callbacks });
    return { history: trained.history, result: await test(backend, trained, parts.image.test, signal) };
  });
  const tests = {
    fraction: await onNumbers("fraction"),
    twoPoint: await onNumbers("twoPoint"),
    named: await onNumbers("named"),
    image: onImages.result,
  };

  const few = { train: take(parts.image.train, range(scarce.train)) };
  const onFew = async (augmented: boolean): Promise<number[]> => {
    const scores: number[] = [];
    for (const seed of scarce.seeds) {
      const name = `${scarce.train} images${augmented ? ", augmented" : ""}, seed ${seed}`;
      const trial = async (signal: AbortSignal): Promise<number> => {
        const training = { epochs: scarce.epochs, seed, augmented, signal, callbacks: watch(name, scarce.epochs) };
        const trained = await trainOnImages(backend, few, training);
        return (await test(backend, trained, parts.image.test, signal)).r2;
      };
      scores.push(await run(name, trial));
    }
    return scores;
  };
  return {
    tests,
    actual: parts.image.test.targets.data,
    history: onImages.history,
    scarce: { plain: await onFew(false), augmented: await onFew(true) },
    symmetry: await measureSymmetry(backend, ensemble, seed),
    gallery: await gallery(backend, ensemble, seed),
  };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

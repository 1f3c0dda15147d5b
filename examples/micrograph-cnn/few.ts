// What a network gains on few images by copies that are turned, or by a form that knows how images turn.
import type { Callback } from "@hooke/core";
import { type Dataset, take } from "@hooke/data";
import type { Backend } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { test, trainOnImages, type WayName, ways } from "./networks.ts";

/** So many training images, each shown so often that all networks see `views` images, for each seed. */
export interface FewImages {
  readonly train: readonly number[];
  readonly views: number;
  readonly seeds: readonly number[];
}

/** Test R² of networks on so many images, by way and seed. */
export interface Scarce {
  readonly train: number;
  readonly scores: Readonly<Record<WayName, readonly number[]>>;
}

/** Called with the name of a piece of work and its size; what it returns, with how much of it is done. */
export type Follow = (work: string, total: number) => (completed: number) => void;

/** Callbacks that tell of epochs. */
export const watchEpochs =
  (follow: Follow) =>
  (work: string, total: number): readonly Callback[] => {
    const done = follow(work, total);
    return [{ onEpoch: ({ epoch }) => done(epoch + 1) }];
  };

/** @param run keeps what is finished */
export async function onFewImages(
  backend: Backend,
  data: { readonly train: Dataset; readonly test: Dataset },
  { train, views, seeds }: FewImages,
  run: RunTrial,
  follow: Follow,
): Promise<Scarce[]> {
  const watch = watchEpochs(follow);
  const scoresOf = async (count: number, way: WayName): Promise<number[]> => {
    const few = {
      train: take(
        data.train,
        Array.from({ length: count }, (_, i) => i),
      ),
    };
    const epochs = Math.round(views / count);
    const scores: number[] = [];
    for (const seed of seeds) {
      const name = `${count} images, ${ways[way].label}, seed ${seed}`;
      const trial = async (signal: AbortSignal): Promise<number> => {
        const training = { epochs, seed, signal, callbacks: watch(name, epochs) };
        const trained = await trainOnImages(backend, few, training, ways[way]);
        return (await test(backend, trained, data.test, signal)).r2;
      };
      scores.push(await run(name, trial));
    }
    return scores;
  };
  const found: Scarce[] = [];
  for (const count of train) {
    const scores: Partial<Record<WayName, number[]>> = {};
    for (const way of Object.keys(ways) as WayName[]) scores[way] = await scoresOf(count, way);
    found.push({ train: count, scores: scores as Scarce["scores"] });
  }
  return found;
}

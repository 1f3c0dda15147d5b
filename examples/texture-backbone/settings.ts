// How much is drawn, trained and asked: the weights that ship, or a few seconds.
import type { KindTask } from "./kind-probe.ts";
import type { ModulusTask } from "./modulus.ts";

export interface Settings {
  /** Of the network's training. */
  readonly textures: { readonly side: number; readonly count: number; readonly seed: number };
  readonly training: { readonly epochs: number; readonly batchSize: number; readonly seed: number };
  readonly modulus: ModulusTask;
  readonly kinds: KindTask;
}

export const full: Settings = {
  textures: { side: 64, count: 8000, seed: 0 },
  training: { epochs: 5, batchSize: 32, seed: 0 },
  modulus: { side: 64, waves: [3, 6], count: 300, test: 100, labels: [25, 50, 100, 200], seeds: 8, seed: 7 },
  kinds: { side: 64, count: 300, labels: 30, test: 150, seeds: 8, seed: 1 },
};

export const small: Settings = {
  textures: { side: 32, count: 96, seed: 0 },
  training: { epochs: 2, batchSize: 32, seed: 0 },
  modulus: { side: 32, waves: [2, 4], count: 36, test: 16, labels: [10, 20], seeds: 2, seed: 7 },
  kinds: { side: 32, count: 60, labels: 30, test: 30, seeds: 2, seed: 1 },
};

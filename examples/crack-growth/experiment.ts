// What is compared, at full size and at a small one.
import type { Backend } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { baselines } from "./baselines.ts";
import type { Folding } from "./compare.ts";
import { lstmLayer, transformerLayer } from "./members.ts";
import { lstmName, type Method, transformerName } from "./method.ts";
import { type NetworkSettings, type NetworkWatch, networkMethod } from "./networks.ts";

/** What decides an experiment. */
export interface Settings extends NetworkSettings, Folding {}

export const full: Settings = {
  folds: 10,
  seed: 0,
  candidates: [
    { target: "growth", windows: "first", learningRate: 1e-3 },
    { target: "growth", windows: "first", learningRate: 4e-3 },
    { target: "growth", windows: "every", learningRate: 2e-3 },
    { target: "paris", windows: "first", learningRate: 2e-3 },
  ],
  members: 4,
  epochs: 600,
  patience: 150,
  batchSize: 16,
};

/** For tests: seconds instead of minutes. */
export const small: Settings = {
  ...full,
  folds: 2,
  candidates: [
    { target: "growth", windows: "first", learningRate: 4e-3 },
    { target: "paris", windows: "every", learningRate: 4e-3 },
  ],
  members: 2,
  epochs: 40,
  patience: 20,
};

/** Baselines and networks; what `run` and `watch` are, says `networkMethod`. */
export const allMethods = (
  backend: Backend,
  settings: NetworkSettings,
  run?: RunTrial,
  watch?: NetworkWatch,
): readonly Method[] => [
  ...baselines,
  networkMethod(lstmName, lstmLayer, backend, settings, run, watch),
  networkMethod(transformerName, transformerLayer, backend, settings, run, watch),
];

/** Trainings of networks in an experiment. */
export const trainingCount = ({ folds, candidates, members }: Settings): number =>
  2 * folds * candidates.length * members;

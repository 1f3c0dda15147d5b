// What the three lists have in common: the data, its parts, and the network. Processes are told the size by the variable `STUDY`.
import { wasmBackend } from "@hooke/backend-wasm";
import { adamw, dense, type FitOptions, mse, sequential } from "@hooke/core";
import { type Dataset, fitPreprocessing, split, standardize, tableDataset } from "@hooke/data";
import { readCsv } from "@hooke/data/node";

const small = process.env.STUDY === "small";

/** Trials, folds, members and epochs. */
export const settings = small
  ? { trials: 9, budgets: [2, 6, 18], folds: 3, members: 2, epochs: 20 }
  : { trials: 27, budgets: [10, 30, 90], folds: 10, members: 5, epochs: 200 };

export const backend = wasmBackend();

/** 1,030 concretes: seven amounts and the age, and the compressive strength in MPa that they reach. */
const concretes = tableDataset(await readCsv(new URL("../concrete/data/concrete.csv", import.meta.url)), {
  target: "compressive_strength_MPa",
});

/** The test rows decide nothing. */
export const { rest, test } = split(concretes, { rest: "rest", test: 0.2 }, 0);

/** What a search chooses. */
export interface Choice {
  readonly units: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** What the search found at full size; folds and members take it. */
export const chosen: Choice = { units: 92, learningRate: 2.4e-3, weightDecay: 5.4e-4 };

/** Options of every training. */
export const training = ({ units, learningRate, weightDecay }: Choice) =>
  ({
    backend,
    model: sequential([
      dense({ units, activation: "relu" }),
      dense({ units, activation: "relu" }),
      dense({ units: 1 }),
    ]),
    loss: mse(),
    optimizer: adamw({ weightDecay }),
    learningRate,
    batchSize: 32,
    seed: 0,
  }) satisfies Partial<FitOptions>;

export const transforms = { inputs: standardize(), targets: standardize() };

/** Fitted to the rows that are trained on. */
export const preprocessingOf = (train: Dataset) => fitPreprocessing(train, transforms);

// The methods, each on one split: trained on its training rows alone, judged on its test rows.
import {
  adam,
  adamw,
  dense,
  dropout,
  fit,
  gaussianNll,
  type Loss,
  mse,
  sequential,
  type TrainedModel,
} from "@hooke/core";
import { type Dataset, fitPreprocessing, split, standardize } from "@hooke/data";
import { cosineAnnealing } from "@hooke/regularization";
import type { Backend } from "@hooke/runtime";
import {
  type CalibrationCurve,
  calibrationCurve,
  fitEnsemble,
  fitNoise,
  kroneckerLaplace,
  lastLayerLaplace,
  type Mixture,
  type MixtureScores,
  mixtureOf,
  monteCarloDropout,
  predictMembers,
  predictNormals,
  scoreMixture,
} from "@hooke/uncertainty";

/** What a study costs. All networks have one hidden layer of 50 units, as the published ones. */
export interface Settings {
  /** Of the networks with dropout. */
  readonly dropoutEpochs: number;
  /** Rates of dropout to choose from, by the likelihood of a fifth of the training rows. */
  readonly rates: readonly number[];
  /** Draws of each row. */
  readonly samples: number;
  /** Of the others. */
  readonly epochs: number;
  readonly splits: number;
  readonly seed: number;
}

/** A method on a split. */
export interface Result {
  readonly scores: MixtureScores;
  readonly curve: CalibrationCurve;
}

export const methodNames = [
  "dropout",
  "ensemble of 5",
  "Gaussian heads",
  "last-layer Laplace",
  "Kronecker Laplace",
] as const;

export type MethodName = (typeof methodNames)[number];

/** What a method takes. */
export interface Work {
  readonly backend: Backend;
  readonly train: Dataset;
  readonly test: Dataset;
  readonly settings: Settings;
  readonly signal: AbortSignal;
}

const batchSize = 32;
const members = 5;
const units = 50;

export const methods: Readonly<Record<MethodName, (work: Work) => Promise<Mixture>>> = {
  dropout: dropoutOf,
  "ensemble of 5": ensembleOf,
  "Gaussian heads": headsOf,
  async "last-layer Laplace"(work) {
    const laplace = await lastLayerLaplace(await plainOf(work), work.train, where(work));
    return laplace.predict(work.test, where(work));
  },
  async "Kronecker Laplace"(work) {
    const laplace = await kroneckerLaplace(await plainOf(work), work.train, where(work));
    return laplace.predict(work.test, where(work));
  },
};

/** Scores of a method on the rows that it has not seen. */
export async function judge(name: MethodName, work: Work): Promise<Result> {
  const mixture = await methods[name](work);
  const { targets } = work.test;
  return { scores: scoreMixture(mixture, targets), curve: calibrationCurve(mixture, targets) };
}

const where = ({ backend, signal }: Work) => ({ backend, signal });

const shared = ({ backend, settings, signal }: Work, train: Dataset) => ({
  backend,
  data: { train },
  preprocessing: fitPreprocessing(train, { inputs: standardize(), targets: standardize() }),
  batchSize,
  seed: settings.seed,
  signal,
});

/** Monte Carlo dropout: rate and noise are chosen on a fifth of the training rows, then the network is trained on all of them. */
async function dropoutOf(work: Work): Promise<Mixture> {
  const { settings, train, test, signal } = work;
  const trained = async (part: Dataset, rate: number): Promise<TrainedModel> => {
    const model = sequential([
      dropout({ rate }),
      dense({ units, activation: "relu" }),
      dropout({ rate }),
      dense({ units: 1 }),
    ]);
    const { dropoutEpochs: epochs } = settings;
    const options = { model, loss: mse(), optimizer: adam(), learningRate: falling(part, epochs), epochs };
    const { model: found } = await fit({ ...shared(work, part), ...options });
    signal.throwIfAborted();
    return found;
  };
  const draws = (model: TrainedModel, part: Dataset) =>
    monteCarloDropout(model, part, { ...where(work), samples: settings.samples, seed: settings.seed });
  const parts = split(train, { train: "rest", validation: 0.2 }, settings.seed);
  let best = { rate: 0, noise: [0] as readonly number[], likelihood: Number.POSITIVE_INFINITY };
  for (const rate of settings.rates) {
    const own = await draws(await trained(parts.train, rate), parts.validation);
    const noise = fitNoise(own, parts.validation.targets);
    const { negativeLogLikelihood: likelihood } = scoreMixture(mixtureOf(own, { noise }), parts.validation.targets);
    if (likelihood < best.likelihood) best = { rate, noise, likelihood };
  }
  return mixtureOf(await draws(await trained(train, best.rate), test), { noise: best.noise });
}

const plain = (outputs: number) => sequential([dense({ units, activation: "relu" }), dense({ units: outputs })]);

/** A rate of learning that ends at 0. */
const falling = ({ count }: Dataset, epochs: number) =>
  cosineAnnealing({ learningRate: 5e-3, length: epochs * Math.ceil(count / batchSize), every: "step" });

/** What networks without dropout share. */
const annealed = ({ settings: { epochs } }: Work, train: Dataset, loss: Loss) => ({
  loss,
  optimizer: adamw({ weightDecay: 1e-2 }),
  learningRate: falling(train, epochs),
  epochs,
});

/** Networks trained in one program; the noise is that of a fifth of the training rows, of networks that had not seen it. */
async function ensembleOf(work: Work): Promise<Mixture> {
  const draws = async (train: Dataset, test: Dataset) => {
    const { models } = await fitEnsemble({
      ...shared(work, train),
      ...annealed(work, train, mse()),
      model: plain(1),
      members,
    });
    return predictMembers(models, test, where(work));
  };
  const parts = split(work.train, { train: "rest", validation: 0.2 }, work.settings.seed);
  const noise = fitNoise(await draws(parts.train, parts.validation), parts.validation.targets);
  return mixtureOf(await draws(work.train, work.test), { noise });
}

/** As many networks that predict their own variance. */
async function headsOf(work: Work): Promise<Mixture> {
  const { train, test } = work;
  const loss = gaussianNll({ beta: 0.5 });
  const { models } = await fitEnsemble({
    ...shared(work, train),
    ...annealed(work, train, loss),
    model: plain(2),
    members,
  });
  return predictNormals(models, test, where(work));
}

/** One network, trained on squared errors. */
async function plainOf(work: Work): Promise<TrainedModel> {
  const { model } = await fit({ ...shared(work, work.train), ...annealed(work, work.train, mse()), model: plain(1) });
  work.signal.throwIfAborted();
  return model;
}

// One network: its layers, what it learns from and how, and what it forecasts.
import { sequenceTransformer } from "@hooke/attention";
import { adam, type Layer, mse, predict, type TrainedModel } from "@hooke/core";
import { fitPreprocessing, kFold, logTransform, metrics, standardize } from "@hooke/data";
import { crackGrowthLSTM } from "@hooke/layers-seq";
import type { Backend } from "@hooke/runtime";
import type { Forecasts, Lesson } from "./method.ts";
import { fitForecastLaw, parisForecast } from "./paris.ts";
import type { Series } from "./plate.ts";
import { forecastSteps, type Specimen } from "./specimens.ts";
import { lastLength, networkInputs, type Reference, windowDataset, windowsOf } from "./windows.ts";

/** The preset with its defaults: two layers of 64, dropout 0.2 between them. */
export const lstmLayer: Layer = crackGrowthLSTM({ outputs: forecastSteps });

/** Two blocks of four heads, of width 32 for so little data. */
export const transformerLayer: Layer = sequenceTransformer({ outputs: forecastSteps, width: 32, heads: 4, blocks: 2 });

/** What is chosen by validation, in each fold anew. */
export interface Candidate {
  /** What forecasts are multiples of: the last observed length, or the forecast by the law of Paris. */
  readonly target: "growth" | "paris";
  /** Windows of the training specimens. */
  readonly windows: "first" | "every";
  readonly learningRate: number;
}

/** Specimens that a network is trained on, and those that stop it. */
export interface MemberPart {
  readonly series: Series;
  readonly train: readonly Specimen[];
  readonly validation: readonly Specimen[];
  readonly seed: number;
}

/** The parts of the networks of a fold: each is stopped by others of its training specimens. */
export const memberParts = (
  { series, training, seed }: Pick<Lesson, "series" | "training" | "seed">,
  members: number,
): MemberPart[] =>
  kFold(training.length, members, seed).map(({ train, test }, i) => ({
    series,
    train: [...train].map((row) => training[row]!),
    validation: [...test].map((row) => training[row]!),
    seed: seed + i,
  }));

/** How a network is trained, as options of `fit` and `train`; and what its outputs are multiples of. */
export function memberTraining(layer: Layer, part: MemberPart, candidate: Candidate) {
  const reference = candidate.target === "growth" ? lastLength : parisReference(part);
  const rows = (specimens: readonly Specimen[], which: Candidate["windows"]) =>
    windowDataset(
      part.series,
      specimens.flatMap((specimen) => windowsOf(specimen, which)),
      reference,
    );
  const train = rows(part.train, candidate.windows);
  const options = {
    model: layer,
    data: { train, validation: rows(part.validation, "first") },
    preprocessing: fitPreprocessing(train, {
      inputs: [logTransform(), standardize()],
      targets: [logTransform(), standardize()],
    }),
    loss: mse(),
    optimizer: adam(),
    learningRate: candidate.learningRate,
    seed: part.seed,
    metrics: [metrics.rmse],
    monitor: "rmse",
  };
  return { options, reference };
}

/** The law as fitted to the training specimens. */
function parisReference({ series, train }: MemberPart): Reference {
  const law = fitForecastLaw(series, train);
  return (observed) => parisForecast(series, law, observed);
}

/** A trained network, and what its outputs are multiples of. */
export interface Member {
  readonly series: Series;
  readonly model: TrainedModel;
  readonly reference: Reference;
}

export async function forecastBy(
  { series, model, reference }: Member,
  observed: readonly (readonly number[])[],
  backend: Backend,
): Promise<Forecasts> {
  const { data } = await predict(model, networkInputs(series, observed), { backend });
  return observed.map((lengths, row) =>
    reference(lengths).map((length, step) => length * data[row * forecastSteps + step]!),
  );
}

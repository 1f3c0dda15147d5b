// Forecasts by networks: each is stopped by specimens left out of its training, and several are averaged.
import { sequenceTransformer } from "@hooke/attention";
import { adam, fit, type Layer, mse, predict, type TrainedModel } from "@hooke/core";
import { fitPreprocessing, kFold, logTransform, metrics, standardize } from "@hooke/data";
import { crackGrowthLSTM } from "@hooke/layers-seq";
import { earlyStopping } from "@hooke/regularization";
import type { Backend } from "@hooke/runtime";
import { type RunTrial, runDirectly } from "@hooke/sweep";
import type { Forecasts, Method } from "./method.ts";
import { fitForecastLaw, parisForecast } from "./paris.ts";
import { virklerPlate } from "./plate.ts";
import { forecastSteps, futurePart, observedPart, type Specimen } from "./specimens.ts";
import { mean } from "./statistics.ts";
import { lastLength, networkInputs, type Reference, windowDataset, windowsOf } from "./windows.ts";

/** What is chosen by validation, in each fold anew. */
export interface Candidate {
  /** What forecasts are multiples of: the last observed length, or the forecast by the law of Paris. */
  readonly target: "growth" | "paris";
  /** Windows of the training specimens. */
  readonly windows: "first" | "every";
  readonly learningRate: number;
}

/** How networks are trained. */
export interface NetworkSettings {
  readonly candidates: readonly Candidate[];
  /** Networks to a candidate, each with another part of the training specimens for validation. */
  readonly members: number;
  /** At most. */
  readonly epochs: number;
  /** Epochs without a better validation error after which a training ends. */
  readonly patience: number;
  readonly batchSize: number;
}

/** Told of the work as it goes on. */
export interface NetworkWatch {
  readonly onTrained?: () => void;
  readonly onChosen?: (candidate: Candidate) => void;
}

/** The preset with its defaults: two layers of 64, dropout 0.2 between them. */
export const lstmLayer: Layer = crackGrowthLSTM({ outputs: forecastSteps });

/** Two blocks of four heads, of width 32 for so little data. */
export const transformerLayer: Layer = sequenceTransformer({ outputs: forecastSteps, width: 32, heads: 4, blocks: 2 });

/** A trained network, and what its outputs are multiples of. */
interface Member {
  readonly model: TrainedModel;
  readonly reference: Reference;
}

/** What comes of one network. */
interface Tried {
  /** Of its validation part, mm². */
  readonly squaredErrors: readonly number[];
  /** Of the specimens held out. */
  readonly forecasts: Forecasts;
}

/**
 * A method that trains networks of this layer.
 *
 * @param run keeps what is finished. Default: nothing is kept
 */
export function networkMethod(
  name: string,
  layer: Layer,
  backend: Backend,
  settings: NetworkSettings,
  run: RunTrial = runDirectly,
  watch: NetworkWatch = {},
): Method {
  return {
    name,
    async forecast(training, observed, seed) {
      let best: { candidate: Candidate; members: readonly Tried[]; error: number } | undefined;
      for (const [number, candidate] of settings.candidates.entries()) {
        const members: Tried[] = [];
        for (const [i, part] of kFold(training.length, settings.members, seed).entries()) {
          const train = [...part.train].map((row) => training[row]!);
          const validation = [...part.test].map((row) => training[row]!);
          const options = { layer, backend, train, validation, candidate, settings, seed: seed + i };
          const trial = async (signal: AbortSignal): Promise<Tried> => {
            const member = await trainMember(options, signal);
            const validated = await forecastBy(member, validation.map(observedPart), backend);
            const forecasts = await forecastBy(member, observed, backend);
            return { squaredErrors: squares(validated, validation), forecasts };
          };
          members.push(await run(`${name}, candidate ${number}, seed ${seed + i}`, trial));
          watch.onTrained?.();
        }
        const error = mean(members.flatMap(({ squaredErrors }) => squaredErrors));
        if (best === undefined || error < best.error) best = { candidate, members, error };
      }
      watch.onChosen?.(best!.candidate);
      return observed.map((_, row) =>
        Array.from({ length: forecastSteps }, (_, step) =>
          mean(best!.members.map(({ forecasts }) => forecasts[row]![step]!)),
        ),
      );
    },
  };
}

interface MemberOptions {
  readonly layer: Layer;
  readonly backend: Backend;
  readonly train: readonly Specimen[];
  readonly validation: readonly Specimen[];
  readonly candidate: Candidate;
  readonly settings: NetworkSettings;
  readonly seed: number;
}

/** @throws the signal's reason if it is aborted */
async function trainMember(options: MemberOptions, signal: AbortSignal): Promise<Member> {
  const { layer, backend, candidate, settings, seed } = options;
  const { epochs, batchSize, patience } = settings;
  const reference = candidate.target === "growth" ? lastLength : parisReference(options.train);
  const [train, validation] = [
    windowDataset(
      options.train.flatMap((specimen) => windowsOf(specimen, candidate.windows)),
      reference,
    ),
    windowDataset(
      options.validation.flatMap((specimen) => windowsOf(specimen, "first")),
      reference,
    ),
  ];
  const { model } = await fit({
    backend,
    model: layer,
    data: { train, validation },
    preprocessing: fitPreprocessing(train, {
      inputs: [logTransform(), standardize()],
      targets: [logTransform(), standardize()],
    }),
    loss: mse(),
    optimizer: adam(),
    learningRate: candidate.learningRate,
    epochs,
    batchSize,
    seed,
    signal,
    metrics: [metrics.rmse],
    monitor: "rmse",
    callbacks: [earlyStopping({ patience })],
  });
  signal.throwIfAborted();
  return { model, reference };
}

/** The law as fitted to the training specimens. */
function parisReference(train: readonly Specimen[]): Reference {
  const law = fitForecastLaw(virklerPlate, train);
  return (observed) => parisForecast(virklerPlate, law, observed);
}

async function forecastBy(
  { model, reference }: Member,
  observed: readonly (readonly number[])[],
  backend: Backend,
): Promise<Forecasts> {
  const { data } = await predict(model, networkInputs(observed), { backend });
  return observed.map((lengths, row) =>
    reference(lengths).map((length, step) => length * data[row * forecastSteps + step]!),
  );
}

/** Squared errors in mm². */
const squares = (forecasts: Forecasts, specimens: readonly Specimen[]): number[] =>
  specimens.flatMap((specimen, row) =>
    futurePart(specimen).map((length, step) => (forecasts[row]![step]! - length) ** 2),
  );

// The study: plain and residual networks of growing depth, trained alike, and what their gradients are before training.
import { crossEntropy, evaluate, fit, initialize, type Schedule, sgd } from "@hooke/core";
import { type Dataset, metrics } from "@hooke/data";
import type { Backend } from "@hooke/runtime";
import { micrographs } from "./micrographs.ts";
import { type Kind, network } from "./networks.ts";
import { type Case, casesOf, type Settings } from "./settings.ts";
import { meanOf, type Signal, signals } from "./signals.ts";

/** What came of one training. */
export interface Found extends Case {
  /** Mean training loss of every epoch, nat: each batch before its update, normalised by its own statistics. */
  readonly losses: readonly number[];
  /** Shares of wrong answers after training, normalised by running statistics. */
  readonly trainError: number;
  readonly testError: number;
  /** From the call to the first update made: recording, differentiation, compilation. */
  readonly secondsToFirstUpdate: number;
}

export interface Study {
  readonly found: readonly Found[];
  /** Of the deepest networks, mean over repetitions. */
  readonly signals: Readonly<Record<Kind, readonly Signal[]>>;
}

/** Called after every update; layers count their updates, so that what is left of the work can be told. */
export type Watch = (completed: number, total: number, at: Case, loss: number) => void;

export async function study(backend: Backend, settings: Settings, watch: Watch = () => {}): Promise<Study> {
  const { ensemble, trainRows, testRows, repetitions, batchSize, epochs } = settings;
  const samples: Sample[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const seed = seedOf(settings, repetition);
    samples.push({
      train: await micrographs(backend, ensemble, trainRows, seed),
      test: await micrographs(backend, ensemble, testRows, seed + 1),
    });
  }
  const cases = casesOf(settings);
  const updates = epochs * Math.ceil(trainRows / batchSize);
  const total = cases.reduce((sum, { depth }) => sum + depth * updates, 0);
  let completed = 0;
  const found: Found[] = [];
  for (const one of cases) {
    const sample = samples[one.repetition]!;
    found.push(
      await trained(backend, settings, one, sample, (loss) => {
        completed += one.depth;
        watch(completed, total, one, loss);
      }),
    );
  }
  const [plain, residual] = [
    await startingSignals(backend, settings, "plain", samples),
    await startingSignals(backend, settings, "residual", samples),
  ];
  return { found, signals: { plain, residual } };
}

interface Sample {
  readonly train: Dataset;
  readonly test: Dataset;
}

const seedOf = ({ seed }: Settings, repetition: number): number => 1000 * (seed + 1) + 10 * repetition;

/** A tenth of the learning rate for the last fifth of the updates: He et al. lower theirs by tens too. */
const lowered = (learningRate: number): Schedule<number> => ({
  type: "example/lowered",
  config: learningRate,
  at: ({ step, stepsPerEpoch, epochs }) => (step > 0.8 * stepsPerEpoch * epochs ? learningRate / 10 : learningRate),
});

/** One training, the same for all networks. */
async function trained(
  backend: Backend,
  settings: Settings,
  one: Case,
  { train, test }: Sample,
  watch: (loss: number) => void,
): Promise<Found> {
  const { filters, ensemble, epochs, batchSize } = settings;
  const { kind, depth, normalized, learningRate, repetition } = one;
  const start = performance.now();
  let secondsToFirstUpdate = 0;
  const { model, history } = await fit({
    backend,
    model: network({ kind, depth, normalized, filters, outputs: ensemble.directions }),
    data: { train },
    loss: crossEntropy(),
    optimizer: sgd({ momentum: 0.9 }),
    learningRate: lowered(learningRate),
    epochs,
    batchSize,
    seed: seedOf(settings, repetition),
    callbacks: [
      {
        onStep({ step, loss }) {
          if (step === 1) secondsToFirstUpdate = (performance.now() - start) / 1000;
          watch(loss);
        },
      },
    ],
  });
  const errorOn = async (data: Dataset): Promise<number> =>
    1 - (await evaluate(model, data, { backend, metrics: [metrics.accuracy] })).metrics.accuracy!;
  return {
    ...one,
    losses: history.map(({ loss }) => loss),
    trainError: await errorOn(train),
    testError: await errorOn(test),
    secondsToFirstUpdate,
  };
}

/** Signals of the deepest network as every repetition starts it; their means. */
async function startingSignals(
  backend: Backend,
  settings: Settings,
  kind: Kind,
  samples: readonly Sample[],
): Promise<readonly Signal[]> {
  const { filters, ensemble, batchSize, signalBatches } = settings;
  const layer = network({ kind, depth: settings.depths.at(-1)!, filters, outputs: ensemble.directions });
  const all: (readonly Signal[])[] = [];
  for (const [repetition, { train }] of samples.entries()) {
    const start = await initialize(backend, layer, [ensemble.side, ensemble.side, 1], seedOf(settings, repetition));
    all.push(await signals(backend, layer, start, train, { batches: signalBatches, batchSize }));
  }
  return all[0]!.map(({ path }, i) => ({
    path,
    norm: Math.exp(meanOf(all.map((one) => Math.log(one[i]!.norm)))),
    agreement: meanOf(all.map((one) => one[i]!.agreement)),
  }));
}

// The study: plain and residual networks of growing depth, trained alike, and what their gradients are before training.

import { crossEntropy, evaluate, fit, initialize, type Schedule, type StepEvent, sgd } from "@hooke/core";
import { type Dataset, metrics } from "@hooke/data";
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { Backend } from "@hooke/runtime";
import { type RunTrial, runDirectly } from "@hooke/sweep";
import { micrographs } from "./micrographs.ts";
import { type Kind, network } from "./networks.ts";
import { type Case, casesOf, type Settings } from "./settings.ts";
import { type Signal, signals } from "./signals.ts";

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

/** @param run keeps what is finished. Default: nothing is kept */
export async function study(
  backend: Backend,
  settings: Settings,
  run: RunTrial = runDirectly,
  watch: Watch = () => {},
): Promise<Study> {
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
    const before = completed;
    const onStep = ({ step, loss }: StepEvent): void => watch(before + one.depth * step, total, one, loss);
    const results = await run(nameOf(one), (signal) =>
      trained(backend, settings, one, samples[one.repetition]!, { signal, onStep }),
    );
    found.push({ ...one, ...results });
    completed = before + one.depth * updates;
  }
  const signalsOf = async (kind: Kind): Promise<readonly Signal[]> => {
    const all: (readonly Signal[])[] = [];
    for (const [repetition, { train }] of samples.entries()) {
      const name = `signals of ${kind}, repetition ${repetition}`;
      all.push(await run(name, () => startingSignals(backend, settings, kind, train, seedOf(settings, repetition))));
    }
    return meanSignals(all);
  };
  return { found, signals: { plain: await signalsOf("plain"), residual: await signalsOf("residual") } };
}

const nameOf = ({ kind, depth, learningRate, normalized, repetition }: Case): string =>
  `${kind}-${depth}${normalized ? "" : " bare"}, rate ${learningRate}, repetition ${repetition}`;

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
  { signal, onStep }: { readonly signal: AbortSignal; readonly onStep: (event: StepEvent) => void },
): Promise<Omit<Found, keyof Case>> {
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
    signal,
    callbacks: [
      {
        onStep(event) {
          if (event.step === 1) secondsToFirstUpdate = (performance.now() - start) / 1000;
          onStep(event);
        },
      },
    ],
  });
  const errorOn = async (data: Dataset): Promise<number> =>
    1 - (await evaluate(model, data, { backend, metrics: [metrics.accuracy], signal })).metrics.accuracy!;
  return {
    losses: history.map(({ loss }) => loss),
    trainError: await errorOn(train),
    testError: await errorOn(test),
    secondsToFirstUpdate,
  };
}

/** Signals of the deepest network as a repetition starts it. */
async function startingSignals(
  backend: Backend,
  { filters, ensemble, batchSize, signalBatches, depths }: Settings,
  kind: Kind,
  train: Dataset,
  seed: number,
): Promise<readonly Signal[]> {
  const layer = network({ kind, depth: depths.at(-1)!, filters, outputs: ensemble.directions });
  const start = await initialize(backend, layer, [ensemble.side, ensemble.side, 1], seed);
  return signals(backend, layer, start, train, { batches: signalBatches, batchSize });
}

/** Means over repetitions. */
const meanSignals = (all: readonly (readonly Signal[])[]): readonly Signal[] =>
  all[0]!.map(({ path }, i) => ({
    path,
    norm: Math.exp(meanOf(all.map((one) => Math.log(one[i]!.norm)))),
    agreement: meanOf(all.map((one) => one[i]!.agreement)),
  }));

// Trainings of small networks of every kind: losses, weights, statistics and what the optimizer remembers are those of the reference.
import { sequenceTransformer } from "@hooke/attention";
import {
  accumulate,
  adam,
  adamw,
  batchNorm,
  dense,
  dropout,
  fit,
  mse,
  type Optimizer,
  sequential,
  sgd,
} from "@hooke/core";
import { dataset } from "@hooke/data";
import { conv2d, globalAveragePool, maxPool2d } from "@hooke/layers-conv";
import { lstm } from "@hooke/layers-seq";
import { type Backend, referenceBackend } from "@hooke/runtime";
import { sample } from "../cases/samples.ts";
import type { Tolerance } from "../compare.ts";
import { type ConformanceCheck, missingDTypes } from "../suite/checks.ts";
import { treeDifferences } from "./compare.ts";

interface Training {
  readonly model: Parameters<typeof fit>[0]["model"];
  /** Of one row. */
  readonly input: readonly number[];
  readonly optimizer: Optimizer;
}

const trainings: Readonly<Record<string, Training>> = {
  "dense layers, dropout": {
    model: sequential([dense({ units: 8, activation: "gelu" }), dropout({ rate: 0.2 }), dense({ units: 2 })]),
    input: [3],
    optimizer: adamw(),
  },
  "convolution, batch statistics, pooling": {
    model: sequential([
      conv2d({ filters: 4, kernelSize: 3, padding: "same" }),
      batchNorm(),
      maxPool2d({ kernelSize: 2 }),
      globalAveragePool(),
      dense({ units: 2 }),
    ]),
    input: [6, 6, 2],
    optimizer: sgd({ momentum: 0.9 }),
  },
  "a recurrent network, gathered gradients": {
    model: sequential([lstm({ hiddenSize: 4, returns: "last" }), dense({ units: 2 })]),
    input: [5, 2],
    optimizer: accumulate(2, adam()),
  },
  "a transformer": {
    model: sequenceTransformer({ outputs: 2, width: 4, heads: 2, feedForwardSize: 6, blocks: 1 }),
    input: [4, 3],
    // Adam would make steps of rounding: no shift of the keys changes a softmax.
    optimizer: sgd({ momentum: 0.9 }),
  },
};

/** Rounding of a dozen updates. */
const tolerance: Tolerance = { relative: 1e-3, magnitude: "largest or 1" };

async function train(backend: Backend, { model, input, optimizer }: Training) {
  const part = (rows: number, seed: number) =>
    dataset({
      inputs: sample([rows, ...input], "f32", { seed }),
      targets: sample([rows, 2], "f32", { seed: seed + 1 }),
    });
  const {
    history,
    model: trained,
    slots,
  } = await fit({
    backend,
    model,
    // The last batch is smaller.
    data: { train: part(18, 1), validation: part(5, 3) },
    loss: mse(),
    optimizer,
    learningRate: 0.01,
    epochs: 3,
    batchSize: 4,
    seed: 3,
  });
  return {
    losses: history.flatMap(({ loss, validation }) => [loss, validation!.loss]),
    variables: trained.variables,
    slots,
  };
}

/** A check for each training, in `f32`. */
export function trainingChecks(): ConformanceCheck[] {
  return Object.entries(trainings).map(([name, training]) => ({
    group: "trainings",
    name,
    async run(backend) {
      if (!backend.dtypes.includes("f32")) {
        return { ran: 0, skipped: [{ title: name, reason: missingDTypes(backend) }], problems: [] };
      }
      const [actual, expected] = [await train(backend, training), await train(referenceBackend(), training)];
      const problems = treeDifferences(
        { ...actual.variables, slots: actual.slots },
        { ...expected.variables, slots: expected.slots },
        tolerance,
      );
      for (const [i, loss] of expected.losses.entries()) {
        const found = actual.losses[i]!;
        if (!(Math.abs(found / loss - 1) <= 1e-3)) problems.push(`loss ${i} is ${found}, on the reference ${loss}`);
      }
      return { ran: 1, skipped: [], problems };
    },
  }));
}

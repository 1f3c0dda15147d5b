// Whatever is handed to a public function first: a result, or a HookeError. Layers, optimizers, losses, schedules, penalties
// and what trains, predicts, reads and writes are called with values of every other kind.
import * as attention from "@hooke/attention";
import * as core from "@hooke/core";
import * as convolution from "@hooke/layers-conv";
import * as sequences from "@hooke/layers-seq";
import * as regularization from "@hooke/regularization";
import { array, HookeError } from "@hooke/runtime";
import { expect, test } from "vitest";

const data = core.dataset({ inputs: array([[1], [2]]), targets: array([[1], [2]]) });
const values: Readonly<Record<string, unknown>> = {
  ...{ undefined, null: null, number: 3, NaN: Number.NaN, text: "adam", true: true, bigint: 3n },
  ...{ "empty list": [], list: [[1, 2]], "empty record": {}, function: () => undefined },
  ...{ "typed array": new Float32Array(2), array: array([[1, 2]]), promise: Promise.resolve(1), dataset: data },
  layer: core.dense({ units: 1 }),
};

/** Functions of tensors, for authors of layers and losses: they are called inside of recordings, after these checks. */
const ofTensors = new Set(
  (
    "activate apply checkSequence init lastStepOf recordStep sequenceLengths createTrainer inputShapeOf lossWeights " +
    "accumulationOf checkLeftOver precisionOf datasetInPrecision attentionWeights attentionWeightsOf causalMask paddingMask rotary scaledDotProduct"
  ).split(" "),
);
/** Functions that work on what others have checked, row by row or column by column. */
const ofCheckedData = new Set(
  (
    "alignColumns applyTransform batchCount batches checkIsotropy columnNames columnOf dataset fitTransform invertTransform kFold " +
    "layerFromJson numbersOf parseCsv pathTest permutation preprocess preprocessInputs restoreTargets split tableDataset " +
    "take takeRows encodeCheckpoint encodeSafetensors defineLayer groups decayWeightsOnly exponentialMovingAverage " +
    "stochasticWeightAveraging maxNorm accumulate sumOfPenalties isBetter"
  ).split(" "),
);

const functions = Object.entries({ ...attention, ...convolution, ...sequences, ...regularization, ...core })
  .filter(([, value]) => typeof value === "function")
  .filter(([name]) => !ofTensors.has(name) && !ofCheckedData.has(name))
  .map(([name, value]) => [name, value as (...given: unknown[]) => unknown] as const);

test("there are many", () => expect(functions.length).toBeGreaterThan(110));

test.each(functions)("%s", async (name, call) => {
  for (const [kind, value] of Object.entries(values)) {
    for (const given of [[value], [value, value], [value, value, value]]) {
      try {
        const result = await call(...given);
        if (name === "train") await (result as AsyncGenerator).next();
      } catch (error) {
        if (!(error instanceof HookeError)) expect.fail(`${name}(${kind}, ${given.length} times): ${error}`);
      }
    }
  }
});

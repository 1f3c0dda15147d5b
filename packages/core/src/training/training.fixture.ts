// What the tests of training share: a small model with dropout and batch statistics, and data for it.

import { type Dataset, dataset } from "@hooke/data";
import { array, type HostArray, referenceBackend, treeLeaves } from "@hooke/runtime";
import { batchNorm } from "../layers/batch-norm.ts";
import { dense } from "../layers/dense.ts";
import { dropout } from "../layers/dropout.ts";
import { sequential } from "../layers/sequential.ts";
import { mse } from "../losses/regression.ts";
import type { Layer } from "../model/layer.ts";
import type { Variables } from "../model/variables.ts";
import { adam } from "../optimizers/adam.ts";
import type { TrainingEvent } from "./events.ts";
import type { TrainOptions } from "./options.ts";

/** A line with a bend: `rows` samples of two inputs and one target. */
export function bentLine(rows: number, offset = 0): Dataset {
  const inputs = Float32Array.from({ length: rows * 2 }, (_, i) => Math.sin(1.7 * (i + offset)));
  const targets = Float32Array.from({ length: rows }, (_, i) => Math.abs(inputs[2 * i]!) - 0.5 * inputs[2 * i + 1]!);
  return dataset({ inputs: array(inputs, { shape: [rows, 2] }), targets: array(targets, { shape: [rows, 1] }) });
}

export const plainModel = (): Layer => sequential([dense({ units: 4, activation: "tanh" }), dense({ units: 1 })]);

export const richModel = (): Layer =>
  sequential([dense({ units: 4 }), batchNorm(), dropout({ rate: 0.3 }), dense({ units: 1 })]);

/** A quick training on the reference backend, with whatever differs. */
export function options(differing: Partial<TrainOptions> = {}): TrainOptions {
  return {
    backend: referenceBackend(),
    model: plainModel(),
    data: { train: bentLine(10), validation: bentLine(5, 100) },
    loss: mse(),
    optimizer: adam(),
    epochs: 3,
    batchSize: 4,
    seed: 7,
    learningRate: 0.01,
    ...differing,
  };
}

/** Every event of a training. */
export async function collect(events: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const list: TrainingEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

/** The events of one type. */
export function only<T extends TrainingEvent["type"]>(events: readonly TrainingEvent[], type: T) {
  return events.filter((event): event is Extract<TrainingEvent, { type: T }> => event.type === type);
}

/** Variables, slots or any tree of host arrays as one comparable value that tells bits apart. */
export function bits(variables: Variables<HostArray> | Record<string, unknown>): Record<string, readonly number[]> {
  const leaves = treeLeaves<HostArray>(variables as never);
  return Object.fromEntries(
    leaves.map(({ path, value: { data } }) => [
      path,
      [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
    ]),
  );
}

// How much one update of a training computes, known before any backend is started.

import {
  anyDatasetCheck,
  type Dataset,
  datasetInPrecision,
  type StreamedArray,
  type StreamedDataset,
} from "@hooke/data";
import {
  type Aval,
  checkArgument,
  type HostArray,
  optimize,
  randomKey,
  record,
  type Tensor,
  type Work,
  workOf,
} from "@hooke/runtime";
import { trainedPart } from "../layers/frozen-parameters.ts";
import { init } from "../model/init.ts";
import { inputShapeOf } from "../model/input.ts";
import type { Variables } from "../model/variables.ts";
import { lossFor } from "./loss-for.ts";
import { recordStep, type StepSpec } from "./record-step.ts";
import { slotStructure } from "./slots.ts";

/** A training before it has a backend. */
export interface WorkSpec extends StepSpec {
  /** Its first rows make the batch. */
  readonly data: Dataset | StreamedDataset;
  /** Rows per update. */
  readonly batchSize: number;
}

/**
 * What one update computes, for the `workload` of `createRuntime`: `"auto"` then chooses the backend that should be fastest for it.
 *
 * @throws if the model, the loss and the data do not fit together
 * @example
 * ```ts
 * import { wasm } from "@hooke/backend-wasm";
 * import { adam, dense, mse, trainingWork } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { createRuntime, zeros } from "@hooke/runtime";
 *
 * const data = dataset({ inputs: zeros([64, 10]), targets: zeros([64, 1]) });
 * const workload = trainingWork({ model: dense({ units: 1 }), loss: mse(), optimizer: adam(), data, batchSize: 32 });
 * const { choice } = await createRuntime({ plugins: [wasm], backend: "auto", workload });
 * console.log(choice.name, workload.operations); // wasm 1344
 * ```
 */
export function trainingWork(options: WorkSpec): Work {
  const { data, batchSize, ...rest } = options ?? {};
  checkArgument("trainingWork", "data", data, anyDatasetCheck);
  const spec = { ...rest, loss: lossFor(rest.loss, data.classes) };
  const { dtype } = data;
  const { inputs, targets, extras } = datasetInPrecision<HostArray | StreamedArray>(data, dtype);
  const make = (key: Tensor): Variables => init(spec.model, inputShapeOf(inputs, extras), key, dtype);
  const { params, state } = record(make, randomKey(0)).result as unknown as Variables<Aval>;
  const batch = ({ shape, dtype: kind }: Aval): Aval => ({
    shape: [Math.min(batchSize, data.count), ...shape.slice(1)],
    dtype: kind,
  });
  const before = { params, state, slots: slotStructure(spec.optimizer, trainedPart(spec.model, params)) };
  const parts = Object.fromEntries(Object.entries(extras).map(([name, values]) => [name, batch(values)]));
  const rows = { inputs: batch(inputs), targets: batch(targets), extras: parts };
  return workOf(optimize(recordStep(spec, before, rows)));
}

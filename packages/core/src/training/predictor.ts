// Inference over many rows: the model recorded once per batch shape, on variables that stay where they are.
import {
  type Aval,
  type Backend,
  type Buffer,
  describe,
  type Executable,
  fail,
  type HostArray,
  optimize,
  record,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
  zeros,
} from "@hooke/runtime";
import { apply } from "../layer/apply.ts";
import type { Layer } from "../layer/layer.ts";
import type { Variables } from "../layer/variables.ts";

/** Runs a model on inputs of any number of rows. */
export interface Predictor {
  /** `[rows, ...]` to the model's output, `[rows, ...]`, `batchSize` rows at a time. */
  predict(inputs: HostArray, batchSize: number): Promise<HostArray>;
  /** Releases programs and batches, not the variables. */
  free(): void;
}

export interface PredictorOptions {
  readonly backend: Backend;
  readonly model: Layer;
  /** Of one row. */
  readonly inputShape: Shape;
  /** The structure of the variables. */
  readonly variables: Variables<Aval>;
  /** Their values: parameters, then state, in the order of their leaves. Read at every prediction. */
  readonly buffers: readonly Buffer[];
}

interface PreparedBatch {
  readonly executable: Executable;
  readonly inputs: Buffer;
}

export function createPredictor(options: PredictorOptions): Predictor {
  const { backend, model, inputShape, variables, buffers } = options;
  const prepared = new Map<string, Promise<PreparedBatch>>();
  const release: (() => void)[] = [];

  const prepare = async (batch: Aval): Promise<PreparedBatch> => {
    const forward = (given: Variables, x: Tensor): Tensor => apply(model, given, x).output;
    const { program } = record(forward as (...args: unknown[]) => Tensor, variables, batch);
    const [output] = program.outputs;
    if (output!.shape[0] !== batch.shape[0]) {
      fail(
        "predict",
        `the model (${model.type}) turns ${describe(batch)} into ${describe(output!)}; the rows must stay.`,
      );
    }
    const executable = await backend.prepare(optimize(program));
    const inputs = backend.upload(zeros(batch.shape, batch.dtype));
    release.push(() => {
      executable.free();
      backend.free(inputs);
    });
    return { executable, inputs };
  };

  const forward = async (batch: HostArray): Promise<HostArray> => {
    const key = describe(batch);
    const pending = prepared.get(key) ?? prepare(batch);
    prepared.set(key, pending);
    const { executable, inputs } = await pending;
    backend.write(inputs, batch);
    const [output] = executable.run([...buffers, inputs]);
    try {
      return await backend.read(output!);
    } finally {
      backend.free(output!);
    }
  };

  return {
    async predict(inputs, batchSize) {
      const [rows, ...shape] = inputs.shape;
      if (rows === undefined || !sameShape(shape, inputShape)) {
        const expected = ["rows", ...inputShape].join(", ");
        fail("predict", `the model (${model.type}) expects inputs [${expected}], received ${describe(inputs)}.`);
      }
      if (rows === 0) fail("predict", `received ${describe(inputs)}, no rows; give at least one.`);
      const width = sizeOf(shape);
      const parts: HostArray[] = [];
      for (let from = 0; from < rows; from += batchSize) {
        const to = Math.min(from + batchSize, rows);
        const data = inputs.data.subarray(from * width, to * width);
        parts.push(await forward({ shape: [to - from, ...shape], dtype: inputs.dtype, data }));
      }
      return joinRows(parts, rows);
    },
    free() {
      for (const each of release) each();
    },
  };
}

function joinRows(parts: readonly HostArray[], rows: number): HostArray {
  const [first] = parts as [HostArray];
  if (parts.length === 1) return first;
  const all = zeros([rows, ...first.shape.slice(1)], first.dtype);
  let at = 0;
  for (const { data } of parts) {
    all.data.set(data, at);
    at += data.length;
  }
  return all;
}

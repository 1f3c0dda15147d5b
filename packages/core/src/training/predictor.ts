// Inference over many rows: the model recorded once per batch shape, on variables that stay where they are.

import { inPrecision, isStreamed, type Precision, type StreamedArray } from "@hooke/data";
import {
  type Aval,
  type Backend,
  type Buffer,
  createPauses,
  describe,
  type Executable,
  fail,
  type HostArray,
  optimize,
  record,
  remember,
  sameShape,
  type Tensor,
  uploadAll,
  zeros,
} from "@hooke/runtime";
import { apply } from "../model/apply.ts";
import { type InputShape, inputSpec, type RowSpec } from "../model/input.ts";
import type { Layer } from "../model/layer.ts";
import { precisionOf, type Variables } from "../model/variables.ts";
import type { Rows } from "./batch.ts";
import { sliceRows } from "./batch-reader.ts";

/** Runs a model on inputs of any number of rows. */
export interface Predictor {
  /** What the model computes in; inputs are converted. */
  readonly precision: Precision;
  /**
   * Rows, `[rows, ...]`, to the model's output, `[rows, ...]`, `batchSize` rows at a time; the event loop turns in between.
   *
   * @returns undefined if the signal was aborted meanwhile
   */
  predict(
    rows: Rows<HostArray, HostArray | StreamedArray>,
    batchSize: number,
    signal?: AbortSignal,
  ): Promise<HostArray | undefined>;
  /** Releases programs and batches, not the variables. */
  free(): void;
}

export interface PredictorOptions {
  readonly backend: Backend;
  readonly model: Layer;
  /** Of one row. */
  readonly inputShape: InputShape;
  /** The structure of the variables. */
  readonly variables: Variables<Aval>;
  /** Their values: parameters, then state, in the order of their leaves. Read at every prediction. */
  readonly buffers: readonly Buffer[];
}

interface PreparedBatch {
  readonly executable: Executable;
  /** Inputs, then extras by name. */
  readonly rows: readonly Buffer[];
}

export function createPredictor(options: PredictorOptions): Predictor {
  const { backend, model, inputShape, variables, buffers } = options;
  const precision = precisionOf(variables);
  const prepared = new Map<string, Promise<PreparedBatch>>();
  const release: (() => void)[] = [];

  const prepare = async (batch: Rows<Aval>): Promise<PreparedBatch> => {
    const forward = (given: Variables, { inputs, extras }: Rows<Tensor>): Tensor =>
      apply(model, given, inputs, { extras }).output;
    const { program } = record(forward as (...args: unknown[]) => Tensor, variables, batch);
    const [output] = program.outputs;
    if (output!.shape[0] !== batch.inputs.shape[0]) {
      fail(
        "predict",
        `the model (${model.type}) turns ${describe(batch.inputs)} into ${describe(output!)}; the rows must stay.`,
        "mismatch",
      );
    }
    const executable = await backend.prepare(optimize(program));
    const empty = rowArrays(batch).map(({ shape, dtype }) => zeros(shape, dtype));
    const rows = uploadAll(backend, empty);
    release.push(() => {
      executable.free();
      for (const buffer of rows) backend.free(buffer);
    });
    return { executable, rows };
  };

  const forward = async (batch: Rows<HostArray>): Promise<HostArray> => {
    const arrays = rowArrays(batch);
    const key = arrays.map(describe).join();
    const { executable, rows } = await remember(prepared, key, () => prepare(batch));
    for (const [i, array] of arrays.entries()) backend.write(rows[i]!, array);
    const [output] = executable.run([...buffers, ...rows]);
    try {
      return await backend.read(output!);
    } finally {
      backend.free(output!);
    }
  };

  return {
    precision,
    async predict({ inputs: rowsOf, ...besides }, batchSize, signal) {
      if (isStreamed(rowsOf)) {
        const { predictStreamed } = await import("./streaming.ts");
        const predict = (rows: Rows<HostArray>) => this.predict(rows, batchSize, signal);
        return predictStreamed(predict, { inputs: rowsOf, ...besides }, batchSize, signal);
      }
      const { inputs: exact, extras } = checkRows(model, inputShape, { inputs: rowsOf, ...besides });
      const inputs = inPrecision(exact, precision, "predict");
      const pause = createPauses();
      const rows = inputs.shape[0]!;
      const parts: HostArray[] = [];
      for (let from = 0; from < rows; from += batchSize) {
        const to = Math.min(from + batchSize, rows);
        const part = (array: HostArray): HostArray => sliceRows(array, from, to);
        const own = mapValues(extras, part);
        parts.push(await forward({ inputs: part(inputs), extras: { ...own, ...besides.batchExtras?.(own) } }));
        const pausing = pause();
        if (pausing !== undefined) await pausing;
        if (signal?.aborted) return undefined;
      }
      return joinRows(parts, rows);
    },
    free() {
      for (const each of release) each();
    },
  };
}

const rowArrays = <T>({ inputs, extras }: Rows<T>): T[] => [inputs, ...Object.values(extras)];

/**
 * The rows with their extras. Sequences with lengths may have any number of steps, and extras that begin with these: the training's are padded
 * to its longest.
 *
 * @throws if they are not what the model was made for
 */
function checkRows({ type }: Layer, inputShape: InputShape, { inputs, extras }: Rows<HostArray>): Rows<HostArray> {
  const { extras: asked = {}, ...expected } = inputSpec(inputShape);
  const [count, ...shape] = inputs.shape;
  const sequences = Object.hasOwn(asked, "lengths");
  const rowOf = ({ shape: row, dtype }: RowSpec, axes: readonly (string | number)[] = row): string =>
    `${dtype ?? ""}[${["rows", ...axes].join(", ")}]`;
  const fits = (row: readonly number[], known: readonly number[]): boolean =>
    row.length === known.length && sameShape(row.slice(Number(sequences)), known.slice(Number(sequences)));
  if (count === undefined || !fits(shape, expected.shape)) {
    const wanted = rowOf(expected, sequences ? ["steps", ...expected.shape.slice(1)] : undefined);
    fail("predict", `the model (${type}) expects inputs ${wanted}, received ${describe(inputs)}.`, "mismatch");
  }
  if (count === 0) fail("predict", `received ${describe(inputs)}, no rows; give at least one.`, "invalid-data");
  const names = Object.keys(extras).sort();
  const wanted = Object.keys(asked).sort();
  if (names.join() !== wanted.join()) {
    const list = (all: readonly string[]): string => (all.length === 0 ? "no extras" : `the extras ${all.join(", ")}`);
    fail(
      "predict",
      `the model (${type}) takes ${list(wanted)} besides its inputs, received ${list(names)}.`,
      "mismatch",
    );
  }
  for (const name of names) {
    const extra = extras[name]!;
    const [rows, ...row] = extra.shape;
    if (rows === count && fits(row, asked[name]!.shape)) continue;
    const wantedRows = rowOf(asked[name]!);
    fail(
      "predict",
      `the model (${type}) expects extra "${name}" ${wantedRows} for ${count} rows, received ${describe(extra)}.`,
      "mismatch",
    );
  }
  return { inputs, extras: Object.fromEntries(names.map((name) => [name, extras[name]!])) };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, fn: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, fn(value)]));
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

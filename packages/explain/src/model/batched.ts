// A recorded function of a model and a batch, run over any number of rows.
import type { Extras, TrainedModel, Variables } from "@hooke/core";
import { type Backend, compile, createPauses, type HostArray, type Tensor, zeros } from "@hooke/runtime";
import { type Rows, takeOf } from "./rows.ts";

/** Where and how rows are run. */
export interface RunOptions {
  readonly backend: Backend;
  /** Rows run at a time. Default 64. */
  readonly batchSize?: number;
  /** Ends it between two batches. Default: it runs to the end. */
  readonly signal?: AbortSignal;
}

/** Tensors by name, `[batch, ...]` each. */
type Found<T> = Readonly<Record<string, T>>;

export interface Batched {
  /** Of all rows, `[rows, ...]` each. @throws the signal's reason if it is aborted */
  run(rows: Rows): Promise<Found<HostArray>>;
  free(): void;
}

/** @param fn of what a batch holds, recorded once for each size of batches: powers of two, up to `batchSize` */
export function createBatched(
  { variables }: TrainedModel,
  { backend, batchSize = 64, signal }: RunOptions,
  fn: (variables: Variables, x: Tensor, extras: Extras) => Found<Tensor>,
): Batched {
  const compiled = compile(backend, fn as never) as unknown as {
    (variables: Variables<HostArray>, x: HostArray, extras: Rows["extras"]): Promise<Found<HostArray>>;
    free(): void;
  };
  const pause = createPauses();
  return {
    async run(rows) {
      const count = rows.inputs.shape[0]!;
      const size = Math.min(batchSize, 2 ** Math.ceil(Math.log2(count)));
      const parts: Found<HostArray>[] = [];
      for (let from = 0; from < count; from += size) {
        await pause();
        signal?.throwIfAborted();
        // The last batch is filled up with its last row.
        const some = Int32Array.from({ length: size }, (_, i) => Math.min(from + i, count - 1));
        const { inputs, extras } = takeOf(rows, some);
        parts.push(await compiled(variables, inputs, extras));
      }
      return Object.fromEntries(
        Object.keys(parts[0]!).map((name) => [
          name,
          joined(
            parts.map((part) => part[name]!),
            count,
          ),
        ]),
      );
    },
    free: () => compiled.free(),
  };
}

function joined(parts: readonly HostArray[], count: number): HostArray {
  const { shape, dtype } = parts[0]!;
  const all = zeros([count, ...shape.slice(1)], dtype);
  let at = 0;
  for (const { data } of parts) {
    all.data.set(data.subarray(0, all.data.length - at) as Float32Array, at);
    at += data.length;
  }
  return all;
}

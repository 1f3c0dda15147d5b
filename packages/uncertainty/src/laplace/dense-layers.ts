// The dense layers of a model: where they are, what reaches them, and what follows from it.
import { applyTapped, summary, type TrainedModel, type Variables } from "@hooke/core";
import {
  type Backend,
  fail,
  type HostArray,
  optimize,
  record,
  type Tensor,
  type Tree,
  uploadAll,
} from "@hooke/runtime";
import { type ModelRows, sliceRows } from "../draws/sampler.ts";

/** Where a function of rows runs. */
export interface RowsRun {
  readonly backend: Backend;
  readonly batchSize: number;
  readonly signal: AbortSignal | undefined;
}

/** A batch while recording. */
export interface RecordedRows {
  readonly inputs: Tensor;
  readonly extras: Readonly<Record<string, Tensor>>;
}

/** Computes arrays `[rows, ...]` of rows, batch by batch. */
export async function overRows(
  { variables }: TrainedModel,
  rows: ModelRows,
  { backend, batchSize, signal }: RowsRun,
  fn: (variables: Variables, rows: RecordedRows) => readonly Tensor[],
): Promise<HostArray[]> {
  const count = rows.inputs.shape[0]!;
  const held = uploadAll(backend, [variables.params, variables.state] as Tree<HostArray>);
  const parts: HostArray[][] = [];
  const prepared = new Map<number, Awaited<ReturnType<typeof backend.prepare>>>();
  try {
    for (let from = 0; from < count; from += batchSize) {
      signal?.throwIfAborted();
      const to = Math.min(from + batchSize, count);
      const extras = Object.entries(rows.extras).map(([name, value]) => [name, sliceRows(value, from, to)] as const);
      const batch = { inputs: sliceRows(rows.inputs, from, to), extras: Object.fromEntries(extras) };
      const known = prepared.get(to - from);
      const executable =
        known ??
        (await backend.prepare(
          optimize(record(fn as (...args: never[]) => readonly Tensor[], variables as never, batch as never).program),
        ));
      prepared.set(to - from, executable);
      const own = uploadAll(backend, batch as Tree<HostArray>);
      try {
        const outputs = executable.run([...held, ...own]);
        own.push(...outputs);
        parts.push(await Promise.all(outputs.map((output) => backend.read(output))));
      } finally {
        for (const buffer of own) backend.free(buffer);
      }
    }
  } finally {
    for (const executable of prepared.values()) executable.free();
    for (const buffer of held) backend.free(buffer);
  }
  return parts[0]!.map((first, i) => {
    const width = first.data.length / first.shape[0]!;
    const data = new Float64Array(count * width);
    let at = 0;
    for (const part of parts) {
      data.set(part[i]!.data, at);
      at += part[i]!.data.length;
    }
    return { shape: [count, ...first.shape.slice(1)], dtype: "f64", data };
  });
}

/** Paths of the dense layers, in the order they run, that training changes. */
export function densePaths({ layer, inputShape }: TrainedModel): string[] {
  return summary(layer, inputShape)
    .rows.filter(({ type, frozen }) => type === "dense" && !frozen)
    .map(({ path }) => path);
}

/** A layer's config, by its path. */
export function denseConfig(
  { layer, inputShape }: TrainedModel,
  path: string,
): { readonly bias?: boolean; readonly activation?: unknown } {
  return summary(layer, inputShape).rows.find((row) => row.path === path)!.config as {
    bias?: boolean;
    activation?: unknown;
  };
}

/** The path of the dense layer whose output is the model's. @throws where there is none, or it has an activation */
export function lastDense(who: string, model: TrainedModel, rows: ModelRows): string {
  const { layer, variables } = model;
  const paths = summary(layer, model.inputShape)
    .rows.filter(({ type }) => type === "dense")
    .map(({ path }) => path);
  let found: string | undefined;
  const find = (given: Variables, { inputs, extras }: RecordedRows): Tensor => {
    const { taps, output } = applyTapped(layer, given, inputs, { taps: paths, extras });
    found = paths.find((path) => taps[path] === output);
    return output;
  };
  const one = {
    inputs: sliceRows(rows.inputs, 0, 1),
    extras: Object.fromEntries(Object.entries(rows.extras).map(([name, value]) => [name, sliceRows(value, 0, 1)])),
  };
  record(find as (...args: never[]) => Tensor, variables as never, one as never);
  if (found === undefined || denseConfig(model, found).activation !== undefined) {
    fail(
      who,
      `the model (${layer.type}) does not end with a dense layer without an activation, in whose weights its output would be linear; it has ${paths.length === 0 ? "none" : paths.join(", ")}.`,
      "unsupported",
    );
  }
  return found;
}

// Networks of layers in methods: their variables are data as they are, and their outputs are computed by the reference, which needs no backend.
import { apply, type Layer, type Variables } from "@hooke/core";
import { type Dataset, takeRows } from "@hooke/data";
import { type HostArray, interpret, optimize, record, type Tensor, treeLeaves } from "@hooke/runtime";

/** Rows that are computed at once. */
const rowsAtOnce = 64;

/** What a network says of rows, `[rows, outputs]`, in inference mode. @param given inputs `[rows, ...]`, or rows with extras */
export function outputsOf(
  layer: Layer,
  { params, state }: Variables<HostArray>,
  given: HostArray | Dataset,
): Float64Array {
  const { inputs, extras = {}, batchExtras }: Rows = "shape" in given ? { inputs: given } : given;
  const leaves = treeLeaves<HostArray>({ params, state }).map(({ value }) => value);
  const forward = (variables: Variables, x: Tensor, beside: Record<string, Tensor>): Tensor =>
    apply(layer, variables, x, { extras: beside }).output;
  const parts: Float64Array[] = [];
  for (let from = 0; from < inputs.shape[0]!; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, inputs.shape[0]! - from);
    const places = Int32Array.from({ length: count }, (_, i) => from + i);
    const rows = single(takeRows(inputs, places));
    const own = Object.fromEntries(Object.entries(extras).map(([name, extra]) => [name, takeRows(extra, places)]));
    const beside = { ...own, ...batchExtras?.(own) };
    const { program } = record(forward as (...args: unknown[]) => Tensor, { params, state }, rows, beside);
    const besides = treeLeaves<HostArray>(beside).map(({ value }) => value);
    const [output] = interpret(optimize(program), [...leaves, rows, ...besides]);
    parts.push(Float64Array.from(output!.data));
  }
  return joined(parts);
}

type Rows = Pick<Dataset, "inputs"> & Partial<Pick<Dataset, "extras" | "batchExtras">>;

/** Numbers as networks are trained on them; whole numbers as they are. */
const single = (rows: HostArray): HostArray =>
  rows.dtype === "f64" ? { ...rows, dtype: "f32", data: Float32Array.from(rows.data) } : rows;

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// Networks of layers in methods: their variables are data as they are, and their outputs are computed by the reference, which needs no backend.
import { apply, type Layer, type Variables } from "@hooke/core";
import { type HostArray, interpret, optimize, record, type Tensor, treeLeaves } from "@hooke/runtime";

/** Rows that are computed at once. */
const rowsAtOnce = 64;

/** What a network says of rows, `[rows, outputs]`, in inference mode. @param inputs `[rows, ...]` */
export function outputsOf(layer: Layer, { params, state }: Variables<HostArray>, inputs: HostArray): Float64Array {
  const [rowCount = 0, ...row] = inputs.shape;
  const width = row.reduce((product, side) => product * side, 1);
  const leaves = treeLeaves<HostArray>({ params, state }).map(({ value }) => value);
  const forward = (given: Variables, x: Tensor): Tensor => apply(layer, given, x).output;
  const parts: Float64Array[] = [];
  for (let from = 0; from < rowCount; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rowCount - from);
    const data = Float32Array.from(inputs.data.subarray(from * width, (from + count) * width));
    const rows: HostArray = { shape: [count, ...row], dtype: "f32", data };
    const { program } = record(forward as (...args: unknown[]) => Tensor, { params, state }, rows);
    const [output] = interpret(optimize(program), [...leaves, rows]);
    parts.push(Float64Array.from(output!.data));
  }
  return joined(parts);
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// Gathering and its transpose at indices known only when the program runs.
//
// Kernels of tfjs 4.22 that are not used as they are: GatherV2 fails, or reads anything, for an index out of range, and
// ScatterNd fails or writes anywhere. Both get one more row, and indices out of range point to it.
import { sizeOf } from "@hooke/runtime";
import type { Kernels } from "../plan/kernels.ts";
import { around } from "../plan/shapes.ts";
import type { Ref } from "../plan/step.ts";
import { scatterRows } from "./steady.ts";
import type { Lowerings } from "./table.ts";

/** Indices in one dimension; those out of range become `size`. */
function guarded(k: Kernels, indices: Ref, size: number): Ref {
  const flat = k.flat(indices);
  const low = k.binary("GreaterEqual", flat, k.scalar(0, "int32"), "bool");
  const high = k.binary("Less", flat, k.scalar(size, "int32"), "bool");
  return k.select(k.binary("LogicalAnd", low, high), flat, k.scalar(size, "int32"));
}

export const indexing: Pick<Lowerings, "gather" | "scatterAdd"> = {
  gather(k, [x, indices], { axis }, { output }) {
    const [outer, length, inner] = around(x!.shape, axis);
    const count = sizeOf(indices!.shape);
    if (length === 0 || count === 0 || outer * inner === 0) return k.zeros(output.shape, x!.dtype);
    const rows = k.reshape(x!, [outer, length, inner]);
    const extended = k.concat([rows, k.expand(k.scalar(0, x!.dtype), [outer, 1, inner])], 1);
    return k.reshape(k.pickAxis(extended, 1, guarded(k, indices!, length)), output.shape);
  },
  scatterAdd(k, [indices, updates], { axis, size }, { output }) {
    const [outer, , inner] = around(output.shape, axis);
    const count = sizeOf(indices!.shape);
    if (count === 0 || outer * inner * size === 0) return k.zeros(output.shape, updates!.dtype);
    const first = k.transpose(k.reshape(updates!, [outer, count, inner]), [1, 0, 2]);
    const all = scatterRows(k, guarded(k, indices!, size), k.reshape(first, [count, outer * inner]), size);
    const kept = k.reshape(k.slice(all, 0, 0, size), [size, outer, inner]);
    return k.reshape(k.transpose(kept, [1, 0, 2]), output.shape);
  },
};

// Gathering and its transpose, and running sums.
import { allocate, describe, type HostArray, type Shape, sameShape, sizeOf } from "../array.ts";
import { fail } from "../error.ts";
import { gather, scatterAdd } from "../ops/structure.ts";
import type { Aval } from "../program.ts";
import { emit } from "../record.ts";
import { needAxis, needDType, needInputs } from "./needs.ts";
import { plus } from "./reduction.ts";
import type { Rules } from "./rule.ts";

/** Visits `(flat index in x, flat index in the picked array)` of every in-range pick. */
function visitPicks(shape: Shape, axis: number, indices: HostArray, visit: (from: number, to: number) => void): void {
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  const length = shape[axis]!;
  const count = indices.data.length;
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < count; k++) {
      const index = indices.data[k]!;
      if (index < 0 || index >= length) continue;
      for (let i = 0; i < inner; i++) visit((o * length + index) * inner + i, (o * count + k) * inner + i);
    }
  }
}

export const indexing: Rules<"gather" | "scatterAdd" | "cumsum"> = {
  gather: {
    outputs(inputs, { axis }) {
      needInputs("gather", inputs, 2);
      const [x, indices] = inputs as [Aval, Aval];
      needAxis("gather", x, axis);
      needDType("gather indices", indices, ["i32"]);
      return [{ shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], dtype: x.dtype }];
    },
    jvp: ([, indices], _, { axis }, [dx]) => [gather(dx!, indices!, axis)],
    transpose: ([ct], [, indices], [x], { axis }) => [scatterAdd(indices!, ct!, axis, x!.shape[axis]!), null],
    reference([x, indices], { axis }, [out]) {
      const data = allocate(out!.dtype, sizeOf(out!.shape));
      visitPicks(x!.shape, axis, indices!, (from, to) => {
        data[to] = x!.data[from]!;
      });
      return [{ ...out!, data }];
    },
  },
  scatterAdd: {
    outputs(inputs, { axis, size }) {
      needInputs("scatterAdd", inputs, 2);
      const [indices, updates] = inputs as [Aval, Aval];
      needDType("scatterAdd indices", indices, ["i32"]);
      needDType("scatterAdd updates", updates, ["f32", "f64", "i32", "u32"]);
      if (!Number.isSafeInteger(size) || size < 0)
        fail("scatterAdd", `received the size ${size}; it takes a whole number from 0.`);
      const rank = indices.shape.length;
      if (
        axis < 0 ||
        !sameShape(updates.shape.slice(axis, axis + rank), indices.shape) ||
        updates.shape.length < axis + rank
      ) {
        fail(
          "scatterAdd",
          `received updates ${describe(updates)}; axes ${axis} onward must be those of the indices ${describe(indices)}.`,
          "mismatch",
        );
      }
      return [
        { shape: [...updates.shape.slice(0, axis), size, ...updates.shape.slice(axis + rank)], dtype: updates.dtype },
      ];
    },
    jvp: ([indices], _, { axis, size }, [, du]) => [scatterAdd(indices!, du!, axis, size)],
    transpose: ([ct], [indices], _, { axis }) => [null, gather(ct!, indices!, axis)],
    reference([indices, updates], { axis }, [out]) {
      const totals = new Float64Array(sizeOf(out!.shape));
      const add = plus(out!.dtype);
      visitPicks(out!.shape, axis, indices!, (from, to) => {
        totals[from] = add(totals[from]!, updates!.data[to]!);
      });
      const data = allocate(out!.dtype, totals.length);
      data.set(totals);
      return [{ ...out!, data }];
    },
  },
  cumsum: {
    outputs(inputs, { axis }) {
      needInputs("cumsum", inputs, 1);
      needAxis("cumsum", inputs[0]!, axis);
      needDType("cumsum", inputs[0]!, ["f32", "f64", "i32", "u32"]);
      return [inputs[0]!];
    },
    jvp: (_, __, params, [dx]) => emit(indexing, "cumsum", [dx!], params),
    transpose: ([ct], _, __, { axis, reverse }) => emit(indexing, "cumsum", [ct!], { axis, reverse: !reverse }),
    reference([x], { axis, reverse }) {
      const { shape, dtype } = x!;
      const add = plus(dtype);
      const data = allocate(dtype, x!.data.length);
      const inner = sizeOf(shape.slice(axis + 1));
      const length = shape[axis]!;
      const outer = sizeOf(shape.slice(0, axis));
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < inner; i++) {
          let total = 0;
          for (let k = 0; k < length; k++) {
            const at = (o * length + (reverse ? length - 1 - k : k)) * inner + i;
            total = add(total, x!.data[at]!);
            data[at] = total;
          }
        }
      }
      return [{ shape, dtype, data }];
    },
  },
};

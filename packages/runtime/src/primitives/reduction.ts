// Reductions over axes, and the index of a maximum.
import { allocate, type DType, describe, type HostArray, type Shape, sizeOf, stridesOf } from "../array.ts";
import { fail } from "../error.ts";
import { convert, div, equal, select } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import type { Aval } from "../program.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { needAxes, needAxis, needDType, needInputs } from "./needs.ts";
import type { PlainRule, Rules } from "./rule.ts";
import { structure, visitStrided } from "./structure.ts";

const kept = (shape: Shape, axes: readonly number[]): number[] =>
  shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));

function reducedShape(name: string, inputs: readonly Aval[], axes: readonly number[]): Aval {
  needInputs(name, inputs, 1);
  const x = inputs[0]!;
  needDType(name, x, ["f32", "f64", "i32", "u32"]);
  needAxes(name, x, axes);
  return { shape: kept(x.shape, axes).map((axis) => x.shape[axis]!), dtype: x.dtype };
}

/** For every element of `x`, calls `visit(its flat index, flat index of its cell in the reduced shape)`, in order. */
function visitCells(shape: Shape, axes: readonly number[], visit: (from: number, to: number) => void): void {
  const keptAxes = kept(shape, axes);
  const cellStrides = stridesOf(keptAxes.map((axis) => shape[axis]!));
  const weights = new Array<number>(shape.length).fill(0);
  for (const [i, axis] of keptAxes.entries()) weights[axis] = cellStrides[i]!;
  visitStrided(shape, weights, 0, visit);
}

/** Repeats a reduced tensor along the axes that were removed. */
const spread = (y: Tensor, shape: Shape, axes: readonly number[]): Tensor =>
  emit(structure, "broadcast", [y], { shape, axes: kept(shape, axes) })[0]!;

/** Addition; whole numbers wrap around modulo 2^32, which 64 bits of float would lose in long sums. */
export const plus = (dtype: DType): ((a: number, b: number) => number) =>
  dtype === "i32" || dtype === "u32" ? (a, b) => (a + b) | 0 : (a, b) => a + b;

function fold(
  x: HostArray,
  axes: readonly number[],
  out: Aval,
  start: number,
  combine: (a: number, b: number) => number,
): HostArray[] {
  const totals = new Float64Array(sizeOf(out.shape)).fill(start);
  visitCells(x.shape, axes, (from, to) => {
    totals[to] = combine(totals[to]!, x.data[from]!);
  });
  const data = allocate(out.dtype, totals.length);
  for (const [i, total] of totals.entries()) data[i] = total;
  return [{ shape: out.shape, dtype: out.dtype, data }];
}

function extremum(
  name: "max" | "min",
  start: number,
  combine: (a: number, b: number) => number,
): PlainRule<"max" | "min"> {
  return {
    outputs(inputs, { axes }) {
      const out = reducedShape(name, inputs, axes);
      if (axes.some((axis) => inputs[0]!.shape[axis] === 0))
        fail(name, `received ${describe(inputs[0]!)}; an empty axis has no ${name}.`, "mismatch");
      return [out];
    },
    jvp([x], [y], { axes }, [dx]) {
      const hit = equal(x!, spread(y!, x!.shape, axes));
      // Chosen, not multiplied: 0 * Infinity is NaN.
      return [div(sum(select(hit, dx!, 0), { axes }), sum(convert(hit, x!.dtype), { axes }))];
    },
    reference: ([x], { axes }, [out]) => fold(x!, axes, out!, start, combine),
  };
}

export const reduction: Rules<"sum" | "max" | "min" | "argMax"> = /* @__PURE__ */ (() => ({
  sum: {
    outputs: (inputs, { axes }) => [reducedShape("sum", inputs, axes)],
    jvp: (_, __, params, [dx]) => emit(reduction, "sum", [dx!], params),
    transpose: ([ct], _, [x], { axes }) => [spread(ct!, x!.shape, axes)],
    reference: ([x], { axes }, [out]) => fold(x!, axes, out!, 0, plus(x!.dtype)),
  },
  max: extremum("max", -Infinity, Math.max),
  min: extremum("min", Infinity, Math.min),
  argMax: {
    outputs(inputs, { axis }) {
      needAxis("argMax", inputs[0]!, axis);
      if (inputs[0]!.shape[axis] === 0)
        fail("argMax", `received ${describe(inputs[0]!)}; an empty axis has no maximum.`, "mismatch");
      return [{ shape: reducedShape("argMax", inputs, [axis]).shape, dtype: "i32" }];
    },
    jvp: () => [null],
    reference([x], { axis }, [out]) {
      const best = new Float64Array(sizeOf(out!.shape));
      const data = new Int32Array(best.length).fill(-1);
      const stride = stridesOf(x!.shape)[axis]!;
      visitCells(x!.shape, [axis], (from, to) => {
        const value = x!.data[from]!;
        // NaN counts as the maximum, as in NumPy; the first one wins.
        if (data[to] === -1 || value > best[to]! || (Number.isNaN(value) && !Number.isNaN(best[to]!))) {
          best[to] = value;
          data[to] = Math.floor(from / stride) % x!.shape[axis]!;
        }
      });
      return [{ shape: out!.shape, dtype: "i32", data }];
    },
  },
}))();

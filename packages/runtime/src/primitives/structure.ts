// Structural primitives: they move, repeat or select elements and compute nothing. All are linear.
import { allocate, describe, type HostArray, type Shape, sameShape, sizeOf, stridesOf } from "../array.ts";
import { checkShape } from "../check-array.ts";
import { fail } from "../error.ts";
import { fullLike } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { reshape, reverse, transpose } from "../ops/structure.ts";
import type { Aval } from "../program.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { needAxes, needAxis, needInputs, needRank, needValue } from "./needs.ts";
import type { PrimitiveParams } from "./params.ts";
import type { PlainRule, Rules } from "./rule.ts";

/** Copies through an index map: `source(output coordinates)` is the operand's flat index, or -1 for `fill`. */
function mapIndices(x: HostArray, shape: Shape, source: (at: readonly number[]) => number, fill = 0): HostArray {
  const data = allocate(x.dtype, sizeOf(shape));
  const at = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < data.length; i++) {
    const from = source(at);
    data[i] = from < 0 ? fill : x.data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++at[axis]! < shape[axis]!) break;
      at[axis] = 0;
    }
  }
  return { shape, dtype: x.dtype, data };
}

/** For every element of an array of `shape`, in order: its flat index, and `start` plus its coordinates times `steps`. */
export function visitStrided(
  shape: Shape,
  steps: readonly number[],
  start: number,
  visit: (to: number, from: number) => void,
): void {
  const size = sizeOf(shape);
  const at = new Array<number>(shape.length).fill(0);
  let from = start;
  for (let to = 0; to < size; to++) {
    visit(to, from);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++at[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
}

/** Copies the elements of `x` that {@link visitStrided} comes by. */
function copyStrided(x: HostArray, shape: Shape, steps: readonly number[], start = 0): HostArray {
  const data = allocate(x.dtype, sizeOf(shape));
  visitStrided(shape, steps, start, (to, from) => {
    data[to] = x.data[from]!;
  });
  return { shape, dtype: x.dtype, data };
}

type Linear = "reshape" | "transpose" | "broadcast" | "slice" | "pad" | "reverse";

/** A linear primitive of one operand: its derivative is itself. */
function linear<K extends Linear>(
  name: K,
  rule: {
    outputs(x: Aval, params: PrimitiveParams[K]): Shape;
    transpose(ct: Tensor, x: Aval, params: PrimitiveParams[K]): Tensor;
    reference(x: HostArray, params: PrimitiveParams[K], shape: Shape): HostArray;
    tangentParams?(params: PrimitiveParams[K]): PrimitiveParams[K];
  },
): PlainRule<K> {
  return {
    outputs(inputs, params) {
      needInputs(name, inputs, 1);
      return [{ shape: rule.outputs(inputs[0]!, params), dtype: inputs[0]!.dtype }];
    },
    jvp: (_inputs, _outputs, params, [dx]) => emit(structure, name, [dx!], rule.tangentParams?.(params) ?? params),
    transpose: ([ct], _, [x], params) => [rule.transpose(ct!, x!, params)],
    reference: ([x], params, [out]) => [rule.reference(x!, params, out!.shape)],
  };
}

export const structure: Rules<Linear | "concat"> = /* @__PURE__ */ (() => ({
  reshape: linear("reshape", {
    outputs(x, { shape }) {
      checkShape("reshape", shape);
      if (sizeOf(x.shape) !== sizeOf(shape)) {
        fail(
          "reshape",
          `received ${describe(x)} and the shape [${shape.join(", ")}]; both must hold ${sizeOf(x.shape)} elements.`,
          "mismatch",
        );
      }
      return shape;
    },
    transpose: (ct, x) => reshape(ct, x.shape),
    reference: (x, _, shape) => ({ ...x, shape }),
  }),
  transpose: linear("transpose", {
    outputs(x, { permutation }) {
      const rank = x.shape.length;
      if (
        permutation.length !== rank ||
        new Set(permutation).size !== rank ||
        permutation.some((axis) => x.shape[axis] === undefined)
      ) {
        fail(
          "transpose",
          `[${permutation.join(", ")}] is not a permutation of the axes of ${describe(x)}.`,
          "mismatch",
        );
      }
      return permutation.map((axis) => x.shape[axis]!);
    },
    transpose: (ct, _, { permutation }) =>
      transpose(
        ct,
        permutation.map((__, axis) => permutation.indexOf(axis)),
      ),
    reference(x, { permutation }, shape) {
      const strides = stridesOf(x.shape);
      return copyStrided(
        x,
        shape,
        permutation.map((axis) => strides[axis]!),
      );
    },
  }),
  broadcast: linear("broadcast", {
    outputs(x, { shape, axes }) {
      checkShape("broadcast", shape);
      needRank("broadcast", x, axes);
      needAxes("broadcast", { shape, dtype: x.dtype }, axes);
      if (axes.some((axis, i) => shape[axis] !== x.shape[i])) {
        fail(
          "broadcast",
          `${describe(x)} on axes [${axes.join(", ")}] does not fit [${shape.join(", ")}].`,
          "mismatch",
        );
      }
      return shape;
    },
    transpose(ct, x, { shape, axes }) {
      const repeated = shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
      return reshape(sum(ct, { axes: repeated }), x.shape);
    },
    reference(x, { axes }, shape) {
      const strides = stridesOf(x.shape);
      const steps = new Array<number>(shape.length).fill(0);
      for (const [i, axis] of axes.entries()) steps[axis] = strides[i]!;
      return copyStrided(x, shape, steps);
    },
  }),
  slice: linear("slice", {
    outputs(x, { start, limit, strides }) {
      needRank("slice", x, start, limit, strides);
      return x.shape.map((dimension, axis) => {
        const from = start[axis]!;
        const to = limit[axis]!;
        const whole = [from, to, strides[axis]!].every(Number.isInteger);
        if (!(whole && from >= 0 && from <= to && to <= dimension && strides[axis]! >= 1)) {
          fail(
            "slice",
            `${from} to ${to} by ${strides[axis]} does not fit axis ${axis} of ${describe(x)}.`,
            "mismatch",
          );
        }
        return Math.ceil((to - from) / strides[axis]!);
      });
    },
    transpose(ct, x, { start, strides }) {
      const interior = strides.map((stride) => stride - 1);
      const high = x.shape.map((dimension, axis) => {
        const count = ct.shape[axis]!;
        return dimension - start[axis]! - (count === 0 ? 0 : (count - 1) * strides[axis]! + 1);
      });
      return emit(structure, "pad", [ct], { low: start, high, interior, value: 0 })[0]!;
    },
    reference(x, { start, strides }, shape) {
      const steps = stridesOf(x.shape);
      const first = steps.reduce((flat, step, axis) => flat + start[axis]! * step, 0);
      return copyStrided(
        x,
        shape,
        steps.map((step, axis) => step * strides[axis]!),
        first,
      );
    },
  }),
  pad: linear("pad", {
    outputs(x, { low, high, interior, value }) {
      needRank("pad", x, low, high, interior);
      needValue("pad", value, x.dtype);
      if ([...low, ...high, ...interior].some((amount) => !Number.isInteger(amount) || amount < 0)) {
        fail(
          "pad",
          `low [${low.join(", ")}], high [${high.join(", ")}], interior [${interior.join(", ")}]: amounts are whole and not negative.`,
        );
      }
      return x.shape.map(
        (dimension, axis) => low[axis]! + dimension + Math.max(0, dimension - 1) * interior[axis]! + high[axis]!,
      );
    },
    transpose(ct, x, { low, high, interior }) {
      const limit = ct.shape.map((dimension, axis) => dimension - high[axis]!);
      const strides = interior.map((amount) => amount + 1);
      return emit(structure, "slice", [ct], {
        start: x.shape.map((d, axis) => (d === 0 ? limit[axis]! : low[axis]!)),
        limit,
        strides,
      })[0]!;
    },
    reference(x, { low, interior, value }, shape) {
      const steps = stridesOf(x.shape);
      const source = (at: readonly number[]): number => {
        let flat = 0;
        for (const [axis, i] of at.entries()) {
          const offset = i - low[axis]!;
          const index = offset / (interior[axis]! + 1);
          if (offset < 0 || !Number.isInteger(index) || index >= x.shape[axis]!) return -1;
          flat += index * steps[axis]!;
        }
        return flat;
      };
      return mapIndices(x, shape, source, value);
    },
    tangentParams: (params) => ({ ...params, value: 0 }),
  }),
  reverse: linear("reverse", {
    outputs(x, { axes }) {
      needAxes("reverse", x, axes);
      return x.shape;
    },
    transpose: (ct, _, { axes }) => reverse(ct, axes),
    reference(x, { axes }, shape) {
      const steps = stridesOf(shape);
      const last = axes.reduce((flat, axis) => flat + (shape[axis]! - 1) * steps[axis]!, 0);
      return copyStrided(
        x,
        shape,
        steps.map((step, axis) => (axes.includes(axis) ? -step : step)),
        last,
      );
    },
  }),
  concat: {
    outputs(inputs, { axis }) {
      const first = inputs[0];
      if (first === undefined) fail("concat", "received no arrays; it takes at least one.");
      needAxis("concat", first, axis);
      const others = (x: Aval): Shape => x.shape.filter((_, i) => i !== axis);
      for (const input of inputs) {
        if (
          input.dtype !== first.dtype ||
          input.shape.length !== first.shape.length ||
          !sameShape(others(input), others(first))
        ) {
          fail(
            "concat",
            `received ${inputs.map(describe).join(", ")}; dtypes, and sizes off axis ${axis}, must agree.`,
            "mismatch",
          );
        }
      }
      const total = inputs.reduce((length, input) => length + input.shape[axis]!, 0);
      return [{ shape: first.shape.map((dimension, i) => (i === axis ? total : dimension)), dtype: first.dtype }];
    },
    jvp: (inputs, _, params, tangents) =>
      emit(
        structure,
        "concat",
        inputs.map((input, i) => tangents[i] ?? fullLike(input, 0)),
        params,
      ),
    transpose([ct], inputs, avals, { axis }) {
      let offset = 0;
      return inputs.map((input, i) => {
        const start = offset;
        offset += avals[i]!.shape[axis]!;
        if (input !== null) return null;
        const low = ct!.shape.map((_, k) => (k === axis ? start : 0));
        const limit = ct!.shape.map((dimension, k) => (k === axis ? offset : dimension));
        return emit(structure, "slice", [ct!], { start: low, limit, strides: low.map(() => 1) })[0]!;
      });
    },
    reference(inputs, { axis }, [out]) {
      const { shape, dtype } = out!;
      const data = allocate(dtype, sizeOf(shape));
      const inner = sizeOf(shape.slice(axis + 1));
      const outer = sizeOf(shape.slice(0, axis));
      let column = 0;
      for (const input of inputs) {
        const run = input.shape[axis]! * inner;
        for (let row = 0; row < outer; row++) {
          data.set(input.data.subarray(row * run, (row + 1) * run), row * shape[axis]! * inner + column);
        }
        column += run;
      }
      return [{ shape, dtype, data }];
    },
  },
}))();

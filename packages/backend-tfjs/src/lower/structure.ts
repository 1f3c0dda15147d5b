// Structural primitives. Whatever a kernel of rank 4 cannot do becomes one gather at indices known when the program is prepared.
import { type Shape, sizeOf, stridesOf } from "@hooke/runtime";
import type { Kernels } from "../plan/kernels.ts";
import { around, walk } from "../plan/shapes.ts";
import type { Ref } from "../plan/step.ts";
import type { Lowerings } from "./table.ts";

const range = (count: number, start = 0, step = 1): number[] =>
  Array.from({ length: count }, (_, i) => start + i * step);

/** The array turned around along an axis. tfjs's Reverse is wrong on WebGPU at ranks 5 and 6. */
export function flip(k: Kernels, x: Ref, axis: number): Ref {
  const length = x.shape[axis]!;
  return length < 2 ? x : k.pickAxis(x, axis, k.integers(range(length, length - 1, -1)));
}

/** Elements around an array and between its elements, by one gather from the array and the value behind it. */
function spread(
  k: Kernels,
  x: Ref,
  out: Shape,
  params: { readonly low: readonly number[]; readonly interior: readonly number[]; readonly value: number },
): Ref {
  const size = sizeOf(x.shape);
  const indices = new Array<number>(sizeOf(out)).fill(size);
  const strides = stridesOf(out);
  const start = params.low.reduce((flat, low, axis) => flat + low * strides[axis]!, 0);
  const places = walk(
    x.shape,
    strides.map((stride, axis) => stride * (params.interior[axis]! + 1)),
    start,
  );
  for (const [i, place] of places.entries()) indices[place] = i;
  const behind = k.concat([k.flat(x), k.reshape(k.scalar(params.value, x.dtype), [1])], 0);
  return k.reshape(k.pick(behind, indices), out);
}

export const structure: Pick<Lowerings, "transpose" | "slice" | "pad" | "concat" | "reverse"> = {
  transpose: (k, [x], { permutation }) => k.transpose(x!, permutation),
  slice: (k, [x], { start, limit, strides }) =>
    strides.reduce((part, stride, axis) => {
      const cut = k.slice(part, axis, start[axis]!, limit[axis]!);
      if (stride === 1) return cut;
      return k.pickAxis(cut, axis, k.integers(range(Math.ceil(cut.shape[axis]! / stride), 0, stride)));
    }, x!),
  pad(k, [x], { low, high, interior, value }, { output }) {
    const axes = low.flatMap((_, axis) => (low[axis] || high[axis] || interior[axis] ? [axis] : []));
    if (axes.length === 0) return x!;
    if (sizeOf(x!.shape) === 0) return k.expand(k.scalar(value, x!.dtype), output.shape);
    const isPlain = interior.every((amount, axis) => amount === 0 || x!.shape[axis] === 1);
    // On wasm PadV2 pads with an earlier call's value where it is given NaN, and some engines pad floats only.
    if (!isPlain || x!.dtype !== "float32" || !Number.isFinite(value))
      return spread(k, x!, output.shape, { low, interior, value });
    // One axis at a time is of rank 3, whatever the array's rank; tfjs's PadV2 is wrong on WebGPU at ranks 5 and 6.
    return axes.reduce((padded, axis) => {
      const [outer, length, inner] = around(padded.shape, axis);
      const [before, after] = [low[axis]!, high[axis]!];
      const attrs = {
        paddings: [
          [0, 0],
          [before, after],
          [0, 0],
        ],
        constantValue: value,
      };
      const shape = [outer, before + length + after, inner];
      const call = k.call("PadV2", { x: k.reshape(padded, [outer, length, inner]) }, attrs, shape, x!.dtype);
      return k.reshape(call, padded.shape.with(axis, before + length + after));
    }, x!);
  },
  concat: (k, inputs, { axis }) => k.concat(inputs, axis),
  reverse: (k, [x], { axes }) => axes.reduce((flipped, axis) => flip(k, flipped, axis), x!),
};

// Pooling over windows. A maximum is taken once; its derivative gathers at the winning index, and scatters in reverse.
import { allocate, describe, type HostArray, type Shape, sameShape, sizeOf } from "../array.ts";
import { fail } from "../error.ts";
import type { Aval } from "../program.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { needFloat, needInputs } from "./needs.ts";
import type { PoolParams, SpatialParams } from "./params.ts";
import type { Rules } from "./rule.ts";
import { slide, visitWindows } from "./windows.ts";

type Name = "maxPool" | "maxPoolIndex" | "poolGather" | "poolScatter" | "sumPool" | "sumPoolTranspose";

const ones = (params: PoolParams): number[] => params.window.map(() => 1);
const geometry = (params: PoolParams) => ({ ...params, dilation: ones(params) });
const plain = ({ window, stride, padding }: PoolParams): PoolParams => ({ window, stride, padding });

function pooledShape(who: string, x: Aval, params: PoolParams): Shape {
  needFloat(who, x);
  return [x.shape[0]!, ...slide(who, x, x.shape.slice(1, -1), geometry(params)), x.shape.at(-1)!];
}

/** The window of every position must touch the input: an all-padding window has no maximum. */
function maximumShape(who: string, x: Aval, params: PoolParams): Shape {
  for (const [axis, [low, high]] of params.padding.entries()) {
    if (low >= params.window[axis]! || high >= params.window[axis]!) {
      fail(
        who,
        `padding [${low}, ${high}] on axis ${axis + 1} is not smaller than the window of ${params.window[axis]}.`,
        "mismatch",
      );
    }
  }
  return pooledShape(who, x, params);
}

/** The shape before pooling, checked against the pooled shape. */
function unpooled(who: string, y: Aval, params: PoolParams & SpatialParams): Aval {
  const x: Aval = { shape: [y.shape[0]!, ...params.spatial, y.shape.at(-1)!], dtype: y.dtype };
  const expected = pooledShape(who, x, params);
  if (!sameShape(expected, y.shape))
    fail(who, `received ${describe(y)}; pooling ${describe(x)} yields [${expected.join(", ")}].`, "mismatch");
  return x;
}

/** Visits `(flat index in x, flat index in y, window position)` of every element a window covers. */
function visitElements(
  x: Shape,
  y: Shape,
  params: PoolParams,
  visit: (from: number, to: number, tap: number) => void,
): void {
  const channels = x.at(-1)!;
  const inSize = sizeOf(x.slice(1, -1));
  const outSize = sizeOf(y.slice(1, -1));
  for (let n = 0; n < x[0]!; n++) {
    visitWindows(x.slice(1, -1), y.slice(1, -1), geometry(params), (out, from, tap) => {
      for (let c = 0; c < channels; c++)
        visit((n * inSize + from) * channels + c, (n * outSize + out) * channels + c, tap);
    });
  }
}

/** Values and window positions of the maxima; the first wins, NaN before all. */
function maxima(x: HostArray, y: Shape, params: PoolParams): { values: Float64Array; taps: Int32Array } {
  const values = new Float64Array(sizeOf(y));
  const taps = new Int32Array(values.length).fill(-1);
  visitElements(x.shape, y, params, (from, to, tap) => {
    const value = x.data[from]!;
    if (taps[to] === -1 || value > values[to]! || (Number.isNaN(value) && !Number.isNaN(values[to]!))) {
      values[to] = value;
      taps[to] = tap;
    }
  });
  return { values, taps };
}

function store({ shape, dtype }: Aval, totals: Float64Array): HostArray[] {
  const data = allocate(dtype, totals.length);
  data.set(totals);
  return [{ shape, dtype, data }];
}

function needIndex(who: string, y: Aval, index: Aval): void {
  if (index.dtype !== "i32" || !sameShape(index.shape, y.shape))
    fail(who, `received the index ${describe(index)}; it takes i32[${y.shape.join(", ")}].`, "mismatch");
}

const withSpatial = (params: PoolParams, x: Aval): PoolParams & SpatialParams => ({
  ...plain(params),
  spatial: x.shape.slice(1, -1),
});
const scatter = (ct: Tensor, index: Tensor, params: PoolParams & SpatialParams): Tensor =>
  emit(pooling, "poolScatter", [ct, index], params)[0]!;
const gather = (x: Tensor, index: Tensor, params: PoolParams): Tensor =>
  emit(pooling, "poolGather", [x, index], plain(params))[0]!;

export const pooling: Rules<Name> = {
  maxPool: {
    outputs(inputs, params) {
      needInputs("maxPool", inputs, 1);
      return [{ shape: maximumShape("maxPool", inputs[0]!, params), dtype: inputs[0]!.dtype }];
    },
    jvp: ([x], _, params, [dx]) => [gather(dx!, emit(pooling, "maxPoolIndex", [x!], params)[0]!, params)],
    reference: ([x], params, [out]) => store(out!, maxima(x!, out!.shape, params).values),
  },
  maxPoolIndex: {
    outputs(inputs, params) {
      needInputs("maxPoolIndex", inputs, 1);
      return [{ shape: maximumShape("maxPoolIndex", inputs[0]!, params), dtype: "i32" }];
    },
    jvp: () => [null],
    reference: ([x], params, [out]) => [{ shape: out!.shape, dtype: "i32", data: maxima(x!, out!.shape, params).taps }],
  },
  poolGather: {
    outputs(inputs, params) {
      needInputs("poolGather", inputs, 2);
      const y: Aval = { shape: pooledShape("poolGather", inputs[0]!, params), dtype: inputs[0]!.dtype };
      needIndex("poolGather", y, inputs[1]!);
      return [y];
    },
    jvp: ([, index], _, params, [dx]) => [gather(dx!, index!, params)],
    transpose: ([ct], [, index], [x], params) => [scatter(ct!, index!, withSpatial(params, x!)), null],
    reference([x, index], params, [out]) {
      const totals = new Float64Array(sizeOf(out!.shape));
      visitElements(x!.shape, out!.shape, params, (from, to, tap) => {
        if (index!.data[to] === tap) totals[to] = x!.data[from]!;
      });
      return store(out!, totals);
    },
  },
  poolScatter: {
    outputs(inputs, params) {
      needInputs("poolScatter", inputs, 2);
      needIndex("poolScatter", inputs[0]!, inputs[1]!);
      return [unpooled("poolScatter", inputs[0]!, params)];
    },
    jvp: ([, index], _, params, [dct]) => [scatter(dct!, index!, params)],
    transpose: ([ct], [, index], _, params) => [gather(ct!, index!, params), null],
    reference([ct, index], params, [out]) {
      const totals = new Float64Array(sizeOf(out!.shape));
      visitElements(out!.shape, ct!.shape, params, (from, to, tap) => {
        if (index!.data[to] === tap) totals[from]! += ct!.data[to]!;
      });
      return store(out!, totals);
    },
  },
  sumPool: {
    outputs(inputs, params) {
      needInputs("sumPool", inputs, 1);
      return [{ shape: pooledShape("sumPool", inputs[0]!, params), dtype: inputs[0]!.dtype }];
    },
    jvp: (_, __, params, [dx]) => emit(pooling, "sumPool", [dx!], params),
    transpose: ([ct], _, [x], params) => emit(pooling, "sumPoolTranspose", [ct!], withSpatial(params, x!)),
    reference([x], params, [out]) {
      const totals = new Float64Array(sizeOf(out!.shape));
      visitElements(x!.shape, out!.shape, params, (from, to) => {
        totals[to]! += x!.data[from]!;
      });
      return store(out!, totals);
    },
  },
  sumPoolTranspose: {
    outputs(inputs, params) {
      needInputs("sumPoolTranspose", inputs, 1);
      return [unpooled("sumPoolTranspose", inputs[0]!, params)];
    },
    jvp: (_, __, params, [dct]) => emit(pooling, "sumPoolTranspose", [dct!], params),
    transpose: ([ct], _, __, params) => emit(pooling, "sumPool", [ct!], plain(params)),
    reference([ct], params, [out]) {
      const totals = new Float64Array(sizeOf(out!.shape));
      visitElements(out!.shape, ct!.shape, params, (from, to) => {
        totals[from]! += ct!.data[to]!;
      });
      return store(out!, totals);
    },
  },
};

// Pooling as gathers and reductions.
//
// None of tfjs 4.22's pooling kernels is used: maxima overlook NaN; on wasm the gradient of 2-D max pooling, and 3-D max
// pooling altogether, drop windows whose maximum is not positive; AvgPool counts no padding, but its gradient divides as if it
// did; and there are no kernels for one dimension, for uneven padding, or for second derivatives.
import type { PoolParams } from "@hooke/runtime";
import type { Kernels } from "../plan/kernels.ts";
import type { Ref } from "../plan/step.ts";
import { argMax, extremum, sum } from "./reduction.ts";
import type { Lowerings } from "./table.ts";
import { type Coverage, columns, cover, gatherColumns, gatherOutputs } from "./windows.ts";

const coverage = (input: readonly number[], output: readonly number[], params: PoolParams): Coverage =>
  cover(input.slice(1, -1), output.slice(1, -1), { ...params, dilation: params.window.map(() => 1) });

/** `[N, ...outputs, C]` beside columns: `[N, outputs, 1, C]`. */
const besideTaps = (k: Kernels, y: Ref, { outputs }: Coverage): Ref =>
  k.reshape(y, [y.shape[0]!, outputs, 1, y.shape.at(-1)!]);

/** Keeps of `values[N, outputs, taps, C]` the winning tap. */
function winners(k: Kernels, values: Ref, index: Ref, windows: Coverage): Ref {
  const { taps } = windows;
  const tap = k.integers(
    Array.from({ length: taps }, (_, i) => i),
    [1, 1, taps, 1],
  );
  return k.select(k.binary("Equal", besideTaps(k, index, windows), tap, "bool"), values, k.scalar(0));
}

export const pooling: Pick<
  Lowerings,
  "maxPool" | "maxPoolIndex" | "poolGather" | "poolScatter" | "sumPool" | "sumPoolTranspose"
> = {
  maxPool: (k, [x], params, { output }) =>
    k.reshape(
      extremum(k, "Max", columns(k, x!, coverage(x!.shape, output.shape, params), -Infinity), [2]),
      output.shape,
    ),
  maxPoolIndex: (k, [x], params, { output }) =>
    k.reshape(argMax(k, columns(k, x!, coverage(x!.shape, output.shape, params), -Infinity), 2), output.shape),
  poolGather(k, [x, index], params, { output }) {
    const windows = coverage(x!.shape, output.shape, params);
    return k.reshape(sum(k, winners(k, columns(k, x!, windows, 0), index!, windows), [2]), output.shape);
  },
  poolScatter(k, [ct, index], params, { output }) {
    const windows = coverage(output.shape, ct!.shape, params);
    return gatherColumns(k, winners(k, besideTaps(k, ct!, windows), index!, windows), windows, params.spatial);
  },
  sumPool: (k, [x], params, { output }) =>
    k.reshape(sum(k, columns(k, x!, coverage(x!.shape, output.shape, params), 0), [2]), output.shape),
  sumPoolTranspose: (k, [ct], params, { output }) =>
    gatherOutputs(k, ct!, coverage(output.shape, ct!.shape, params), params.spatial),
};

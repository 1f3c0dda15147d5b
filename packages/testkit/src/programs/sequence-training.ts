// A whole training step of a network with convolution, pooling, a loop and dropout, with momentum; its state donated.
import {
  add,
  array,
  conv,
  div,
  fold,
  full,
  type HostArray,
  less,
  matmul,
  maxPool,
  mean,
  mul,
  randomKey,
  record,
  reshape,
  scan,
  select,
  square,
  sub,
  type Tensor,
  tanh,
  transpose,
  uniform,
  valueAndGrad,
} from "@hooke/runtime";
import { sample } from "../cases/samples.ts";
import type { ProgramCase } from "./program-case.ts";

type Params = readonly [kernel: Tensor, w: Tensor, u: Tensor, v: Tensor];

const [batch, hidden, keep] = [8, 6, 0.8];

/** Images `[batch, 6, 6, 1]` to numbers: features of windows, read row by row. */
function predict([kernel, w, u, v]: Params, images: Tensor, key: Tensor): Tensor {
  const features = maxPool(tanh(conv(images, kernel)), { window: [2, 2] });
  const rows = transpose(reshape(features, [batch, 2, 8]), [1, 0, 2]);
  const [state] = scan(
    (h: Tensor, row: Tensor) => [tanh(add(matmul(row, w), matmul(h, u))), []] as const,
    full([batch, hidden], 0, v.dtype),
    rows,
  );
  const isKept = less(uniform(key, [batch, hidden]), keep);
  return matmul(select(isKept, div(state, keep), 0), v);
}

/**
 * One step: `[loss, ...params, ...velocities, key]` from `[images, targets, step, ...]`, everything but the loss in place; the
 * key of the next step's mask is folded from this one's.
 */
export function sequenceTrainingStep(dtype: "f32" | "f64"): ProgramCase {
  const shapes = [
    [3, 3, 1, 4],
    [8, hidden],
    [hidden, hidden],
    [hidden, 1],
  ];
  const params = shapes.map((shape, seed) => sample(shape, dtype, { seed, low: -0.6, high: 0.6 }));
  const zeros = params.map(({ shape }) => sample(shape, dtype, { low: 0, high: 0 }));
  const inputs: HostArray[] = [
    sample([batch, 6, 6, 1], dtype, { seed: 11 }),
    sample([batch, 1], dtype, { seed: 12, low: -1, high: 1 }),
    array(1, { dtype }),
    ...params,
    ...zeros,
    randomKey(5),
  ];
  const count = params.length;
  const { program } = record(
    (images: Tensor, targets: Tensor, step: Tensor, ...state: Tensor[]) => {
      const key = state[2 * count]!;
      const [loss, gradient] = valueAndGrad((p: Params) =>
        mean(square(sub(predict(p, images, fold(key, "mask")), targets))),
      )(state.slice(0, count) as unknown as Params);
      const rate = div(0.1, add(1, mul(step, 0.01)));
      const velocities = gradient.map((g, i) => add(mul(state[count + i]!, 0.9), g));
      const next = velocities.map((velocity, i) => sub(state[i]!, mul(velocity, rate)));
      return [loss, ...next, ...velocities, fold(key, "next")];
    },
    ...inputs,
  );
  return {
    name: `a training step with convolution, loop and dropout in ${dtype}`,
    program,
    inputs,
    tolerance: { relative: { f32: 2e-3, f64: 1e-9 }, magnitude: "largest" },
    donate: [null, ...Array.from({ length: 2 * count + 1 }, (_, i) => i + 3)],
  };
}

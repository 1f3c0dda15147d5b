// A whole training step written with runtime operations: a multilayer perceptron with Adam, its state donated.
import {
  add,
  array,
  div,
  type HostArray,
  matmul,
  mean,
  mul,
  pow,
  record,
  sqrt,
  square,
  sub,
  type Tensor,
  tanh,
  valueAndGrad,
} from "@hooke/runtime";
import { sample } from "../cases/samples.ts";
import type { ProgramCase } from "./program-case.ts";

type Params = readonly Tensor[];
const widths = [5, 16, 8, 1];

/**
 * One step: `[loss, ...params, ...first moments, ...second moments]` from `[x, y, step, ...]`, everything but the loss in place.
 * The tolerance suits some tens of steps.
 */
export function trainingStep(dtype: "f32" | "f64"): ProgramCase {
  const shapes = widths.slice(1).flatMap((width, i) => [[widths[i]!, width], [width]]);
  const params = shapes.map((shape, seed) => sample(shape, dtype, { seed, low: -0.5, high: 0.5 }));
  const zeros = params.map(({ shape }) => sample(shape, dtype, { low: 0, high: 0 }));
  const x = sample([32, widths[0]!], dtype);
  const inputs: HostArray[] = [
    x,
    sample([32, 1], dtype, { seed: 9 }),
    array(1, { dtype }),
    ...params,
    ...zeros,
    ...zeros,
  ];
  const count = params.length;
  const { program } = record(
    (batch: Tensor, target: Tensor, step: Tensor, ...state: Tensor[]) => {
      const now = state.slice(0, count);
      const [loss, gradient] = valueAndGrad((p: Params) => {
        let hidden = batch;
        for (let i = 0; i < count; i += 2) {
          hidden = add(matmul(hidden, p[i]!), p[i + 1]!);
          if (i + 2 < count) hidden = tanh(hidden);
        }
        return mean(square(sub(hidden, target)));
      })(now);
      const rate = div(
        mul(sqrt(sub(1, pow(array(0.999, { dtype }), step))), 0.01),
        sub(1, pow(array(0.9, { dtype }), step)),
      );
      const first = gradient.map((g, i) => add(mul(state[count + i]!, 0.9), mul(g, 0.1)));
      const second = gradient.map((g, i) => add(mul(state[2 * count + i]!, 0.999), mul(square(g), 0.001)));
      const next = now.map((p, i) => sub(p, mul(rate, div(first[i]!, add(sqrt(second[i]!), 1e-8)))));
      return [loss, ...next, ...first, ...second];
    },
    ...inputs,
  );
  return {
    name: `a training step in ${dtype}`,
    program,
    inputs,
    tolerance: { relative: { f32: 1e-3, f64: 1e-9 }, magnitude: "largest" },
    donate: [null, ...Array.from({ length: 3 * count }, (_, i) => i + 3)],
  };
}

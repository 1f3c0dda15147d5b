// Max-norm: a bound on the weights that enter each unit, kept after every update.
import { checkOptions, checks, type Optimizer, type ParameterPaths, type TensorTree } from "@hooke/core";
import {
  add,
  describe,
  div,
  fail,
  greater,
  mul,
  select,
  sqrt,
  square,
  sum,
  type Tensor,
  treeMap,
} from "@hooke/runtime";
import { selected } from "../parameters.ts";

/** Options of {@link maxNorm}. */
export interface MaxNormOptions {
  /** Largest Euclidean norm of the weights that enter one unit. Between 2 and 4 is common. */
  readonly limit: number;
  /** Parameters that are bounded. Default: all kernels and other parameters of two axes or more. */
  readonly paths?: ParameterPaths;
}

/**
 * An optimizer after each of whose updates the weights that enter a unit (all axes of a kernel but the last) are scaled down to the norm
 * `limit` where they exceed it: `w limit / (norm + 1e-7)`, as PyTorch's `renorm`. Srebro and Shraibman 2005; Srivastava et al. 2014.
 *
 * Slots: those of the optimizer.
 *
 * @throws at `init` if `paths` name no parameter, or one of a single axis
 */
export function maxNorm(options: MaxNormOptions, optimizer: Optimizer): Optimizer {
  checkOptions<MaxNormOptions>("maxNorm", options, {
    required: { limit: checks.positive },
    optional: { paths: () => undefined },
  });
  const { limit, paths } = options;
  const bounded = (params: TensorTree): Set<string> => {
    const chosen = selected("maxNorm", params, paths);
    const flat = chosen.find(({ value }) => value.rank < 2);
    if (paths !== undefined && flat !== undefined) {
      fail("maxNorm", `${flat.path} is ${describe(flat.value)}; weights that enter units have two axes or more.`);
    }
    return new Set(chosen.filter(({ value }) => value.rank >= 2).map(({ path }) => path));
  };
  return {
    init(params) {
      bounded(params);
      return optimizer.init(params);
    },
    update(gradients, slots, params, inputs) {
      const [next, nextSlots] = optimizer.update(gradients, slots, params, inputs);
      const within = bounded(next);
      const project = (value: Tensor, path: string): Tensor => (within.has(path) ? renorm(value, limit) : value);
      return [treeMap(next, project) as TensorTree, nextSlots];
    },
  };
}

function renorm(weights: Tensor, limit: number): Tensor {
  const axes = weights.shape.slice(0, -1).map((_, axis) => axis);
  const norm = sqrt(sum(square(weights), { axes, keepDims: true }));
  return mul(weights, select(greater(norm, limit), div(limit, add(norm, 1e-7)), 1));
}

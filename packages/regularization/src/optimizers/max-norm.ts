// Max-norm: a bound on the weights that enter each unit, kept after every update.
import { accumulationOf, fitChecks, type Optimizer, type ParameterPaths, type TensorTree, updateBy } from "@hooke/core";
import {
  add,
  type Check,
  checkArgument,
  checkOptions,
  checks,
  describe,
  div,
  fail,
  greater,
  mul,
  norm,
  select,
  type Tensor,
  treeMap,
} from "@hooke/runtime";
import { parameterPaths, selected } from "../parameters.ts";

/** Options of {@link maxNorm}. */
export interface MaxNormOptions {
  /** Largest Euclidean norm of the weights that enter one unit. Between 2 and 4 is common. */
  readonly limit: number;
  /** Parameters that are bounded, all of two axes or more. Default: kernels, the recurrent ones included. */
  readonly paths?: ParameterPaths;
  /**
   * The axis along which the units are counted, from the front or, below 0, from the back; the norm is taken over all
   * others. Default -1, the last. Kernels of transposed convolutions end in `[filters, channels]`: `-2`, for them
   * alone, by `paths`. Rows of a table: 0.
   */
  readonly axis?: number;
}

const kernels: readonly string[] = ["**.kernel", "**.*Kernel"];

const axisCheck: Check = (value) =>
  Number.isSafeInteger(value) ? undefined : "a whole number, below 0 to count from the last axis";

/**
 * An optimizer after each of whose updates the weights that enter a unit (all axes of a kernel but the last) are scaled
 * down to the norm `limit` where they exceed it: `w limit / (norm + 1e-7)`, as PyTorch's `renorm`. Srebro and
 * Shraibman, "Rank, trace-norm and max-norm" (COLT 2005); Srivastava et al., "Dropout" (JMLR 2014).
 *
 * The optimizer sees names and shapes, not layers: a model with transposed convolutions names its other kernels in
 * `paths`, and bounds these in a `maxNorm` of their own with `axis: -2`.
 *
 * Slots: those of the optimizer.
 *
 * @throws at `init` if there are no kernels, or `paths` name no parameter, one of a single axis, or one without the
 *   axis
 */
export function maxNorm(options: MaxNormOptions, optimizer: Optimizer): Optimizer {
  checkOptions<MaxNormOptions>("maxNorm", options, {
    required: { limit: checks.positive },
    optional: { paths: parameterPaths, axis: axisCheck },
  });
  checkArgument("maxNorm", "the optimizer", optimizer, fitChecks.optimizer);
  const { limit, paths = kernels, axis = -1 } = options;
  const bounded = (params: TensorTree): Set<string> => {
    const chosen = selected("maxNorm", params, paths);
    for (const { path, value } of chosen) {
      if (value.rank < 2) {
        fail("maxNorm", `${path} is ${describe(value)}; weights that enter units have two axes or more.`, "mismatch");
      }
      if (axis >= value.rank || axis < -value.rank) {
        fail("maxNorm", `${path}, ${describe(value)}, has no axis ${axis}; name in paths what has one.`, "mismatch");
      }
    }
    return new Set(chosen.map(({ path }) => path));
  };
  return {
    ...accumulationOf(optimizer),
    init(params) {
      bounded(params);
      return optimizer.init(params);
    },
    update(gradients, slots, params, inputs) {
      const [next, nextSlots] = updateBy(optimizer, gradients, slots, params, inputs);
      const within = bounded(next);
      const project = (value: Tensor, path: string): Tensor => (within.has(path) ? renorm(value, limit, axis) : value);
      return [treeMap(next, project) as TensorTree, nextSlots];
    },
  };
}

function renorm(weights: Tensor, limit: number, axis: number): Tensor {
  const units = axis < 0 ? weights.rank + axis : axis;
  const axes = weights.shape.map((_, i) => i).filter((i) => i !== units);
  const norms = norm(weights, { axes, keepDims: true });
  return mul(weights, select(greater(norms, limit), div(limit, add(norms, 1e-7)), 1));
}

// Penalties on the size of weights, for the `penalty` option of `fit` and `train`.
import type { ParameterPaths, Penalty } from "@hooke/core";
import { abs, add, checkOptions, checks, fail, mul, show, square, sum, type Tensor } from "@hooke/runtime";
import { parameterPaths, selected } from "./parameters.ts";

/** Options of {@link l1} and {@link l2}. */
export interface PenaltyOptions {
  /** Factor of the sum. */
  readonly strength: number;
  /** Parameters that are penalised. Default: all but {@link biasesAndScales}. */
  readonly paths?: ParameterPaths;
}

/**
 * `strength * sum |w|`: drives weights towards 0, so that few inputs are used. Tibshirani, "Regression shrinkage and
 * selection via the lasso" (Journal of the Royal Statistical Society B, 1996).
 *
 * @throws while recording, if `paths` name no parameter
 */
export function l1(options: PenaltyOptions): Penalty {
  checkOptions<PenaltyOptions>("l1", options, {
    required: { strength: checks.nonNegative },
    optional: { paths: parameterPaths },
  });
  return (params) => mul(total("l1", params, options.paths, abs), options.strength);
}

/**
 * `strength * sum w^2`, as a Keras regularizer. PyTorch's `weight_decay` of `d`, and that of `sgd` and `adam` here, has
 * the gradient of `strength: d / 2`. Hoerl and Kennard, "Ridge regression" (Technometrics 1970).
 *
 * @throws while recording, if `paths` name no parameter
 * @example
 * ```ts
 * import { dataset } from "@hooke/data";
 * import { dense, fit, mse, sgd } from "@hooke/core";
 * import { l2 } from "@hooke/regularization";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const train = dataset({ inputs: array([[0], [1], [2]]), targets: array([[1], [3], [5]]) });
 * const { history } = await fit({ backend: referenceBackend(), model: dense({ units: 1 }), data: { train }, loss: mse(),
 *   penalty: l2({ strength: 1e-2 }), optimizer: sgd(), learningRate: 0.1, epochs: 50, batchSize: 3, seed: 0 });
 * const { loss, penalty } = history.at(-1)!;
 * console.log(loss < 0.1, penalty! > 0.02); // true true
 * ```
 */
export function l2(options: PenaltyOptions): Penalty {
  checkOptions<PenaltyOptions>("l2", options, {
    required: { strength: checks.nonNegative },
    optional: { paths: parameterPaths },
  });
  return (params) => mul(total("l2", params, options.paths, square), options.strength);
}

/** Options of {@link elasticNet}. */
export interface ElasticNetOptions {
  /** Factor of `sum |w|`. */
  readonly l1: number;
  /** Factor of `sum w^2`. */
  readonly l2: number;
  /** Parameters that are penalised. Default: all but {@link biasesAndScales}. */
  readonly paths?: ParameterPaths;
}

/**
 * `l1 * sum |w| + l2 * sum w^2`. Zou and Hastie, "Regularization and variable selection via the elastic net" (Journal
 * of the Royal Statistical Society B, 2005).
 *
 * @throws while recording, if `paths` name no parameter
 */
export function elasticNet(options: ElasticNetOptions): Penalty {
  checkOptions<ElasticNetOptions>("elasticNet", options, {
    required: { l1: checks.nonNegative, l2: checks.nonNegative },
    optional: { paths: parameterPaths },
  });
  const { paths } = options;
  return (params) =>
    add(
      mul(total("elasticNet", params, paths, abs), options.l1),
      mul(total("elasticNet", params, paths, square), options.l2),
    );
}

/**
 * Several penalties as one: `sumOfPenalties(l1({ ... }), l2({ ... }))`. @throws if there are none, or one is no penalty
 */
export function sumOfPenalties(...penalties: readonly Penalty[]): Penalty {
  if (penalties.length === 0) fail("sumOfPenalties", "received no penalties; it takes at least one.");
  const odd = penalties.find((penalty) => typeof penalty !== "function");
  if (odd !== undefined) fail("sumOfPenalties", `received ${show(odd)}; it takes penalties, such as l1({ ... }).`);
  return (params) => penalties.map((penalty) => penalty(params)).reduce((a, b) => add(a, b));
}

function total(
  who: string,
  params: Parameters<Penalty>[0],
  paths: ParameterPaths | undefined,
  term: (w: Tensor) => Tensor,
): Tensor {
  return selected(who, params, paths)
    .map(({ value }) => sum(term(value)))
    .reduce((a, b) => add(a, b));
}

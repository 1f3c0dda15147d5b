// Weight decay for weights only: optimizers that leave biases and norms, or whatever is listed, undecayed.
import { accumulationOf, groups, type Optimizer, type ParameterPaths, pathTest } from "@hooke/core";
import { fail, show, treeLeaves } from "@hooke/runtime";
import { biasesAndScales, parameterPaths } from "../parameters.ts";

/**
 * An optimizer whose weight decay spares some parameters. Decay pulls weights to 0; a bias or a norm's scale has no
 * reason to be there.
 *
 * Slots: as of `groups`, those of the spared parameters first.
 *
 * @param make an optimizer's function, such as `adamw`
 * @param options its options
 * @param spared parameters without decay. Default: {@link biasesAndScales}, where there are any; tables and tokens are
 *   decayed
 * @throws if `spared` are no paths; at `init` if it is given and names no parameter
 * @example
 * ```ts
 * import { adamw } from "@hooke/core";
 * import { biasesAndScales, decayWeightsOnly } from "@hooke/regularization";
 *
 * const optimizer = decayWeightsOnly(adamw, { weightDecay: 0.05 });
 * const notTables = decayWeightsOnly(adamw, { weightDecay: 0.05 }, [...biasesAndScales, "**.table", "**.token"]);
 * ```
 */
export function decayWeightsOnly<O extends { readonly weightDecay?: number }>(
  make: (options: O) => Optimizer,
  options: O & { readonly weightDecay: number },
  spared: ParameterPaths = biasesAndScales,
): Optimizer {
  const expected = parameterPaths(spared);
  if (expected !== undefined) fail("decayWeightsOnly", `received ${show(spared)} to spare; expected ${expected}.`);
  if (typeof make !== "function")
    fail(
      "decayWeightsOnly",
      `received ${show(make)} to make the optimizer; give it uncalled: decayWeightsOnly(adamw, { ... }).`,
    );
  const decayed = make(options);
  const plain = make({ ...options, weightDecay: 0 });
  const split = groups([{ paths: spared, optimizer: plain }], decayed);
  const test = pathTest(spared);
  // A model without biases is no mistake; a list of one's own that names nothing is.
  const chosen = (params: Parameters<Optimizer["init"]>[0]): Optimizer =>
    spared === biasesAndScales && !treeLeaves(params).some(({ path }) => test(path)) ? decayed : split;
  return {
    ...accumulationOf(decayed),
    init: (params) => chosen(params).init(params),
    update: (gradients, slots, params, inputs) => chosen(params).update(gradients, slots, params, inputs),
  };
}

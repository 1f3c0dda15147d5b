// Which parameters are weights: what penalties and decay concern unless told otherwise.
import { type ParameterPaths, pathTest, type TensorTree } from "@hooke/core";
import { type Check, fail, type Tensor, type TreeLeaf, treeLeaves } from "@hooke/runtime";

/**
 * Biases (a recurrent layer's `recurrentBias` included), the scales of norms and the slopes of `prelu`: parameters that shift and scale
 * rather than weigh. Penalties and decay leave them alone unless told otherwise.
 *
 * Tables of embeddings and positions and class tokens are not among them: they are decayed, as PyTorch's `weight_decay`
 * does with everything. To spare them too, list them: `[...biasesAndScales, "**.table", "**.token"]`.
 */
export const biasesAndScales: readonly string[] = ["**.bias", "**.*Bias", "**.scale", "**.slope"];

const isBiasOrScale = /* @__PURE__ */ pathTest(biasesAndScales);

/** Expects {@link ParameterPaths}. */
export const parameterPaths: Check = (value) => {
  const isPattern = (item: unknown): boolean => typeof item === "string" && item !== "";
  const isList = Array.isArray(value) && value.length > 0 && value.every(isPattern);
  return typeof value === "function" || isPattern(value) || isList
    ? undefined
    : 'a pattern such as "features.**", a list of patterns, or a function of the path';
};

/**
 * The parameters that `paths` name; without it all but {@link biasesAndScales}.
 *
 * @throws if there are none, listing those there are
 */
export function selected(who: string, params: TensorTree, paths: ParameterPaths | undefined): TreeLeaf<Tensor>[] {
  const test = paths === undefined ? (path: string) => !isBiasOrScale(path) : pathTest(paths);
  const leaves = treeLeaves<Tensor>(params);
  const found = leaves.filter(({ path }) => test(path));
  if (found.length > 0) return found;
  const named = typeof paths === "function" ? "its function of the path" : JSON.stringify(paths ?? "weights");
  return fail(who, `${named} names no parameter. There are: ${leaves.map(({ path }) => path).join(", ")}.`, "mismatch");
}

// Which parameters are weights: what penalties and decay concern unless told otherwise.
import { type ParameterPaths, pathTest, type TensorTree } from "@hooke/core";
import { fail, type Tensor, type TreeLeaf, treeLeaves } from "@hooke/runtime";

/** Biases, and the scales of norms: parameters that shift and scale rather than weigh. */
export const biasesAndScales: readonly string[] = ["**.bias", "**.scale"];

const isBiasOrScale = /* @__PURE__ */ pathTest(biasesAndScales);

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
  return fail(who, `${named} names no parameter. There are: ${leaves.map(({ path }) => path).join(", ")}.`);
}

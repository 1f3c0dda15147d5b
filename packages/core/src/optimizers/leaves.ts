// What the optimizers share: slots shaped like the parameters, and updates that yield several trees at once.
import { type DType, fullLike, type Tensor, treeMap, treeUnflatten } from "@hooke/runtime";
import type { TensorTree } from "../model/variables.ts";

/** Zeros like the parameters. */
export function zerosLike(params: TensorTree): TensorTree {
  return treeMap(params, (parameter: Tensor) => fullLike(parameter, 0)) as TensorTree;
}

/**
 * Calls `fn` with the leaves at the same place of several trees.
 *
 * @returns the tree of the `i`-th results, shaped like the first tree
 */
export function zipLeaves(
  fn: (...leaves: Tensor[]) => readonly Tensor[],
  first: TensorTree,
  ...rest: readonly TensorTree[]
): (i: number) => TensorTree {
  const results: (readonly Tensor[])[] = [];
  const visit = (leaf: Tensor, _path: string, ...others: Tensor[]): void => void results.push(fn(leaf, ...others));
  treeMap(first, visit, ...rest);
  return (i) =>
    treeUnflatten(
      first,
      results.map((result) => result[i]!),
    ) as TensorTree;
}

/** A function of a parameter's dtype, called once for each: scalars of a step are recorded once, not per parameter. */
export function perDType<T>(compute: (dtype: DType) => T): (parameter: Tensor) => T {
  const known = new Map<DType, T>();
  return ({ dtype }) => {
    if (!known.has(dtype)) known.set(dtype, compute(dtype));
    return known.get(dtype)!;
  };
}

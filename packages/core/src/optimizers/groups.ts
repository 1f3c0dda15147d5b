// Parameter groups: different optimizers, or settings, for different paths.
import {
  type Check,
  checkArgument,
  checkOptions,
  checks,
  fail,
  mul,
  nothingMore,
  type OptionTable,
  show,
  type Tensor,
  treeLeaves,
  treeMap,
} from "@hooke/runtime";
import type { TensorTree } from "../model/variables.ts";
import { type Optimizer, optimizerCheck, updateBy } from "./optimizer.ts";
import { type ParameterPaths, pathTest } from "./paths.ts";

/** Parameters that share an optimizer. */
export interface ParameterGroup {
  readonly paths: ParameterPaths;
  readonly optimizer: Optimizer;
  /** Factor of the learning rate. Default 1. */
  readonly learningRateFactor?: number;
}

const pathsCheck: Check = (value) =>
  typeof value === "string" ||
  typeof value === "function" ||
  (Array.isArray(value) && value.every((path) => typeof path === "string"))
    ? undefined
    : 'a path such as "**.bias", a list of them, or a function of one';

const groupTable: OptionTable<ParameterGroup> = {
  required: { paths: pathsCheck, optimizer: optimizerCheck },
  optional: { learningRateFactor: checks.nonNegative },
};

/**
 * Gives each parameter to the first group that names it, and the rest to another optimizer.
 *
 * Slots: a list of those of the groups, then those of `rest`.
 *
 * @throws if groups accumulate differently; at `init` if a group names no parameter
 * @example
 * ```ts
 * import { adamw, groups } from "@hooke/core";
 *
 * const optimizer = groups([{ paths: "**.bias", optimizer: adamw({ weightDecay: 0 }) }], adamw());
 * ```
 */
export function groups(named: readonly ParameterGroup[], rest: Optimizer, ...more: []): Optimizer {
  nothingMore("groups", more);
  if (!Array.isArray(named))
    fail("groups", `received ${show(named)}; it takes a list of { paths, optimizer }, then the optimizer of the rest.`);
  for (const group of named) checkOptions<ParameterGroup>("groups", group, groupTable);
  checkArgument("groups", "the optimizer of the rest", rest, optimizerCheck);
  const all: readonly ParameterGroup[] = [...named, { paths: () => true, optimizer: rest }];
  const [accumulation = 1, ...others] = new Set(all.map(({ optimizer }) => optimizer.accumulation ?? 1));
  if (others.length > 0) {
    fail(
      "groups",
      "one of the groups accumulates and another does not, or not as many batches; put accumulate around groups.",
    );
  }
  const tests = all.map(({ paths }) => pathTest(paths));
  const ownerOf = (path: string): number => tests.findIndex((test) => test(path));
  const split = (tree: TensorTree): Record<string, Tensor>[] => {
    const parts = all.map((): Record<string, Tensor> => ({}));
    for (const { path, value } of treeLeaves<Tensor>(tree)) parts[ownerOf(path)]![path] = value;
    return parts;
  };
  return {
    ...(accumulation > 1 && { accumulation }),
    init(params) {
      const parts = split(params);
      for (const [i, { paths }] of named.entries()) {
        if (Object.keys(parts[i]!).length > 0) continue;
        const known = treeLeaves<Tensor>(params).map(({ path }) => path);
        fail(
          "groups",
          `group ${i}, ${show(paths)}, names no parameter that is left. There are: ${known.join(", ")}.`,
          "mismatch",
        );
      }
      return all.map(({ optimizer }, i) => optimizer.init(parts[i]!));
    },
    update(gradients, slots, params, inputs) {
      const { learningRate } = inputs;
      const [gradientParts, parameterParts] = [split(gradients), split(params)];
      const updated = all.map(({ optimizer, learningRateFactor = 1 }, i) =>
        updateBy(optimizer, gradientParts[i]!, (slots as readonly TensorTree[])[i]!, parameterParts[i]!, {
          ...inputs,
          learningRate: learningRateFactor === 1 ? learningRate : mul(learningRate, learningRateFactor),
        }),
      );
      const next = Object.assign({}, ...updated.map(([part]) => part)) as Record<string, Tensor>;
      return [
        treeMap(params, (_: Tensor, path: string) => next[path]!) as TensorTree,
        updated.map(([, partSlots]) => partSlots),
      ];
    },
  };
}

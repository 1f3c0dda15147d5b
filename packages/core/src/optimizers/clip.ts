// Gradient clipping: by value and by global norm.
import {
  add,
  div,
  fail,
  maximum,
  minimum,
  mul,
  norm,
  nothingMore,
  stack,
  type Tensor,
  treeLeaves,
  treeMap,
} from "@hooke/runtime";
import type { TensorTree } from "../model/variables.ts";
import type { GradientTransform } from "./optimizer.ts";

function requirePositive(who: string, limit: number): void {
  if (!(limit > 0)) fail(who, `received the limit ${limit}; it takes a number above 0.`);
}

/** Limits every element of every gradient to `[-limit, limit]`. */
export function clipByValue(limit: number, ...more: []): GradientTransform {
  nothingMore("clipByValue", more);
  requirePositive("clipByValue", limit);
  const clip = (gradient: Tensor): Tensor => minimum(maximum(gradient, -limit), limit);
  return { transform: (gradients) => treeMap(gradients, clip) as TensorTree };
}

/**
 * Scales all gradients by one factor so that their joint Euclidean norm is at most `limit`: `min(1, limit / (norm + 1e-6))`, as in
 * PyTorch. Pascanu et al. 2013.
 */
export function clipByGlobalNorm(limit: number, ...more: []): GradientTransform {
  nothingMore("clipByGlobalNorm", more);
  requirePositive("clipByGlobalNorm", limit);
  return {
    transform(gradients) {
      const norms = treeLeaves<Tensor>(gradients).map(({ value }) => norm(value));
      if (norms.length === 0) return gradients;
      const joint = norm(stack(norms));
      const factor = minimum(div(limit, add(joint, 1e-6)), 1);
      return treeMap(gradients, (gradient: Tensor) => mul(gradient, factor)) as TensorTree;
    },
  };
}

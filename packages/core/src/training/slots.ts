// The slots of a training before the first step, the optimizer's and room for gathered gradients, and what they look like.
import {
  type Aval,
  type HostArray,
  interpret,
  record,
  type Tensor,
  type Tree,
  treeLeaves,
  treeUnflatten,
} from "@hooke/runtime";
import type { TensorTree } from "../model/variables.ts";
import { trainingSlots } from "../optimizers/accumulate.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

function recordInit(optimizer: Optimizer, params: Tree<Aval>) {
  const initial = (of: Tree<Tensor>): Tree<Tensor> => trainingSlots(optimizer, of as TensorTree);
  return record(initial as (...args: unknown[]) => unknown, params as unknown);
}

/** Shapes and dtypes of an optimizer's slots. */
export function slotStructure(optimizer: Optimizer, params: Tree<Aval>): Tree<Aval> {
  return recordInit(optimizer, params).result;
}

/** The slots before the first step. They are interpreted: mostly zeros, not worth compiling a program for. */
export function initialSlots(optimizer: Optimizer, params: Tree<HostArray>): Tree<HostArray> {
  const { program, result } = recordInit(optimizer, params);
  const operands = treeLeaves<HostArray>(params).map(({ value }) => value);
  return treeUnflatten(result, interpret(program, operands)) as Tree<HostArray>;
}

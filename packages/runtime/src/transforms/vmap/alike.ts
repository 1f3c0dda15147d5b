// Mapping primitives that do to every element, or to every image of a batch, the same: rows are more of them.
import type { elementwise as elementwiseRules } from "../../primitives/elementwise.ts";
import type { PrimitiveName } from "../../primitives/params.ts";
import type { pooling as poolingRules } from "../../primitives/pooling.ts";
import { apply, type BatchRule, type BatchRules, foldRows, mapped, spread, unfoldRows } from "./rule.ts";

/** Element by element: operands that are the same in every row are repeated, since operands have one shape. */
const elements: BatchRule<PrimitiveName> = (inputs, node, rows) =>
  apply(
    node,
    inputs.map((input) => spread(input, rows)),
  ).map(mapped);

/** Image by image, along the first axis. */
const images: BatchRule<PrimitiveName> = (inputs, node, rows) =>
  apply(
    node,
    inputs.map((input) => foldRows(spread(input, rows), 0)),
  ).map((output, i) => mapped(unfoldRows(output, 0, rows, node.outputs[i]!.shape)));

export const elementwise: BatchRules<keyof typeof elementwiseRules> = {
  neg: elements,
  abs: elements,
  sign: elements,
  floor: elements,
  exp: elements,
  expm1: elements,
  log: elements,
  log1p: elements,
  sin: elements,
  cos: elements,
  tan: elements,
  tanh: elements,
  sigmoid: elements,
  erf: elements,
  sqrt: elements,
  rsqrt: elements,
  not: elements,
  convert: elements,
  stopGradient: elements,
  add: elements,
  sub: elements,
  mul: elements,
  div: elements,
  rem: elements,
  pow: elements,
  maximum: elements,
  minimum: elements,
  equal: elements,
  notEqual: elements,
  less: elements,
  lessEqual: elements,
  and: elements,
  or: elements,
  xor: elements,
  shiftLeft: elements,
  shiftRight: elements,
  select: elements,
};

export const pooling: BatchRules<keyof typeof poolingRules> = {
  maxPool: images,
  maxPoolIndex: images,
  poolGather: images,
  poolScatter: images,
  sumPool: images,
  sumPoolTranspose: images,
};

// What every primitive must define to be mapped over an axis: how it computes all rows at once.
import type { Shape } from "../../array.ts";
import { reshape, transpose } from "../../ops/structure.ts";
import type { PrimitiveName, PrimitiveParams } from "../../primitives/params.ts";
import { structure } from "../../primitives/structure.ts";
import type { Node, NodeOf, Program } from "../../program.ts";
import { emit, emitLike } from "../../record.ts";
import { Tensor } from "../../tensor.ts";

/** A value of the function that is mapped: the same in every row, or `mapped`, with the rows along the first axis of the tensor. */
export interface Batched {
  readonly tensor: Tensor;
  readonly mapped: boolean;
}

/** Evaluates the program of one row for all rows, in the current recording. */
export type EvaluateBatched = (program: Program, inputs: readonly Batched[], rows: number) => Batched[];

/** Applies a node to operands of which at least one is mapped. */
export type BatchRule<K extends PrimitiveName> = (
  inputs: readonly Batched[],
  node: NodeOf<K>,
  rows: number,
  evaluateBody: EvaluateBatched,
) => readonly Batched[];

/** A total table over part of the closed set. */
export type BatchRules<K extends PrimitiveName = PrimitiveName> = { readonly [P in K]: BatchRule<P> };

export const mapped = (tensor: Tensor): Batched => ({ tensor, mapped: true });

/** What the node applies, applied to tensors that have the rows; its parameters, where they speak of axes, are others. */
export function apply<K extends PrimitiveName>(
  node: NodeOf<K>,
  inputs: readonly Tensor[],
  params: PrimitiveParams[K] = node.params,
): Tensor[] {
  return emitLike({ ...node, params } as unknown as Node, inputs);
}

/** The tensor with the rows along its first axis, repeated where it is the same in all. */
export function spread({ tensor, mapped: has }: Batched, rows: number): Tensor {
  if (has) return tensor;
  const axes = tensor.shape.map((_, axis) => axis + 1);
  return emit(structure, "broadcast", [tensor], { shape: [rows, ...tensor.shape], axes })[0]!;
}

/** A handle with the shape of one row, which a function may be recorded for; nothing computes it. */
export function rowLike({ shape, dtype, recorder }: Tensor, axis: number | null): Tensor {
  return new Tensor({ shape: axis === null ? shape : shape.toSpliced(axis, 1), dtype }, recorder);
}

/** One axis moved to another place; the others keep their order. */
export function moveAxis(x: Tensor, from: number, to: number): Tensor {
  const order = x.shape.flatMap((_, axis) => (axis === from ? [] : [axis]));
  return transpose(x, order.toSpliced(to, 0, from));
}

/**
 * `[rows, ...shape]` without the axis of the rows: they go into `axis` of the shape, inside each of its `groups`, before what the
 * group holds.
 */
export function foldRows(x: Tensor, axis: number, groups = 1): Tensor {
  const [rows, ...shape] = x.shape as [number, ...number[]];
  const length = shape[axis]!;
  const before = shape.slice(0, axis);
  const after = shape.slice(axis + 1);
  const split = reshape(x, [rows, ...before, groups, length / groups, ...after]);
  return reshape(moveAxis(split, 0, axis + 1), [...before, rows * length, ...after]);
}

/** Undoes {@link foldRows}: the rows, each of the `shape`. */
export function unfoldRows(x: Tensor, axis: number, rows: number, shape: Shape, groups = 1): Tensor {
  const split = [...shape.slice(0, axis), groups, rows, shape[axis]! / groups, ...shape.slice(axis + 1)];
  return reshape(moveAxis(reshape(x, split), axis + 1, 0), [rows, ...shape]);
}

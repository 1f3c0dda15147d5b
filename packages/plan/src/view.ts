// Views: how an array reads another one's elements without copying them.
import { type Shape, sizeOf, stridesOf, type Value } from "@hooke/runtime";
import type { NodeOfKind } from "./primitives.ts";

/** Element `i` of the view is element `offset + sum(i * strides)` of `root`; a stride of 0 repeats. */
export interface View {
  readonly root: Value;
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
  /** Whether the elements are the halves of the words of `root`, floats as bfloat16, counted as such. Default false. */
  readonly packed?: boolean;
}

export function wholeView(root: Value): View {
  return { root, shape: root.shape, strides: stridesOf(root.shape), offset: 0 };
}

/** What was packed in words, as floats. */
export const unpackedView = (root: Value, offset: number, shape: Shape): View => ({
  root,
  shape,
  strides: stridesOf(shape),
  offset: 2 * offset,
  packed: true,
});

/** Whether the view reads its root from the first element on, each once and in order. */
export function isWhole({ root, shape, strides, offset, packed }: View): boolean {
  return !packed && offset === 0 && sizeOf(shape) === sizeOf(root.shape) && isDense(shape, strides);
}

/** Whether the elements lie side by side in row-major order. */
export function isDense(shape: Shape, strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  const dense = stridesOf(shape);
  return shape.every((dimension, axis) => dimension === 1 || strides[axis] === dense[axis]);
}

/** The view through one more structural node; undefined where only a copy will do. */
export function through(view: View, node: NodeOfKind<"view">): View | undefined {
  const { shape, strides, offset } = view;
  const outer = node.outputs[0]!.shape;
  switch (node.primitive) {
    case "reshape":
      return isDense(shape, strides) ? { ...view, shape: outer, strides: stridesOf(outer) } : regroup(view, outer);
    case "transpose":
      return { ...view, shape: outer, strides: node.params.permutation.map((axis) => strides[axis]!) };
    case "broadcast": {
      const { axes } = node.params;
      return {
        ...view,
        shape: outer,
        strides: outer.map((_, axis) => (axes.includes(axis) ? strides[axes.indexOf(axis)]! : 0)),
      };
    }
    case "slice": {
      const { start, strides: steps } = node.params;
      return {
        ...view,
        shape: outer,
        strides: strides.map((stride, axis) => stride * steps[axis]!),
        offset: offset + start.reduce((sum, from, axis) => sum + from * strides[axis]!, 0),
      };
    }
    case "reverse": {
      const { axes } = node.params;
      return {
        ...view,
        shape: outer,
        strides: strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
        offset: axes.reduce((sum, axis) => sum + Math.max(0, shape[axis]! - 1) * strides[axis]!, offset),
      };
    }
  }
}

/** A reshape that only inserts or removes dimensions of size 1. */
function regroup(view: View, outer: Shape): View | undefined {
  const { shape, strides } = view;
  const real = shape.flatMap((dimension, axis) => (dimension === 1 ? [] : [axis]));
  const kept = outer.filter((dimension) => dimension !== 1);
  if (real.length !== kept.length || real.some((axis, i) => shape[axis] !== kept[i])) return undefined;
  let next = 0;
  return { ...view, shape: outer, strides: outer.map((d) => (d === 1 ? 0 : strides[real[next++]!]!)) };
}

/** A loop nest: sizes of its dimensions, and for every view its strides over them. */
export interface Nest {
  readonly sizes: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/**
 * Merges neighbouring dimensions that all views cross in step, and drops those of size 1.
 *
 * @param groups of each dimension its group: those of different groups, such as kept and reduced ones, are not merged. Default: one group
 */
export function collapse(
  sizes: readonly number[],
  strides: readonly (readonly number[])[],
  groups?: readonly number[],
): Nest & { readonly groups: readonly number[] } {
  const outSizes: number[] = [];
  const outGroups: number[] = [];
  const outStrides: number[][] = strides.map(() => []);
  sizes.forEach((size, axis) => {
    if (size === 1) return;
    const group = groups?.[axis] ?? 0;
    const last = outSizes.length - 1;
    const merges =
      last >= 0 && outGroups[last] === group && strides.every((own, i) => outStrides[i]![last] === own[axis]! * size);
    if (merges) {
      outSizes[last]! *= size;
      strides.forEach((own, i) => {
        outStrides[i]![last] = own[axis]!;
      });
    } else {
      outSizes.push(size);
      outGroups.push(group);
      strides.forEach((own, i) => void outStrides[i]!.push(own[axis]!));
    }
  });
  return { sizes: outSizes, strides: outStrides, groups: outGroups };
}

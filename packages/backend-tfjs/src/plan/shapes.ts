// Shapes with fewer dimensions: neighbouring axes that are crossed in step merge, so that kernels see small ranks.
import { type Shape, sizeOf, stridesOf } from "@hooke/runtime";

/** Two operands' shapes without needless axes, of equal rank, and the shape of the result. */
export interface Broadcast {
  readonly left: number[];
  readonly right: number[];
  readonly shape: Shape;
}

/** Merges neighbouring axes along which both operands are whole, or the same one repeats. Shapes align at their ends. */
export function collapseBroadcast(a: Shape, b: Shape): Broadcast {
  const rank = Math.max(a.length, b.length);
  const align = (shape: Shape): number[] => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const [x, y] = [align(a), align(b)];
  const left: number[] = [];
  const right: number[] = [];
  let previous = "";
  for (const [axis, dimension] of x.entries()) {
    const other = y[axis]!;
    if (dimension === 1 && other === 1) continue;
    const pattern = dimension === other ? "both" : dimension === 1 ? "right" : "left";
    if (pattern === previous) {
      left.push(left.pop()! * dimension);
      right.push(right.pop()! * other);
    } else {
      left.push(dimension);
      right.push(other);
    }
    previous = pattern;
  }
  return { left, right, shape: x.map((dimension, axis) => (dimension === 1 ? y[axis]! : dimension)) };
}

/** A permutation without axes of size 1, and with those merged that stay neighbours. */
export function collapsePermutation(shape: Shape, permutation: readonly number[]): { sizes: number[]; perm: number[] } {
  const groups: number[][] = [];
  for (const axis of permutation) {
    if (shape[axis] === 1) continue;
    const last = groups.at(-1);
    // Axes of size 1 between two neighbours do not part them.
    if (last && shape.slice(last.at(-1)! + 1, axis).every((d) => d === 1) && axis > last.at(-1)!) last.push(axis);
    else groups.push([axis]);
  }
  const ordered = [...groups].sort((a, b) => a[0]! - b[0]!);
  return {
    sizes: ordered.map((group) => sizeOf(group.map((axis) => shape[axis]!))),
    perm: groups.map((group) => ordered.indexOf(group)),
  };
}

/** For every element of `shape`, in order, the sum of its indices times `strides`. */
export function walk(shape: Shape, strides: readonly number[], start = 0): number[] {
  let flat = [start];
  for (const [axis, dimension] of shape.entries()) {
    const steps = Array.from({ length: dimension }, (_, i) => i * strides[axis]!);
    flat = flat.flatMap((base) => steps.map((step) => base + step));
  }
  return flat;
}

/** Where each element of a transposed array comes from. */
export function permuteIndices(shape: Shape, permutation: readonly number[]): number[] {
  const strides = stridesOf(shape);
  const axes = permutation.map((axis) => strides[axis]!);
  return walk(
    permutation.map((axis) => shape[axis]!),
    axes,
  );
}

/** Where each element of a repeated array comes from; `from` has 1 where it repeats. */
export function expandIndices(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from).map((stride, axis) => (from[axis] === to[axis] ? stride : 0));
  return walk(to, strides);
}

/** Sizes before, at and after an axis. */
export function around(shape: Shape, axis: number): [number, number, number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
}

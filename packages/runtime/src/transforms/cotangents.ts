// Cotangents as they gather: whole ones are added up. Those of slices wait until all have come, since pieces side by side are joined
// at the cost of the array, where padding each of them and adding would cost as much for every piece.
import { type Shape, sizeOf } from "../array.ts";
import { add, full } from "../ops/elementwise.ts";
import { concat } from "../ops/structure.ts";
import type { PrimitiveParams } from "../primitives/params.ts";
import type { MaybeTensor } from "../primitives/rule.ts";
import { structure } from "../primitives/structure.ts";
import type { Node, Value } from "../program.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";

/** The cotangent of `start` to `limit` of an array, 0 elsewhere. */
interface Piece {
  readonly start: Shape;
  readonly limit: Shape;
  readonly tensor: Tensor;
}

/** What has come for one value: whole, and pieces by their place. */
interface Gathered {
  whole: MaybeTensor;
  readonly pieces: Map<string, Piece>;
}

/** Cotangents of the values of a program; a missing one is zero. */
export class Cotangents {
  private readonly gathered = new Map<Value, Gathered>();

  private of(value: Value): Gathered {
    let found = this.gathered.get(value);
    if (found === undefined) {
      found = { whole: null, pieces: new Map() };
      this.gathered.set(value, found);
    }
    return found;
  }

  add(value: Value, cotangent: MaybeTensor | undefined): void {
    if (!cotangent) return;
    const gathered = this.of(value);
    gathered.whole = sumOf(gathered.whole, cotangent);
  }

  /** Adds that of a slice to what was cut. @returns whether the node is a slice that can wait */
  addSlice(node: Node, cotangent: MaybeTensor): boolean {
    if (node.primitive !== "slice" || cotangent === null || sizeOf(cotangent.shape) === 0) return false;
    const { start, limit, strides } = node.params as PrimitiveParams["slice"];
    if (strides.some((stride) => stride !== 1)) return false;
    const { pieces } = this.of(node.inputs[0]!);
    const place = `${start} ${limit}`;
    pieces.set(place, { start, limit, tensor: sumOf(pieces.get(place)?.tensor ?? null, cotangent) });
    return true;
  }

  /** The sum of all that has come for a value; nothing may come later. */
  total(value: Value): MaybeTensor {
    const gathered = this.gathered.get(value);
    if (gathered === undefined) return null;
    if (gathered.pieces.size === 0) return gathered.whole;
    for (const piece of joined([...gathered.pieces.values()], value.shape)) {
      gathered.whole = sumOf(gathered.whole, padded(piece, value.shape));
    }
    gathered.pieces.clear();
    return gathered.whole;
  }
}

const sumOf = (before: MaybeTensor, next: Tensor): Tensor => (before === null ? next : add(before, next));

/** As few pieces as there are after those in line have been joined, along one axis after the other. */
function joined(pieces: readonly Piece[], shape: Shape): readonly Piece[] {
  return shape.reduceRight<readonly Piece[]>((list, _, axis) => {
    const lines = Map.groupBy(list, ({ start, limit }) => `${start.with(axis, 0)} ${limit.with(axis, 0)}`);
    return [...lines.values()].flatMap((line) => layersOf(line, axis).map((layer) => join(layer, axis, shape)));
  }, pieces);
}

/** Pieces of one line in lists of such as do not overlap, in their order. */
function layersOf(line: readonly Piece[], axis: number): Piece[][] {
  const layers: Piece[][] = [];
  for (const piece of line.toSorted((a, b) => a.start[axis]! - b.start[axis]!)) {
    const free = layers.find((layer) => layer.at(-1)!.limit[axis]! <= piece.start[axis]!);
    if (free) free.push(piece);
    else layers.push([piece]);
  }
  return layers;
}

/** One piece, as long as the axis, of several with zeros between them. */
function join(layer: readonly Piece[], axis: number, shape: Shape): Piece {
  const [first] = layer as readonly [Piece];
  if (layer.length === 1) return first;
  const parts: Tensor[] = [];
  let end = 0;
  const zerosTo = (place: number): void => {
    if (place > end) parts.push(full(first.tensor.shape.with(axis, place - end), 0, first.tensor.dtype));
  };
  for (const { start, limit, tensor } of layer) {
    zerosTo(start[axis]!);
    parts.push(tensor);
    end = limit[axis]!;
  }
  zerosTo(shape[axis]!);
  return {
    start: first.start.with(axis, 0),
    limit: first.limit.with(axis, shape[axis]!),
    tensor: concat(parts, axis),
  };
}

/** A piece with zeros around it. */
function padded({ start, limit, tensor }: Piece, shape: Shape): Tensor {
  const high = shape.map((dimension, axis) => dimension - limit[axis]!);
  if ([...start, ...high].every((amount) => amount === 0)) return tensor;
  return emit(structure, "pad", [tensor], { low: start, high, interior: start.map(() => 0), value: 0 })[0]!;
}

// Loops over elements, and reductions, in pieces.
import type { Nest, Plan, ReductionKernel, View } from "@hooke/plan";
import { byteSize, sizeOf, type Value } from "@hooke/runtime";
import { combine } from "../codegen/accumulation.ts";
import type { Block, Emitter } from "../codegen/emitter.ts";
import type { LoopNest, Range } from "../codegen/pointwise.ts";
import type { ReductionLoops } from "../codegen/reduction.ts";
import { least, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { countable } from "./countable.ts";
import { elementwiseWork, type Grain, inPieces, piecesOf, reducedNodes } from "./grain.ts";
import { combinePartials, partialStride } from "./partials.ts";

/** Elements in whole cache lines, even of the narrowest: no two pieces write one line. */
const line = 64;

/** Code of loops over elements in pieces, along the outermost dimension or the innermost; undefined where they stay whole. */
export function dividedLoops(
  loops: LoopNest,
  fn: FunctionBuilder,
  emitLoops: (loops: LoopNest, fn: FunctionBuilder, range?: Range) => Code,
): Code | undefined {
  const { emitter, plan, kernel, views, nest, lanes } = loops;
  const { sizes } = nest;
  if (emitter.block) return emitLoops({ ...loops, ...partOfBlock(emitter, plan, emitter.block, views, nest) }, fn);
  const work = elementwiseWork(sizeOf(kernel.shape), lanes, views.length, kernel.nodes);
  const wanted = piecesOf(emitter, work, Number.POSITIVE_INFINITY);
  const outermost = sizes.length > 1 && sizes[0]! >= wanted;
  const [total, unit] = outermost ? [sizes[0]!, 1] : [sizes.at(-1) ?? 1, line];
  const count = piecesOf(emitter, work, total / unit);
  if (count === 1 || countable(nest)) return undefined;
  const each = Math.ceil(total / count / unit) * unit;
  return emitter.pieces(Math.ceil(total / each), (fn, piece) => {
    const [first, end] = fn.locals("i32", 2);
    fn.emit(
      local.set(first, i32.mul(piece, i32.const(each))),
      local.set(end, least(i32.add(local.get(first), i32.const(each)), i32.const(total))),
      emitLoops(loops, fn, { outermost, first: local.get(first), end: local.get(end) }),
    );
  });
}

/** The part of a nest that a block goes through, and where its views begin there. */
function partOfBlock(
  emitter: Emitter,
  plan: Plan,
  { count, piece }: Block,
  views: readonly View[],
  { sizes, strides }: Nest,
): { readonly nest: Nest; readonly starts: (Code | undefined)[] } {
  const size = sizes[0]! / count;
  const first = i32.mul(piece, i32.const(size));
  const starts = views.map((view, i) => {
    const stride = strides[i]![0]!;
    return stride === 0 ? undefined : emitter.within(plan, view, first, stride);
  });
  return { nest: { sizes: sizes.with(0, size), strides }, starts };
}

/** Along which dimension a nest is divided, and how much of it is a piece. */
interface Cut {
  readonly dimension: number;
  readonly each: number;
  /** Whether pieces leave partial results. */
  readonly partial: boolean;
}

/** A kept dimension where it is long enough, or the longest that is reduced. */
export function cutOf(
  grain: Grain,
  kernel: ReductionKernel,
  { reads, kept, keptLast, lanes }: Pick<ReductionLoops, "reads" | "kept" | "keptLast" | "lanes">,
  nest: Nest,
): Cut | undefined {
  if (countable(nest)) return undefined;
  const { sizes } = nest;
  const work = elementwiseWork(sizeOf(kernel.node.inputs[0]!.shape), lanes, reads.length, reducedNodes(kernel));
  const wanted = piecesOf(grain, work, Number.POSITIVE_INFINITY);
  const last = sizes.length - 1;
  const choose = (dimension: number, unit: number): Cut | undefined => {
    const size = sizes[dimension] ?? 1;
    const count = piecesOf(grain, work, size / unit);
    const each = Math.ceil(size / count / unit) * unit;
    const partial = dimension >= kept && !(keptLast && dimension === last);
    return each < size ? { dimension, each, partial } : undefined;
  };
  if (kept > 0 && sizes[0]! >= wanted) return choose(0, 1);
  if (keptLast && sizes[last]! >= line * wanted) return choose(last, line);
  const reduced = sizes.slice(kept, keptLast ? -1 : undefined);
  return choose(kept + reduced.indexOf(Math.max(...reduced)), 1);
}

/** Code of a reduction in pieces, of which those along a reduced dimension leave partial results; undefined where it stays whole. */
export function dividedReduction(
  loops: ReductionLoops,
  fn: FunctionBuilder,
  nest: Nest,
  emitLoops: (loops: ReductionLoops, fn: FunctionBuilder, nest: Nest, starts: readonly (Code | undefined)[]) => Code,
): Code | undefined {
  const { emitter, plan, kernel, reads, target } = loops;
  if (emitter.block) {
    const { nest: part, starts } = partOfBlock(emitter, plan, emitter.block, [...reads, target], nest);
    return emitLoops(loops, fn, part, starts);
  }
  const cut = cutOf(emitter, kernel, loops, nest);
  if (cut === undefined) return undefined;
  const { dimension, each, partial } = cut;
  const { primitive: name, outputs } = kernel.node;
  const [{ shape, dtype }] = outputs as [Value];
  const { sizes, strides } = nest;
  const count = sizeOf(shape);
  const bytes = count * byteSize[dtype];
  const partials = (piece: Code): Code =>
    plus(emitter.partials(Math.ceil(sizes[dimension]! / each) * partialStride(bytes)), [piece, partialStride(bytes)]);
  const parts = inPieces(emitter, sizes[dimension]!, each, (inner, length, first, piece) => {
    const start = (view: View, own: readonly number[]): Code | undefined =>
      own[dimension] === 0 ? undefined : emitter.within(plan, view, first, own[dimension]!);
    const part = { sizes: sizes.with(dimension, length), strides };
    const starts = reads.map((view, i) => start(view, strides[i]!));
    return emitLoops(loops, inner, part, [...starts, partial ? partials(piece) : start(target, strides.at(-1)!)]);
  });
  if (!partial) return parts;
  const combined = combinePartials(
    emitter,
    fn,
    { dtype, bytes, count, pieces: Math.ceil(sizes[dimension]! / each) },
    emitter.output(plan, outputs[0]!),
    (a, b) => combine(name, dtype, a, b),
    name === "sum",
  );
  return [parts, combined];
}

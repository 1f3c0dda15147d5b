// Reductions: sums and extrema over axes, with the elementwise nodes that only they need computed on the way.
//
// Where the innermost dimension is reduced, vectors accumulate along it and are combined at the end (`alongRows`); where it
// is kept, each lane accumulates its own element, several vectors of a row at a time (`acrossRows`).
import {
  collapse,
  externalValues,
  type Nest,
  type Plan,
  type ReductionKernel,
  type View,
  wholeView,
} from "@hooke/plan";
import { byteSize, type DType, sizeOf } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32, memory, v128 } from "../encoder/opcodes.ts";
import { Access } from "./access.ts";
import { combine, identity } from "./accumulation.ts";
import { acrossRows } from "./across-rows.ts";
import { alongRows } from "./along-rows.ts";
import { Body, lanesOf } from "./body.ts";
import type { Emitter } from "./emitter.ts";
import { outerLoops, partsOf, wholeNest } from "./pointwise.ts";
import type { Part } from "./reduction-parts.ts";
import type { Lanes } from "./vector.ts";

/** What a reduction reads and writes, and its loops: over kept dimensions, reduced ones, and the innermost. */
export function nestOfReduction(
  { node, nodes }: ReductionKernel,
  { views, fills }: Pick<Plan, "views" | "fills">,
): {
  readonly reads: readonly View[];
  /** The result, seen from the shape that is reduced. */
  readonly target: View;
  readonly nest: Nest;
  readonly kept: number;
  readonly keptLast: boolean;
  readonly lanes: Lanes;
} {
  const input = node.inputs[0]!;
  const reduced = input.shape.map((_, axis) => (node.params.axes.includes(axis) ? 1 : 0));
  const reads = [...new Set(externalValues({ fills }, nodes, [input]).map((value) => views.get(value)!))];
  const target = spread(wholeView(node.outputs[0]!), reduced);
  const lanes = lanesOf([
    ...reads.map(({ root }) => root.dtype),
    input.dtype,
    ...nodes.map(({ outputs }) => outputs[0]!.dtype),
  ]);
  return { reads, target, lanes, ...nestOf(input.shape, [...reads, target], reduced) };
}

export function emitReduction(emitter: Emitter, plan: Plan, kernel: ReductionKernel, fn: FunctionBuilder): void {
  const { node } = kernel;
  const [input, output] = [node.inputs[0]!, node.outputs[0]!];
  const { shape, dtype } = input;
  if (sizeOf(output.shape) === 0) return;
  if (sizeOf(shape) === 0) {
    fn.emit(memory.fill(emitter.output(plan, output), i32.const(0), i32.const(sizeOf(output.shape) * byteSize[dtype])));
    return;
  }
  const { nest, ...found } = nestOfReduction(kernel, plan);
  const loops = { emitter, plan, kernel, ...found };
  fn.emit(emitter.generators.large?.dividedReduction(loops, fn, nest, emitLoops) ?? emitLoops(loops, fn, nest));
}

/** What the loops of a reduction work with. */
export interface ReductionLoops {
  readonly emitter: Emitter;
  readonly plan: Plan;
  readonly kernel: ReductionKernel;
  readonly reads: readonly View[];
  /** The result, seen from the shape that is reduced. */
  readonly target: View;
  readonly lanes: Lanes;
  readonly kept: number;
  readonly keptLast: boolean;
}

/** @param starts where what is read begins, and last the result, where that is known only when the code runs */
function emitLoops(
  { emitter, plan, kernel: { node, nodes }, reads, target, lanes, kept, keptLast }: ReductionLoops,
  fn: FunctionBuilder,
  nest: Nest,
  starts: readonly (Code | undefined)[] = [],
): Code {
  const input = node.inputs[0]!;
  const { shape, dtype } = input;
  const body = new Body(emitter, plan, fn, nodes, lanes);
  const name = node.primitive;
  const start = local.get(body.constant(dtype, identity(name, dtype)));
  const offset = fn.local("i32");
  const inline = sizeOf(shape) >= 32;
  // What is kept lies in memory as 4 bytes an element or more, which 32 bits count; what is reduced may be one number repeated.
  const nests = keptLast ? [wholeNest(nest)] : partsOf(emitter, nest);
  const parts = nests.map(({ sizes, strides, offsets }): Part => {
    const readers = reads.map(
      (view, i) =>
        new Access(emitter, plan, fn, { ...view, offset: view.offset + offsets[i]! }, strides[i]!, starts[i]),
    );
    const byView = new Map(reads.map((view, i) => [view, readers[i]!]));
    return {
      sizes,
      readers,
      enter: readers.map((access) => access.enter(fn, lanes)),
      accumulate(count, into, ahead) {
        const { code, results } = body.evaluate(byView, [input], count, offset, inline, ahead);
        const value = local.get(results[0]!);
        // Where the lanes of one vector are combined later, those beyond the end must leave the others as they are.
        const masked = keptLast || count === lanes ? value : v128.bitselect(value, start, lowLanes(count, dtype));
        return [code, local.set(into, combine(name, dtype, local.get(into), masked))];
      },
    };
  });
  const writer = new Access(emitter, plan, fn, target, nest.strides.at(-1)!, starts.at(-1));
  const wide = emitter.generators.wide?.reducing(emitter, fn);
  const reduction = { fn, name, dtype, lanes, start, offset, kept, nodes: nodes.length, parts, writer, wide };
  const code = keptLast ? acrossRows(reduction) : alongRows(reduction);
  const accesses = [...parts.flatMap(({ readers }) => readers), writer];
  return [
    accesses.map((access) => access.begin()),
    body.prologue(),
    outerLoops(fn, nest.sizes.slice(0, kept), accesses, code),
  ];
}

const lowLanes = (count: number, dtype: DType): Code => {
  const bytes = count * (dtype === "f64" ? 8 : 4);
  return v128.const(Array.from({ length: 16 }, (_, i) => (i < bytes ? 255 : 0)));
};

/** The dimensions in the order of the loops: kept ones, reduced ones, and last the innermost of the array. */
function nestOf(
  shape: readonly number[],
  views: readonly View[],
  reduced: readonly number[],
): { readonly nest: Nest; readonly kept: number; readonly keptLast: boolean } {
  const { sizes, strides, groups } = collapse(
    shape,
    views.map((view) => view.strides),
    reduced,
  );
  const keptLast = groups.at(-1) === 0;
  const outer = [...groups.keys()].slice(0, keptLast ? -1 : undefined);
  const order = [
    ...outer.filter((i) => groups[i] === 0),
    ...outer.filter((i) => groups[i] === 1),
    ...(keptLast ? [groups.length - 1] : []),
  ];
  const nest = { sizes: order.map((i) => sizes[i]!), strides: strides.map((own) => order.map((i) => own[i]!)) };
  return { nest, kept: outer.filter((i) => groups[i] === 0).length, keptLast };
}

/** A reduced array seen from the shape it was reduced from: it stands still along reduced axes. */
function spread(view: View, reduced: readonly number[]): View {
  let next = 0;
  const strides = reduced.map((flag) => (flag === 1 ? 0 : view.strides[next++]!));
  return { ...view, shape: [], strides };
}

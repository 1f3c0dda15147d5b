// Reductions: sums and extrema over axes, with the elementwise nodes that only they need computed on the way.
//
// Where the innermost dimension is reduced, vectors accumulate along it and are combined at the end; where it is kept, each
// lane accumulates its own element.
import { byteSize, type DType, sizeOf } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { forLoop, local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i8x16, i32, i32x4, memory, v128 } from "../encoder/opcodes.ts";
import type { ReductionKernel } from "../plan/kernel.ts";
import type { Plan } from "../plan/plan.ts";
import { collapse, type View, wholeView } from "../plan/view.ts";
import { Access } from "./access.ts";
import { Body, externalValues, lanesOf } from "./body.ts";
import type { Emitter } from "./emitter.ts";
import { outerLoops } from "./pointwise.ts";
import type { Lanes } from "./vector.ts";

type Name = ReductionKernel["node"]["primitive"];

/** Vectors that accumulate side by side, to hide the latency of an addition. */
const unroll = 4;

function combine(name: Name, dtype: DType, a: Code, b: Code): Code {
  if (dtype === "f32" || dtype === "f64") {
    const ops = dtype === "f32" ? f32x4 : f64x2;
    return name === "sum" ? ops.add(a, b) : ops[name](a, b);
  }
  if (name === "sum") return i32x4.add(a, b);
  return i32x4[`${name}_${dtype === "i32" ? "s" : "u"}`](a, b);
}

/** What leaves the other operand as it is. */
function identity(name: Name, dtype: DType): number {
  if (name === "sum") return 0;
  if (dtype === "i32") return name === "max" ? -2147483648 : 2147483647;
  if (dtype === "u32") return name === "max" ? 0 : 4294967295;
  return name === "max" ? -Infinity : Infinity;
}

const rotated = (bytes: number, value: number): Code =>
  i8x16.shuffle(
    Array.from({ length: 16 }, (_, i) => (i + bytes) % 16),
    local.get(value),
    local.get(value),
  );

/** Combines the lanes of a local into its lane 0. */
function horizontal(name: Name, dtype: DType, lanes: Lanes, value: number): Code {
  const step = (bytes: number): Code => local.set(value, combine(name, dtype, local.get(value), rotated(bytes, value)));
  if (dtype === "f64") return step(8);
  return lanes === 4 ? [step(8), step(4)] : step(4);
}

export function emitReduction(emitter: Emitter, plan: Plan, kernel: ReductionKernel, fn: FunctionBuilder): void {
  const { node, nodes } = kernel;
  const [input, output] = [node.inputs[0]!, node.outputs[0]!];
  const { shape, dtype } = input;
  if (sizeOf(output.shape) === 0) return;
  if (sizeOf(shape) === 0) {
    fn.emit(memory.fill(emitter.output(plan, output), i32.const(0), i32.const(sizeOf(output.shape) * byteSize[dtype])));
    return;
  }
  const reduced = shape.map((_, axis) => (node.params.axes.includes(axis) ? 1 : 0));
  const reads = [...new Set(externalValues(plan, nodes, [input]).map((value) => plan.views.get(value)!))];
  const target = spread(wholeView(output), reduced);
  const views = [...reads, target];
  const nest = collapse(
    shape,
    views.map(({ strides }) => strides),
    reduced,
  );
  const dimensions = nest.sizes.map((_, i) => i);
  const keptLast = nest.groups.at(-1) === 0;
  const last = keptLast ? dimensions.pop()! : undefined;
  const order = [
    ...dimensions.filter((i) => nest.groups[i] === 0),
    ...dimensions.filter((i) => nest.groups[i] === 1),
    ...(last === undefined ? [] : [last]),
  ];
  const sizes = order.map((i) => nest.sizes[i]!);
  const keptOuter = dimensions.filter((i) => nest.groups[i] === 0).length;
  const strides = nest.strides.map((own) => order.map((i) => own[i]!));
  const lanes = lanesOf([
    ...reads.map(({ root }) => root.dtype),
    dtype,
    ...nodes.map(({ outputs }) => outputs[0]!.dtype),
  ]);
  const accesses = views.map((view, i) => new Access(emitter, plan, fn, view, strides[i]!));
  const readers = accesses.slice(0, -1);
  const writer = accesses.at(-1)!;
  const byView = new Map(reads.map((view, i) => [view, readers[i]!]));
  const body = new Body(emitter, plan, fn, nodes, lanes);
  const offset = fn.local("i32");
  const start = local.get(body.constant(dtype, identity(node.primitive, dtype)));

  const vector = (count: number): { code: Code; value: Code } => {
    const { code, results } = body.evaluate(byView, [input], count, offset, sizeOf(shape) >= 32);
    return { code, value: local.get(results[0]!) };
  };
  const accumulate = (count: number, into: number, mask: boolean): Code => {
    const { code, value } = vector(count);
    const width = dtype === "f64" ? 8 : 4;
    const valid = v128.const(Array.from({ length: 16 }, (_, i) => (i < count * width ? 255 : 0)));
    const masked = mask && count < lanes ? v128.bitselect(value, start, valid) : value;
    return [code, local.set(into, combine(node.primitive, dtype, local.get(into), masked))];
  };
  const enter = readers.map((access) => access.enter(fn, lanes));

  let code: Code;
  if (keptLast) {
    const accumulator = fn.local("v128");
    const size = sizes.at(-1)!;
    const block = (count: number): Code => [
      local.set(accumulator, start),
      outerLoops(fn, sizes.slice(keptOuter, -1), readers, [enter, accumulate(count, accumulator, false)], keptOuter),
      writer.store(fn, lanes, count, offset, accumulator),
    ];
    code = alongInner(size, lanes, offset, block);
  } else {
    const size = sizes.at(-1) ?? 1;
    const many = size >= 2 * unroll * lanes;
    const accumulators = Array.from({ length: many ? unroll : 1 }, () => fn.local("v128"));
    const [first] = accumulators as [number];
    const wide = many ? Math.floor(size / (unroll * lanes)) * unroll * lanes : 0;
    const whole = Math.floor(size / lanes) * lanes;
    const step = local.set(offset, i32.add(local.get(offset), i32.const(4 * lanes)));
    const wideBody = accumulators.map((accumulator, i) => [i === 0 ? [] : step, accumulate(lanes, accumulator, false)]);
    const inner: Code[] = [enter];
    // The steps within the body move the offset too.
    if (wide > 0) inner.push(forLoop({ index: offset, start: 0, limit: 4 * wide, step: 4 * lanes }, wideBody));
    if (whole > wide)
      inner.push(
        forLoop({ index: offset, start: 4 * wide, limit: 4 * whole, step: 4 * lanes }, accumulate(lanes, first, false)),
      );
    if (size > whole) inner.push(local.set(offset, i32.const(4 * whole)), accumulate(size - whole, first, true));
    code = [
      accumulators.map((accumulator) => local.set(accumulator, start)),
      outerLoops(fn, sizes.slice(keptOuter, -1), readers, inner, keptOuter),
      accumulators
        .slice(1)
        .map((other) => local.set(first, combine(node.primitive, dtype, local.get(first), local.get(other)))),
      horizontal(node.primitive, dtype, lanes, first),
      local.set(offset, i32.const(0)),
      writer.store(fn, lanes, 1, offset, first),
    ];
  }
  fn.emit(
    accesses.map((access) => access.begin()),
    body.prologue(),
    outerLoops(fn, sizes.slice(0, keptOuter), accesses, code),
  );
}

/** `block` on whole vectors, then on the rest. */
function alongInner(size: number, lanes: Lanes, offset: number, block: (count: number) => Code): Code {
  const whole = Math.floor(size / lanes) * lanes;
  const code: Code[] = [];
  if (whole > 0) code.push(forLoop({ index: offset, start: 0, limit: 4 * whole, step: 4 * lanes }, block(lanes)));
  if (size > whole) code.push(local.set(offset, i32.const(4 * whole)), block(size - whole));
  return code;
}

/** A reduced array seen from the shape it was reduced from: it stands still along reduced axes. */
function spread(view: View, reduced: readonly number[]): View {
  let next = 0;
  const strides = reduced.map((flag) => (flag === 1 ? 0 : view.strides[next++]!));
  return { ...view, shape: [], strides };
}

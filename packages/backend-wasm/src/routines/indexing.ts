// Gathering and scattering rows by index, and the index of a maximum.
import { byteSize, type Shape, sizeOf } from "@hooke/runtime";
import { advance, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local, when } from "../encoder/control.ts";
import { cover } from "../encoder/cover.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32, f64, i32, memory } from "../encoder/opcodes.ts";
import type { Routine } from "./routine.ts";
import { addRow, clearRow, copyRow } from "./rows.ts";
import { longestRun, totalsOf } from "./totals.ts";

/** An array around one axis: `outer * length * inner` elements. */
export function aroundAxis(shape: Shape, axis: number): { outer: number; length: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), length: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}

/** What is done for one index. */
interface IndexVisit {
  /** Where the index exists; the local given to `visit` holds the address of the row it names. */
  readonly inside: Code;
  readonly outside?: Code;
  /** Afterwards, in both cases. */
  readonly next: Code;
}

type Sizes = Record<"outer" | "length" | "rowBytes" | "count", number>;

/** Visits every index in each of the `outer` blocks of the array whose rows are picked. */
function forEachIndex(
  fn: FunctionBuilder,
  { outer, length, rowBytes, count }: Sizes,
  array: Code,
  indices: Code,
  visit: (row: number) => IndexVisit,
): Code {
  const [row, base, list, picked, j, o] = fn.locals("i32", 6);
  const { inside, outside, next } = visit(row);
  const found = local.set(row, plus(local.get(base), [local.get(picked), rowBytes]));
  const body: Code = [
    local.set(picked, i32.load(i32.add(local.get(list), i32.shl(local.get(j), i32.const(2))))),
    // Indices are signed: none is 2^31, however long a row of booleans is.
    when(i32.lt_u(local.get(picked), i32.const(Math.min(length, 2 ** 31))), [found, inside], outside),
    next,
  ];
  return [
    local.set(base, array),
    local.set(list, indices),
    forLoop({ index: o, start: 0, limit: outer }, [
      forLoop({ index: j, start: 0, limit: count }, body),
      advance(base, length * rowBytes),
    ]),
  ];
}

export function emitGather({ node, operands, output, fn }: Routine<"gather">): void {
  const [x, indices] = node.inputs as [(typeof node.inputs)[number], (typeof node.inputs)[number]];
  const { outer, length, inner } = aroundAxis(x.shape, node.params.axis);
  const rowBytes = inner * byteSize[x.dtype];
  if (rowBytes === 0) return;
  const target = fn.local("i32");
  const sizes = { outer, length, rowBytes, count: sizeOf(indices.shape) };
  fn.emit(
    local.set(target, output),
    forEachIndex(fn, sizes, operands[0]!, operands[1]!, (row) => ({
      inside: copyRow(target, row, rowBytes),
      outside: clearRow(target, rowBytes),
      next: advance(target, rowBytes),
    })),
  );
}

export function emitScatterAdd(routine: Routine<"scatterAdd">): void {
  const { node, operands, output, fn } = routine;
  const [indices, updates] = node.inputs as [(typeof node.inputs)[number], (typeof node.inputs)[number]];
  const result = node.outputs[0]!;
  const { outer, length, inner } = aroundAxis(result.shape, node.params.axis);
  const rowBytes = inner * byteSize[result.dtype];
  const sizes = { outer, length, rowBytes, count: sizeOf(indices.shape) };
  if (result.dtype === "f32" && sizes.count > longestRun && sizeOf(result.shape) > 0) {
    scatterInTotals(routine, sizes, inner);
    return;
  }
  const source = fn.local("i32");
  fn.emit(
    memory.fill(output, i32.const(0), i32.const(sizeOf(result.shape) * byteSize[result.dtype])),
    local.set(source, operands[1]!),
    forEachIndex(fn, sizes, output, operands[0]!, (row) => ({
      inside: addRow(fn, inner, updates.dtype, row, source),
      next: advance(source, rowBytes),
    })),
  );
}

/** Bytes of totals at a time: larger results go through the indices once for each part of their rows. */
const totalsBytes = 2 ** 25;

/** Any number of updates of f32 may meet in one row: they are added up in f64, for as many rows at a time as there are totals. */
function scatterInTotals(
  { emitter, operands, output, fn }: Routine<"scatterAdd">,
  { outer, length, rowBytes, count }: Sizes,
  inner: number,
): void {
  const most = Math.min(length, Math.max(1, Math.floor(totalsBytes / (2 * rowBytes))));
  const [source, list, totals, target, first, picked, row, j, o] = fn.locals("i32", 9);
  const get = local.get;
  const add = totalsOf(fn, row, source).add(inner);
  const finish = totalsOf(fn, totals, target).finish;
  const rows = (size: number): Code => [
    memory.fill(get(totals), i32.const(0), i32.const(2 * rowBytes * size)),
    forLoop({ index: j, start: 0, limit: count }, [
      local.set(picked, i32.sub(i32.load(i32.add(get(list), i32.shl(get(j), i32.const(2)))), get(first))),
      when(i32.lt_u(get(picked), i32.const(size)), [
        local.set(row, plus(get(totals), [get(picked), 2 * rowBytes])),
        add,
      ]),
      advance(source, rowBytes),
    ]),
    advance(source, -count * rowBytes),
    finish(size * inner),
    advance(target, size * rowBytes),
  ];
  fn.emit(
    local.set(source, operands[1]!),
    local.set(list, operands[0]!),
    local.set(totals, emitter.scratch(2 * rowBytes * most)),
    local.set(target, output),
    forLoop({ index: o, start: 0, limit: outer }, [
      cover(fn, first, length, length, most, rows),
      advance(source, count * rowBytes),
    ]),
  );
}

export function emitArgMax({ node, operands, output, fn }: Routine<"argMax">): void {
  const x = node.inputs[0]!;
  const { outer, length, inner } = aroundAxis(x.shape, node.params.axis);
  const size = byteSize[x.dtype];
  const type = x.dtype === "f64" ? "f64" : x.dtype === "f32" ? "f32" : "i32";
  const float = type === "f64" ? f64 : f32;
  const [source, target, base, t, i, o, winner] = fn.locals("i32", 7);
  const [value, best] = [fn.local(type), fn.local(type)];
  const [v, b] = [local.get(value), local.get(best)];
  const load = type === "i32" ? i32.load(local.get(source)) : float.load(local.get(source));
  // NaN counts as the maximum; the first one wins.
  const wins =
    type === "i32"
      ? x.dtype === "u32"
        ? i32.gt_u(v, b)
        : i32.gt_s(v, b)
      : i32.or(float.gt(v, b), i32.and(float.ne(v, v), float.eq(b, b)));
  const take: Code = [local.set(best, v), local.set(winner, local.get(t))];
  fn.emit(
    local.set(base, operands[0]!),
    local.set(target, output),
    forLoop({ index: o, start: 0, limit: outer }, [
      forLoop({ index: i, start: 0, limit: inner }, [
        local.set(source, plus(local.get(base), [local.get(i), size])),
        local.set(best, load),
        local.set(winner, i32.const(0)),
        forLoop({ index: t, start: 1, limit: length }, [
          advance(source, inner * size),
          local.set(value, load),
          when(wins, take),
        ]),
        i32.store(local.get(target), local.get(winner)),
        advance(target, 4),
      ]),
      advance(base, length * inner * size),
    ]),
  );
}

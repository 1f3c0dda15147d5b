// Gathering and scattering rows by index, running sums, and the index of a maximum.
import { byteSize, type Shape, sizeOf } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { forLoop, local, when } from "../encoder/control.ts";
import { f32, f64, i32, memory } from "../encoder/opcodes.ts";
import type { Routine } from "./routine.ts";
import { addRow, clearRow, copyRow } from "./rows.ts";

/** An array around one axis: `outer * length * inner` elements. */
export function aroundAxis(shape: Shape, axis: number): { outer: number; length: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), length: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}

const advance = (pointer: number, bytes: number): Code =>
  local.set(pointer, i32.add(local.get(pointer), i32.const(bytes)));

export function emitGather({ node, operands, output, fn }: Routine<"gather">): void {
  const [x, indices] = node.inputs as [(typeof node.inputs)[number], (typeof node.inputs)[number]];
  const { outer, length, inner } = aroundAxis(x.shape, node.params.axis);
  const bytes = inner * byteSize[x.dtype];
  const count = sizeOf(indices.shape);
  const [target, source, base, row, j, o] = fn.locals("i32", 6);
  const index = i32.load(i32.add(local.get(row), i32.shl(local.get(j), i32.const(2))));
  const picked = fn.local("i32");
  const body: Code = [
    local.set(picked, index),
    when(
      i32.lt_u(local.get(picked), i32.const(length)),
      [
        local.set(source, i32.add(local.get(base), i32.mul(local.get(picked), i32.const(bytes)))),
        copyRow(target, source, bytes),
      ],
      clearRow(target, bytes),
    ),
    advance(target, bytes),
  ];
  if (bytes === 0) return;
  fn.emit(
    local.set(target, output),
    local.set(base, operands[0]!),
    local.set(row, operands[1]!),
    forLoop({ index: o, start: 0, limit: outer }, [
      forLoop({ index: j, start: 0, limit: count }, body),
      advance(base, length * bytes),
    ]),
  );
}

export function emitScatterAdd({ node, operands, output, fn }: Routine<"scatterAdd">): void {
  const [indices, updates] = node.inputs as [(typeof node.inputs)[number], (typeof node.inputs)[number]];
  const result = node.outputs[0]!;
  const { outer, length, inner } = aroundAxis(result.shape, node.params.axis);
  const bytes = inner * byteSize[result.dtype];
  const count = sizeOf(indices.shape);
  const [target, source, base, row, j, o, picked] = fn.locals("i32", 7);
  const body: Code = [
    local.set(picked, i32.load(i32.add(local.get(row), i32.shl(local.get(j), i32.const(2))))),
    when(i32.lt_u(local.get(picked), i32.const(length)), [
      local.set(target, i32.add(local.get(base), i32.mul(local.get(picked), i32.const(bytes)))),
      addRow(fn, inner, updates.dtype, target, source),
    ]),
    advance(source, bytes),
  ];
  fn.emit(
    memory.fill(output, i32.const(0), i32.const(sizeOf(result.shape) * byteSize[result.dtype])),
    local.set(base, output),
    local.set(row, operands[0]!),
    local.set(source, operands[1]!),
    forLoop({ index: o, start: 0, limit: outer }, [
      forLoop({ index: j, start: 0, limit: count }, body),
      advance(base, length * bytes),
    ]),
  );
}

export function emitCumsum({ node, operands, output, fn }: Routine<"cumsum">): void {
  const x = node.inputs[0]!;
  const { axis, reverse } = node.params;
  const { outer, length, inner } = aroundAxis(x.shape, axis);
  if (sizeOf(x.shape) === 0) return;
  const bytes = inner * byteSize[x.dtype];
  const step = reverse ? -bytes : bytes;
  const [target, before, base, t, o] = fn.locals("i32", 5);
  const first = reverse ? (length - 1) * bytes : 0;
  // The result starts as a copy and accumulates in place.
  fn.emit(
    memory.copy(output, operands[0]!, i32.const(sizeOf(x.shape) * byteSize[x.dtype])),
    local.set(base, output),
    forLoop({ index: o, start: 0, limit: outer }, [
      local.set(before, i32.add(local.get(base), i32.const(first))),
      forLoop({ index: t, start: 1, limit: length }, [
        local.set(target, i32.add(local.get(before), i32.const(step))),
        addRow(fn, inner, x.dtype, target, before),
        local.set(before, local.get(target)),
      ]),
      advance(base, length * bytes),
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
        local.set(source, i32.add(local.get(base), i32.mul(local.get(i), i32.const(size)))),
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

// Running sums.
import { byteSize, sizeOf } from "@hooke/runtime";
import { advance } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local } from "../encoder/control.ts";
import { cover } from "../encoder/cover.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32, f32x4, f64, f64x2, i32, memory } from "../encoder/opcodes.ts";
import { aroundAxis } from "./indexing.ts";
import type { Routine } from "./routine.ts";
import { addRow, mapRow } from "./rows.ts";

export function emitCumsum(routine: Routine<"cumsum">): void {
  const x = routine.node.inputs[0]!;
  if (sizeOf(x.shape) === 0) return;
  if (x.dtype === "f32") inTotals(routine);
  else inPlace(routine);
}

/** The result starts as a copy and accumulates in place. */
function inPlace({ node, operands, output, fn }: Routine<"cumsum">): void {
  const x = node.inputs[0]!;
  const { axis, reverse } = node.params;
  const { outer, length, inner } = aroundAxis(x.shape, axis);
  const bytes = inner * byteSize[x.dtype];
  const step = reverse ? -bytes : bytes;
  const [target, before, base, t, o] = fn.locals("i32", 5);
  const first = reverse ? (length - 1) * bytes : 0;
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

/** Neighbouring sums of f32 that run side by side, with totals in f64 in the first-level cache. */
const strip = 512;

function inTotals({ emitter, node, operands, output, fn }: Routine<"cumsum">): void {
  const x = node.inputs[0]!;
  const { axis, reverse } = node.params;
  const { outer, length, inner } = aroundAxis(x.shape, axis);
  const rowBytes = 4 * inner;
  const [source, target, column, t, o] = fn.locals("i32", 5);
  const move = (bytes: number): Code => [advance(source, bytes), advance(target, bytes)];
  const step = reverse ? -rowBytes : rowBytes;
  const along = (begin: Code, width: number, add: Code): Code => [
    begin,
    move(reverse ? (length - 1) * rowBytes : 0),
    forLoop({ index: t, start: 0, limit: length }, [add, move(step)]),
    // Back to the first row, and on to the next columns.
    move((reverse ? rowBytes : -length * rowBytes) + 4 * width),
  ];
  const columns =
    inner === 1
      ? single(fn, source, target, along)
      : strips(fn, inner, column, emitter.scratch(8 * strip), source, target, along);
  fn.emit(
    local.set(source, operands[0]!),
    local.set(target, output),
    forLoop({ index: o, start: 0, limit: outer }, [columns, move((length - 1) * rowBytes)]),
  );
}

type Along = (begin: Code, width: number, add: Code) => Code;

function single(fn: FunctionBuilder, source: number, target: number, along: Along): Code {
  const total = fn.local("f64");
  return along(local.set(total, f64.const(0)), 1, [
    local.set(total, f64.add(local.get(total), f64.promote_f32(f32.load(local.get(source))))),
    f32.store(local.get(target), f32.demote_f64(local.get(total))),
  ]);
}

function strips(
  fn: FunctionBuilder,
  inner: number,
  column: number,
  scratch: Code,
  source: number,
  target: number,
  along: Along,
): Code {
  const totals = fn.local("i32");
  const rows = [
    { address: totals, dtype: "f64" },
    { address: source, dtype: "f32" },
    { address: target, dtype: "f32" },
  ] as const;
  const width = (count: number): Code =>
    along(
      memory.fill(local.get(totals), i32.const(0), i32.const(8 * count)),
      count,
      mapRow(fn, count, rows.slice(0, 2), [rows[0], rows[2]], (total, value) => {
        const sum = f64x2.add(total!, f64x2.promote_low_f32x4(value!));
        return [sum, f32x4.demote_f64x2_zero(sum)];
      }),
    );
  return [local.set(totals, scratch), cover(fn, column, inner, inner, strip, width)];
}

// Pooling: for every output position and tap, an operation on the row of channels.
import { byteSize, type DType, fail, type NodeOf, type Shape, sizeOf } from "@hooke/runtime";
import { narrowMask, widenMask } from "../codegen/vector.ts";
import { advance, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local, when } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i32, i32x4, memory, v128 } from "../encoder/opcodes.ts";
import type { Routine } from "./routine.ts";
import { addRow, mapRow, type Row } from "./rows.ts";
import { longestRun, totalsOf } from "./totals.ts";
import { mostWindows, visitTaps, type Windows } from "./windows.ts";

type Pooling = "maxPool" | "maxPoolIndex" | "poolGather" | "poolScatter" | "sumPool" | "sumPoolTranspose";

const windowsOf = (x: Shape, y: Shape, params: NodeOf<"maxPool">["params"]): Windows => ({
  input: x.slice(1, -1),
  output: y.slice(1, -1),
  window: params.window,
  stride: params.stride,
  padding: params.padding,
  dilation: params.window.map(() => 1),
});

export function emitPooling({ emitter, node, operands, output, fn }: Routine<Pooling>): void {
  const { primitive: name } = node;
  const result = node.outputs[0]!;
  const spread = name === "poolScatter" || name === "sumPoolTranspose";
  const x = spread ? result.shape : node.inputs[0]!.shape;
  const y = spread ? node.inputs[0]!.shape : result.shape;
  const dtype = node.inputs[0]!.dtype as "f32" | "f64";
  if (sizeOf(x) === 0 && sizeOf(y) === 0) return;
  const channels = x.at(-1)!;
  const rowBytes = channels * byteSize[dtype];
  const windows = windowsOf(x, y, node.params as NodeOf<"maxPool">["params"]);
  // Where many windows meet in one place, or a window is large, f32 needs totals in f64: of an image, or of a row.
  const wide = spread && dtype === "f32" && mostWindows(windows) > longestRun;
  const long = name === "sumPool" && dtype === "f32" && sizeOf(windows.window) > longestRun;
  const imageSize = sizeOf(windows.input) * channels;
  const [xPointer, yPointer, indexPointer] = fn.locals("i32", 3);
  const [xRow, yRow, indexRow, image, out, totals] = fn.locals("i32", 6);
  const indexed = name === "poolGather" || name === "poolScatter" || name === "maxPoolIndex";
  const scratch = fn.local("v128");
  const best = fn.local("i32");
  // The index's rows are found from the pooled array's: 4 bytes where the values have 4 or 8.
  const yIsIndex = name === "maxPoolIndex";
  const setup: Code = [
    local.set(xPointer, spread ? output : operands[0]!),
    yIsIndex ? [] : local.set(yPointer, spread ? operands[0]! : output),
    indexed ? local.set(indexPointer, yIsIndex ? output : operands[1]!) : [],
    yIsIndex ? local.set(best, emitter.scratch(rowBytes)) : [],
    wide || long ? local.set(totals, emitter.scratch(8 * (wide ? imageSize : channels))) : [],
    name === "maxPool" || yIsIndex
      ? []
      : memory.fill(output, i32.const(0), i32.const(sizeOf(result.shape) * byteSize[result.dtype])),
  ];
  const xType = wide ? "f64" : dtype;
  const rows: Rows = {
    x: { address: xRow, dtype: xType },
    y: { address: yRow, dtype },
    index: { address: indexRow, dtype: "i32" },
    best: { address: best, dtype },
  };
  const clear = (pointer: number, bytes: number): Code =>
    memory.fill(local.get(pointer), i32.const(0), i32.const(bytes));
  const rowTotals = totalsOf(fn, totals, yRow);
  const xSize = channels * byteSize[xType];
  const flush = (tap: number): Code =>
    long
      ? when(i32.eqz(i32.rem_u(i32.add(local.get(tap), i32.const(1)), i32.const(longestRun))), [
          rowTotals.add(channels),
          clear(yRow, rowBytes),
        ])
      : [];
  const taps = visitTaps(
    fn,
    windows,
    out,
    ({ from, tap }) => [
      local.set(xRow, plus(local.get(wide ? totals : xPointer), [local.get(from), xSize])),
      combineRow(fn, name, dtype, channels, rows, tap, scratch),
      flush(tap),
    ],
    ({ tap }) => flush(tap),
  );
  const outSize = sizeOf(windows.output);
  const body: Code = [
    local.set(yRow, local.get(yPointer)),
    local.set(indexRow, local.get(indexPointer)),
    beginRow(fn, name, dtype, channels, rows),
    long ? clear(totals, 8 * channels) : [],
    taps,
    long ? [rowTotals.add(channels), rowTotals.finish(channels)] : [],
    advance(yPointer, rowBytes),
    advance(indexPointer, 4 * channels),
  ];
  fn.emit(
    setup,
    forLoop({ index: image, start: 0, limit: x[0]! }, [
      wide ? clear(totals, 8 * imageSize) : [],
      forLoop({ index: out, start: 0, limit: outSize }, body),
      wide ? totalsOf(fn, totals, xPointer).finish(imageSize) : [],
      advance(xPointer, imageSize * byteSize[dtype]),
    ]),
  );
}

interface Rows {
  readonly x: Row;
  readonly y: Row;
  readonly index: Row;
  readonly best: Row;
}

const floats = (dtype: DType): typeof f32x4 | typeof f64x2 => (dtype === "f64" ? f64x2 : f32x4);

/** What a row of the result holds before its first tap. */
function beginRow(fn: FunctionBuilder, name: Pooling, dtype: DType, channels: number, { y, index, best }: Rows): Code {
  const lowest = floats(dtype).const(-Infinity);
  if (name === "maxPool") return mapRow(fn, channels, [], [y], () => [lowest]);
  if (name === "maxPoolIndex") return mapRow(fn, channels, [], [best, index], () => [lowest, i32x4.const(-1)]);
  return [];
}

function combineRow(
  fn: FunctionBuilder,
  name: Pooling,
  dtype: "f32" | "f64",
  channels: number,
  { x, y, index, best }: Rows,
  tap: number,
  scratch: number,
): Code {
  const ops = floats(dtype);
  // Indices are 32 bits wide; beside f64 values they fill half a vector.
  const widen = (mask: Code): Code => (dtype === "f64" ? widenMask(mask) : mask);
  // Totals in f64 take values of f32.
  const add = (total: Code, value: Code): Code =>
    x.dtype === dtype ? ops.add(total, value) : f64x2.add(total, f64x2.promote_low_f32x4(value));
  const hit = (indices: Code): Code => widen(i32x4.eq(indices, i32x4.splat(local.get(tap))));
  switch (name) {
    case "maxPool":
      return mapRow(fn, channels, [y, x], [y], (a, b) => [ops.max(a!, b!)]);
    case "maxPoolIndex":
      return mapRow(fn, channels, [x, best, index], [best, index], (value, highest, at) => {
        const undefinedValue = ops.ne(value!, value!);
        const first = widen(i32x4.eq(at!, i32x4.const(-1)));
        const wins = v128.or(
          first,
          v128.or(ops.gt(value!, highest!), v128.and(undefinedValue, ops.eq(highest!, highest!))),
        );
        const narrow = dtype === "f64" ? narrowMask(wins, scratch) : wins;
        return [v128.bitselect(value!, highest!, wins), v128.bitselect(i32x4.splat(local.get(tap)), at!, narrow)];
      });
    case "poolGather":
      return mapRow(fn, channels, [index, x, y], [y], (at, value, before) => [
        v128.bitselect(value!, before!, hit(at!)),
      ]);
    case "poolScatter":
      return mapRow(fn, channels, [index, y, x], [x], (at, value, before) => [
        add(before!, v128.and(value!, hit(at!))),
      ]);
    case "sumPool":
      return addRow(fn, channels, dtype, y.address, x.address);
    case "sumPoolTranspose":
      return mapRow(fn, channels, [x, y], [x], (before, value) => [add(before!, value!)]);
    default:
      return fail("backend wasm", `no code for ${name satisfies never}.`);
  }
}

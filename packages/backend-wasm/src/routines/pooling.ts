// Pooling: for every output position and tap, an operation on the row of channels.
import { byteSize, type DType, fail, type NodeOf, type Shape, sizeOf } from "@hooke/runtime";
import { narrowMask, widenMask } from "../codegen/vector.ts";
import { inPieces, piecesOf } from "../dividing/grain.ts";
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

export function emitPooling(routine: Routine<Pooling>): void {
  const { emitter, node, fn } = routine;
  const result = node.outputs[0]!;
  const spread = node.primitive === "poolScatter" || node.primitive === "sumPoolTranspose";
  const x = spread ? result.shape : node.inputs[0]!.shape;
  const y = spread ? node.inputs[0]!.shape : result.shape;
  if (sizeOf(x) === 0 && sizeOf(y) === 0) return;
  const windows = windowsOf(x, y, node.params as NodeOf<"maxPool">["params"]);
  const shapes = { windows, spread, images: x[0]!, channels: x.at(-1)! };
  const outSize = sizeOf(windows.output);
  // A channel of a tap is a load, an operation or two and a store.
  const work = 4 * sizeOf(y) * sizeOf(windows.window) * (byteSize[node.inputs[0]!.dtype] / 4);
  const byImages = piecesOf(emitter, work, shapes.images);
  const byPositions = spread || byImages >= 8 ? 1 : piecesOf(emitter, work / shapes.images, outSize);
  const pool = (fn: FunctionBuilder, part: Partial<Part>): Code =>
    poolPart(routine, shapes, {
      ...{ fn, images: shapes.images, firstImage: i32.const(0), positions: outSize, firstPosition: i32.const(0) },
      ...part,
    });
  if (byPositions > 1) {
    const each = Math.ceil(outSize / byPositions);
    const perImage = Math.ceil(outSize / each);
    const rest = outSize - (perImage - 1) * each;
    fn.emit(
      emitter.pieces(shapes.images * perImage, (inner, piece) => {
        const place = i32.rem_u(piece, i32.const(perImage));
        const firstImage = i32.div_u(piece, i32.const(perImage));
        const firstPosition = i32.mul(place, i32.const(each));
        const code = (positions: number): Code => pool(inner, { images: 1, firstImage, positions, firstPosition });
        inner.emit(rest === each ? code(each) : when(i32.eq(place, i32.const(perImage - 1)), code(rest), code(each)));
      }),
    );
    return;
  }
  fn.emit(
    byImages === 1
      ? pool(fn, {})
      : inPieces(emitter, shapes.images, Math.ceil(shapes.images / byImages), (inner, images, firstImage) =>
          pool(inner, { images, firstImage }),
        ),
  );
}

interface Shapes {
  readonly windows: Windows;
  /** Whether the pooled array is spread over the larger one. */
  readonly spread: boolean;
  readonly images: number;
  readonly channels: number;
}

/** Some of the images, or positions of the pooled array. */
interface Part {
  readonly fn: FunctionBuilder;
  readonly images: number;
  readonly firstImage: Code;
  readonly positions: number;
  readonly firstPosition: Code;
}

function poolPart({ emitter, node, operands, output }: Routine<Pooling>, shapes: Shapes, part: Part): Code {
  const { primitive: name } = node;
  const { windows, spread, channels } = shapes;
  const { fn } = part;
  const dtype = node.inputs[0]!.dtype as "f32" | "f64";
  const rowBytes = channels * byteSize[dtype];
  // Where many windows meet in one place, or a window is large, f32 needs totals in f64: of an image, or of a row.
  const wide = spread && dtype === "f32" && mostWindows(windows) > longestRun;
  const long = name === "sumPool" && dtype === "f32" && sizeOf(windows.window) > longestRun;
  const imageSize = sizeOf(windows.input) * channels;
  const outSize = sizeOf(windows.output);
  const [xPointer, yPointer, indexPointer] = fn.locals("i32", 3);
  const [xRow, yRow, indexRow, image, out, totals] = fn.locals("i32", 6);
  const indexed = name === "poolGather" || name === "poolScatter" || name === "maxPoolIndex";
  const scratch = fn.local("v128");
  const together = tapsTogether(name, windows);
  const best = fn.local("i32");
  // The index's rows are found from the pooled array's: 4 bytes where the values have 4 or 8.
  const yIsIndex = name === "maxPoolIndex";
  const firstRow = i32.add(i32.mul(part.firstImage, i32.const(outSize)), part.firstPosition);
  const yStart = plus(spread ? operands[0]! : output, [firstRow, rowBytes]);
  const setup: Code = [
    local.set(xPointer, plus(spread ? output : operands[0]!, [part.firstImage, imageSize * byteSize[dtype]])),
    yIsIndex ? [] : local.set(yPointer, yStart),
    indexed ? local.set(indexPointer, plus(yIsIndex ? output : operands[1]!, [firstRow, 4 * channels])) : [],
    yIsIndex && !together ? local.set(best, emitter.scratch(rowBytes)) : [],
    wide || long ? local.set(totals, emitter.scratch(8 * (wide ? imageSize : channels))) : [],
    name === "maxPool" || yIsIndex
      ? []
      : spread
        ? together && coversAll(windows)
          ? []
          : clearAt(xPointer, part.images * imageSize * byteSize[dtype])
        : clearAt(yPointer, part.images * part.positions * rowBytes),
  ];
  const xType = wide ? "f64" : dtype;
  const rows: Rows = {
    x: { address: xRow, dtype: xType },
    y: { address: yRow, dtype },
    index: { address: indexRow, dtype: "i32" },
    best: { address: best, dtype },
  };
  const rowTotals = totalsOf(fn, totals, yRow);
  const xSize = channels * byteSize[xType];
  const flush = (tap: number): Code =>
    long
      ? when(i32.eqz(i32.rem_u(i32.add(local.get(tap), i32.const(1)), i32.const(longestRun))), [
          rowTotals.add(channels),
          clearAt(yRow, rowBytes),
        ])
      : [];
  const taps = together
    ? allTaps(fn, name, dtype, shapes, { ...rows, x: { address: xPointer, dtype } }, out, scratch)
    : visitTaps(
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
  const body: Code = [
    local.set(yRow, local.get(yPointer)),
    local.set(indexRow, local.get(indexPointer)),
    together ? [] : beginRow(fn, name, dtype, channels, rows),
    long ? clearAt(totals, 8 * channels) : [],
    taps,
    long ? [rowTotals.add(channels), rowTotals.finish(channels)] : [],
    advance(yPointer, rowBytes),
    advance(indexPointer, 4 * channels),
  ];
  return [
    setup,
    forLoop({ index: image, start: 0, limit: part.images }, [
      wide ? clearAt(totals, 8 * imageSize) : [],
      forLoop(
        { index: out, start: part.firstPosition, limit: i32.add(part.firstPosition, i32.const(part.positions)) },
        body,
      ),
      wide ? totalsOf(fn, totals, xPointer).finish(imageSize) : [],
      advance(xPointer, imageSize * byteSize[dtype]),
    ]),
  ];
}

/** Taps at most that a vector of channels meets at a time. */
const mostTogether = 16;

/** Whether all taps of a window are combined in registers: of windows within the image, that do not meet where they are written. */
function tapsTogether(name: Pooling, { input, output, window, stride, padding }: Windows): boolean {
  const within = input.every(
    (size, axis) => padding[axis]![0] === 0 && (output[axis]! - 1) * stride[axis]! + window[axis]! <= size,
  );
  const apart = window.every((size, axis) => stride[axis]! >= size);
  return (
    within &&
    sizeOf(window) <= mostTogether &&
    (name === "maxPool" || name === "maxPoolIndex" || (name === "poolScatter" && apart))
  );
}

/** Whether windows that do not meet leave nothing out. */
const coversAll = ({ input, output, window, stride }: Windows): boolean =>
  input.every((size, axis) => stride[axis] === window[axis] && output[axis]! * stride[axis]! === size);

/** All taps of the window at an output position. */
function allTaps(
  fn: FunctionBuilder,
  name: Pooling,
  dtype: "f32" | "f64",
  { windows, channels }: Shapes,
  { x, y, index }: Rows,
  out: number,
  scratch: number,
): Code {
  const { input, output, window, stride } = windows;
  const ops = floats(dtype);
  const taps = sizeOf(window);
  const rowBytes = channels * byteSize[dtype];
  const places = Array.from({ length: taps }, () => ({ address: fn.local("i32"), dtype }));
  const rest = fn.local("i32");
  const [highest, at] = fn.locals("v128", 2);
  const { get, set } = local;
  // Where the first tap is, and the others from there.
  const first = places[0]!.address;
  const begin: Code[] = [set(rest, get(out)), set(first, get(x.address))];
  const offsets = Array.from({ length: taps }, () => 0);
  for (let [axis, below, inWindow] = [window.length - 1, rowBytes, 1]; axis >= 0; axis--) {
    const step = below;
    const place = axis === 0 ? get(rest) : i32.rem_u(get(rest), i32.const(output[axis]!));
    begin.push(set(first, plus(get(first), [place, stride[axis]! * step])));
    if (axis > 0) begin.push(set(rest, i32.div_u(get(rest), i32.const(output[axis]!))));
    for (const tap of offsets.keys()) offsets[tap]! += (Math.floor(tap / inWindow) % window[axis]!) * step;
    below *= input[axis]!;
    inWindow *= window[axis]!;
  }
  const others = places.slice(1).map(({ address }, i) => set(address, i32.add(get(first), i32.const(offsets[i + 1]!))));
  const widen = (mask: Code): Code => (dtype === "f64" ? widenMask(mask) : mask);
  const combined = (): Code => {
    if (name === "maxPool")
      return mapRow(fn, channels, places, [y], (...values) => [values.reduce((a, b) => ops.max(a, b))]);
    if (name === "poolScatter")
      return mapRow(fn, channels, [index, y], places, (chosen, value) =>
        places.map((_, tap) => ops.add(ops.const(0), v128.and(value!, widen(i32x4.eq(chosen!, i32x4.const(tap)))))),
      );
    return mapRow(fn, channels, places, [index], (...values) => [
      [
        set(highest, values[0]!),
        set(at, i32x4.const(0)),
        values.slice(1).map((value, i) => {
          const undefinedValue = v128.and(ops.ne(value, value), ops.eq(get(highest), get(highest)));
          const wins = fn.local("v128");
          const code = [
            set(wins, v128.or(ops.gt(value, get(highest)), undefinedValue)),
            set(highest, v128.bitselect(value, get(highest), get(wins))),
            set(
              at,
              v128.bitselect(i32x4.const(i + 1), get(at), dtype === "f64" ? narrowMask(get(wins), scratch) : get(wins)),
            ),
          ];
          fn.release(wins);
          return code;
        }),
        get(at),
      ],
    ]);
  };
  const code = [begin, others, combined()];
  fn.release(rest, highest, at, ...places.map(({ address }) => address));
  return code;
}

const clearAt = (pointer: number, bytes: number): Code =>
  memory.fill(local.get(pointer), i32.const(0), i32.const(bytes));

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

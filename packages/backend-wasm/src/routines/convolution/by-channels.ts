// Convolution and its two gradients where positions are few beside a large kernel, as in the last layers of a network: the kernel passes through memory
// once. Each piece has some of the input's channels, and goes from tap to tap of the window.
import { sizeOf } from "@hooke/runtime";
import { inPieces, piecesOf } from "../../dividing/grain.ts";
import { emitPanels, type PanelSource } from "../../dividing/panels.ts";
import { combinePartials, partialStride } from "../../dividing/partials.ts";
import { advance, plus } from "../../encoder/address.ts";
import type { Code } from "../../encoder/code.ts";
import { call, forLoop, local, when } from "../../encoder/control.ts";
import type { FunctionBuilder } from "../../encoder/module.ts";
import { i32, memory } from "../../encoder/opcodes.ts";
import { gemmScratch } from "../../gemm/gemm.ts";
import { type GemmProblem, layoutOf } from "../../gemm/problem.ts";
import { product } from "../dot.ts";
import type { Routine } from "../routine.ts";
import { addRow, clearRow, copyRow } from "../rows.ts";
import { longestRun } from "../totals.ts";
import { mostWindows } from "../windows.ts";
import { type Convolution, type Geometry, partialBytes } from "./geometry.ts";
import { scratchOf } from "./scratch.ts";

/** Positions at most, of all images: more repay reading the kernel several times, or its transform. */
const mostPositions = 128;
/** Bytes of the kernel at least: a smaller one stays in the second-level cache. */
const kernelBytes = 2 ** 19;
/** Channels of a piece: as many as are added up in registers. */
const channelsOfPiece = 64;

/** Whether the kernel is large and positions are few. What is added to one number, outside registers, is at most `longestRun`. */
export const isByChannels = ({
  windows,
  groups,
  channels,
  images,
  positions,
  patch,
  filters,
  size,
}: Geometry): boolean =>
  groups === 1 &&
  channels % channelsOfPiece === 0 &&
  images * positions <= mostPositions &&
  patch * filters * size >= kernelBytes &&
  Math.max(sizeOf(windows.window), mostWindows(windows)) <= longestRun &&
  (channels / channelsOfPiece) * partialStride(images * positions * filters * size) <= partialBytes;

/** Code of the whole. */
export function byChannels(routine: Routine<Convolution>, geometry: Geometry): Code {
  const { emitter, node, operands, output, fn } = routine;
  const { windows, dtype, size, images, positions, patch, channels, filters } = geometry;
  const name = node.primitive;
  const rows = images * positions;
  const pixel = channels * size;
  const pieces = piecesOf(emitter, rows * patch * filters * (size / 4), channels, channelsOfPiece);
  const each = Math.ceil(channels / pieces / channelsOfPiece) * channelsOfPiece;
  const [first, second] = operands as [Code, Code];
  const kernelRows = (kernel: Code, tap: Code, channel: Code): Code =>
    plus(kernel, [tap, channels * filters * size], [channel, filters * size]);
  const general = { dtype, transposeA: false, transposeB: false } as const;
  /** `code` for each tap, with the patches of a tap, or room for them. */
  const taps = (
    inner: FunctionBuilder,
    problem: GemmProblem,
    code: (tap: Code, patches: Code, gemm: Code) => Code,
  ): Code => {
    const tap = inner.local("i32");
    const [patches, gemm] = scratchOf(emitter, rows * each * size, gemmScratch(problem, emitter.generators.large));
    const loop = forLoop({ index: tap, start: 0, limit: sizeOf(windows.window) }, code(local.get(tap), patches, gemm));
    inner.release(tap);
    return loop;
  };
  const divided = (code: (inner: FunctionBuilder, count: number, channel: Code, piece: Code) => Code): Code =>
    each >= channels ? code(fn, channels, i32.const(0), i32.const(0)) : inPieces(emitter, channels, each, code);
  const pass = (direction: "gather" | "scatter", count: number, image: Code, patches: Code, tap: Code): Code =>
    call(addTap(routine, geometry, direction, count), image, patches, tap);
  /** Panels of `y`, rows of A or of B, that all pieces read. */
  const yPanels = (y: Code, source: Omit<PanelSource, "pointer" | "dtype">) =>
    emitPanels(emitter, fn, { ...source, pointer: y, dtype });

  switch (name) {
    case "conv": {
      const bytes = rows * filters * size;
      const stride = partialStride(bytes);
      const count = Math.ceil(channels / each);
      const partials = count === 1 ? output : emitter.partials(count * stride);
      const code = divided((inner, some, channel, piece) => {
        const problem: GemmProblem = { ...general, m: rows, n: filters, k: some, accumulate: true };
        const target = count === 1 ? output : plus(partials, [piece, stride]);
        return [
          memory.fill(target, i32.const(0), i32.const(bytes)),
          taps(inner, problem, (tap, patches, gemm) => [
            pass("gather", some, plus(first, [channel, size]), patches, tap),
            product(emitter, problem, patches, kernelRows(second, tap, channel), target, gemm),
          ]),
        ];
      });
      if (count === 1) return code;
      return [code, combinePartials(emitter, fn, { dtype, bytes, count: rows * filters, pieces: count }, output)];
    }
    case "convInputGradient": {
      const shape = { ...general, m: rows, k: filters, transposeB: true };
      const width = layoutOf({ ...shape, n: each }).tileRows;
      const { copy, panels } = yPanels(first, { count: rows, width, k: filters, across: filters, along: 1 });
      return [
        copy,
        memory.fill(output, i32.const(0), i32.const(images * sizeOf(windows.input) * pixel)),
        divided((inner, some, channel) => {
          const problem: GemmProblem = { ...shape, n: some, panelsA: width };
          return taps(inner, problem, (tap, patches, gemm) => [
            product(emitter, problem, panels, kernelRows(second, tap, channel), patches, gemm),
            pass("scatter", some, plus(output, [channel, size]), patches, tap),
          ]);
        }),
      ];
    }
    case "convKernelGradient": {
      const shape = { ...general, n: filters, k: rows, transposeA: true };
      const width = layoutOf({ ...shape, m: each }).tileColumns;
      const { copy, panels } = yPanels(second, { count: filters, width, k: rows, across: 1, along: filters });
      return [
        copy,
        divided((inner, some, channel) => {
          const problem: GemmProblem = { ...shape, m: some, panelsB: width };
          return taps(inner, problem, (tap, patches, gemm) => [
            pass("gather", some, plus(first, [channel, size]), patches, tap),
            product(emitter, problem, patches, panels, kernelRows(output, tap, channel), gemm),
          ]);
        }),
      ];
    }
  }
}

/** `(images, patches, tap)`: some channels of what one tap of all windows sees, a row per position; or added back to the images. */
function addTap(
  { emitter }: Routine<Convolution>,
  { windows, dtype, size, images, channels }: Geometry,
  direction: "gather" | "scatter",
  count: number,
): number {
  const { input, output, window, stride, padding, dilation } = windows;
  return emitter.module.share(`tap ${direction} ${count} ${JSON.stringify([windows, dtype, images, channels])}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32", "i32"]);
    const [image, row, tap] = [0, 1, 2] as const;
    const [index, pixel] = fn.locals("i32", 2);
    const at = output.map(() => fn.local("i32"));
    const from = output.map(() => fn.local("i32"));
    const shifts = output.map(() => fn.local("i32"));
    const get = local.get;
    const bytes = count * size;
    const shift: Code[] = [];
    for (let axis = window.length - 1; axis >= 0; axis--) {
      const place = axis === 0 ? get(tap) : i32.rem_u(get(tap), i32.const(window[axis]!));
      const moved = i32.sub(i32.mul(place, i32.const(dilation[axis]!)), i32.const(padding[axis]![0]));
      shift.push(local.set(shifts[axis]!, moved));
      if (axis > 0) shift.push(local.set(tap, i32.div_u(get(tap), i32.const(window[axis]!))));
    }
    const within = from
      .map((place, axis) => i32.lt_u(get(place), i32.const(input[axis]!)))
      .reduce((all, one) => i32.and(all, one));
    const flat = from.map((place) => get(place)).reduce((sum, place, axis) => plus(place, [sum, input[axis]!]));
    const inside = [
      local.set(pixel, plus(get(image), [flat, channels * size])),
      direction === "gather" ? copyRow(row, pixel, bytes) : addRow(fn, count, dtype, pixel, row),
    ];
    let code: Code = [when(within, inside, direction === "gather" ? clearRow(row, bytes) : []), advance(row, bytes)];
    for (let axis = output.length - 1; axis >= 0; axis--) {
      const place = local.set(from[axis]!, plus(get(shifts[axis]!), [get(at[axis]!), stride[axis]!]));
      code = forLoop({ index: at[axis]!, start: 0, limit: output[axis]! }, [place, code]);
    }
    fn.emit(
      shift,
      forLoop({ index, start: 0, limit: images }, [code, advance(image, sizeOf(input) * channels * size)]),
    );
    return fn.index;
  });
}

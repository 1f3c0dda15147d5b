// Convolution and its two gradients where positions are few beside a large kernel, as in the last layers of a network: the kernel passes through memory
// once. Each piece has some of the input's channels, and goes from tap to tap of the window, of which each computes only with what it sees of the image.
import { sizeOf } from "@hooke/runtime";
import { inPieces, piecesOf } from "../../dividing/grain.ts";
import { emitPanels, type PanelSource } from "../../dividing/panels.ts";
import { combinePartials, partialStride } from "../../dividing/partials.ts";
import { advance, plus } from "../../encoder/address.ts";
import type { Code } from "../../encoder/code.ts";
import { call, forLoop, local, when } from "../../encoder/control.ts";
import { i32, memory } from "../../encoder/opcodes.ts";
import { type GemmProblem, layoutOf } from "../../gemm/problem.ts";
import { product, productScratch } from "../dot.ts";
import type { Routine } from "../routine.ts";
import { addRow, copyRow } from "../rows.ts";
import { longestRun } from "../totals.ts";
import { mostWindows, type Windows } from "../windows.ts";
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

/** The multiplications: of what taps see of the images. */
export const productsByChannels = ({ windows, images, channels, filters }: Geometry): number =>
  tapsOf(windows).reduce((sum, seen) => sum + seen, 0) * images * channels * filters;

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
  const general = { dtype, transposeA: false, transposeB: false } as const;
  const taps = tapsOf(windows).map((inside, tap) => ({ tap: i32.const(tap), seen: images * inside }));
  const someSeeAll = taps.some(({ seen }) => seen === rows);
  /** The rows of a kernel that belong to a tap, from a channel on. */
  const kernelRows = (kernel: Code, tap: Code, channel: Code): Code =>
    plus(kernel, [tap, channels * filters * size], [channel, filters * size]);
  const pass = (direction: "gather" | "scatter", of: "input" | "output", count = filters): number =>
    addTap(routine, geometry, direction, of, count);
  /**
   * `code` for each tap that sees a pixel, given how many rows of outputs it sees, memory for what it sees of the inputs and of the outputs, and that of the product.
   *
   * @param problem of so many rows
   */
  const forTaps = (
    problem: (rows: number) => GemmProblem,
    code: (tap: { tap: Code; seen: number }, patches: Code, results: Code, gemm: Code) => Code,
  ): Code => {
    const seeing = taps.filter(({ seen }) => seen > 0);
    const [patches, results, gemm] = scratchOf(
      emitter,
      rows * each * size,
      Math.max(0, ...seeing.filter(({ seen }) => seen < rows).map(({ seen }) => seen)) * filters * size,
      Math.max(0, ...seeing.map(({ seen }) => productScratch(emitter, problem(seen)))),
    );
    return seeing.map((tap) => code(tap, patches, results, gemm));
  };
  const divided = (code: (count: number, channel: Code, piece: Code) => Code): Code =>
    each >= channels
      ? code(channels, i32.const(0), i32.const(0))
      : inPieces(emitter, channels, each, (_fn, count, channel, piece) => code(count, channel, piece));
  /** Panels of `y`, rows of A or of B, that all pieces read for taps which see all of it. */
  const yPanels = (y: Code, source: Omit<PanelSource, "pointer" | "dtype">): { copy: Code; panels: Code } =>
    someSeeAll ? emitPanels(emitter, fn, { ...source, pointer: y, dtype }) : { copy: [], panels: y };

  switch (name) {
    case "conv": {
      const bytes = rows * filters * size;
      const stride = partialStride(bytes);
      const count = Math.ceil(channels / each);
      const partials = count === 1 ? output : emitter.partials(count * stride);
      const code = divided((some, channel, piece) => {
        const problem = (seen: number): GemmProblem => ({
          ...{ ...general, m: seen, n: filters, k: some },
          ...(seen === rows ? { accumulate: true } : {}),
        });
        const target = count === 1 ? output : plus(partials, [piece, stride]);
        return [
          memory.fill(target, i32.const(0), i32.const(bytes)),
          forTaps(problem, ({ tap, seen }, patches, results, gemm) => {
            const all = seen === rows;
            const kernel = kernelRows(second, tap, channel);
            return [
              call(pass("gather", "input", some), plus(first, [channel, size]), patches, tap),
              product(emitter, problem(seen), patches, kernel, all ? target : results, gemm),
              all ? [] : call(pass("scatter", "output"), target, results, tap),
            ];
          }),
        ];
      });
      if (count === 1) return code;
      return [code, combinePartials(emitter, fn, { dtype, bytes, count: rows * filters, pieces: count }, output)];
    }
    case "convInputGradient": {
      const shape = { ...general, k: filters, transposeB: true };
      const width = layoutOf({ ...shape, m: rows, n: each }, emitter).tileRows;
      const { copy, panels } = yPanels(first, { count: rows, width, k: filters, across: filters, along: 1 });
      return [
        copy,
        memory.fill(output, i32.const(0), i32.const(images * sizeOf(windows.input) * pixel)),
        divided((some, channel) => {
          const problem = (seen: number): GemmProblem => ({
            ...{ ...shape, m: seen, n: some },
            ...(seen === rows ? { panelsA: width } : {}),
          });
          return forTaps(problem, ({ tap, seen }, patches, results, gemm) => {
            const all = seen === rows;
            const kernel = kernelRows(second, tap, channel);
            return [
              all ? [] : call(pass("gather", "output"), first, results, tap),
              product(emitter, problem(seen), all ? panels : results, kernel, patches, gemm),
              call(pass("scatter", "input", some), plus(output, [channel, size]), patches, tap),
            ];
          });
        }),
      ];
    }
    case "convKernelGradient": {
      const shape = { ...general, n: filters, transposeA: true };
      const width = layoutOf({ ...shape, m: each, k: rows }, emitter).tileColumns;
      const { copy, panels } = yPanels(second, { count: filters, width, k: rows, across: 1, along: filters });
      return [
        copy,
        taps.some(({ seen }) => seen === 0) ? memory.fill(output, i32.const(0), i32.const(patch * filters * size)) : [],
        divided((some, channel) => {
          const problem = (seen: number): GemmProblem => ({
            ...{ ...shape, m: some, k: seen },
            ...(seen === rows ? { panelsB: width } : {}),
          });
          return forTaps(problem, ({ tap, seen }, patches, results, gemm) => {
            const all = seen === rows;
            return [
              call(pass("gather", "input", some), plus(first, [channel, size]), patches, tap),
              all ? [] : call(pass("gather", "output"), second, results, tap),
              product(emitter, problem(seen), patches, all ? panels : results, kernelRows(output, tap, channel), gemm),
            ];
          });
        }),
      ];
    }
  }
}

/** Of each tap of the window, at how many positions of an image it sees a pixel. */
function tapsOf({ input, output, window, stride, padding, dilation }: Windows): number[] {
  const seenAlong = window.map((taps, axis) =>
    Array.from({ length: taps }, (_, tap) => {
      const places = Array.from(
        { length: output[axis]! },
        (_, at) => at * stride[axis]! + tap * dilation[axis]! - padding[axis]![0],
      );
      return places.filter((place) => place >= 0 && place < input[axis]!).length;
    }),
  );
  return seenAlong.reduce((all, along) => all.flatMap((count) => along.map((seen) => count * seen)), [1]);
}

/**
 * `(array, rows, tap)`: some channels of the inputs that a tap sees, or of the outputs at these positions, one row after the other; or rows added back to the array.
 */
function addTap(
  { emitter }: Routine<Convolution>,
  { windows, dtype, size, images, channels, filters }: Geometry,
  direction: "gather" | "scatter",
  of: "input" | "output",
  count: number,
): number {
  const { input, output, window, stride, padding, dilation } = windows;
  const key = JSON.stringify([windows, dtype, images, channels, filters]);
  return emitter.module.share(`tap ${direction} ${of} ${count} ${key}`, () => {
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
    const [extents, places, width] =
      of === "input" ? ([input, from, channels] as const) : ([output, at, filters] as const);
    const flat = places.map((place) => get(place)).reduce((sum, place, axis) => plus(place, [sum, extents[axis]!]));
    let code: Code = when(within, [
      local.set(pixel, plus(get(image), [flat, width * size])),
      direction === "gather" ? copyRow(row, pixel, bytes) : addRow(fn, count, dtype, pixel, row),
      advance(row, bytes),
    ]);
    for (let axis = output.length - 1; axis >= 0; axis--) {
      const place = local.set(from[axis]!, plus(get(shifts[axis]!), [get(at[axis]!), stride[axis]!]));
      code = forLoop({ index: at[axis]!, start: 0, limit: output[axis]! }, [place, code]);
    }
    fn.emit(shift, forLoop({ index, start: 0, limit: images }, [code, advance(image, sizeOf(extents) * width * size)]));
    return fn.index;
  });
}

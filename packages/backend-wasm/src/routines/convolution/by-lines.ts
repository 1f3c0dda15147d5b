// Convolution of images with one channel, and the gradient of its kernel. A patch would be laid out pixel by pixel; here what a tap sees of a line of
// outputs, which lies together in the image, is laid out at once: a row for each tap, outputs side by side.
import type { Emitter } from "../../codegen/emitter.ts";
import { inPieces, piecesOf } from "../../dividing/grain.ts";
import { combinePartials, partialStride } from "../../dividing/partials.ts";
import { advance, plus } from "../../encoder/address.ts";
import type { Code } from "../../encoder/code.ts";
import { call, forLoop, local } from "../../encoder/control.ts";
import type { FunctionBuilder } from "../../encoder/module.ts";
import { i32, memory } from "../../encoder/opcodes.ts";
import type { GemmProblem } from "../../gemm/problem.ts";
import { product, productScratch } from "../dot.ts";
import type { Routine } from "../routine.ts";
import { clearRow, copyRow } from "../rows.ts";
import { totalsOf } from "../totals.ts";
import { visitTaps, type Windows } from "../windows.ts";
import { blockSizes, forBlocks, strideOf } from "./blocks.ts";
import type { Convolution, Geometry } from "./geometry.ts";
import { scratchOf } from "./scratch.ts";

/** Bytes of an element. */
const size = 4;
/** Outputs of a line at least, for rows of a few vectors, and of a block about: what is laid out of them stays in the first two caches. */
const fewestOutputs = 8;
const outputsOfBlock = 512;
/** A line is laid out whole, and takes no more than this. */
const lineBytes = 2 ** 18;
/** Outputs of a piece at least. */
const outputsOfPiece = 96;

/** Whether lines of outputs are laid out: the last stride is 1, so that what a tap sees of a line lies together. */
export function isByLines(name: Convolution, { windows, dtype, channels, patch }: Geometry): boolean {
  const width = windows.output.at(-1)!;
  return (
    name !== "convInputGradient" &&
    dtype === "f32" &&
    channels === 1 &&
    windows.stride.at(-1) === 1 &&
    width >= fewestOutputs &&
    width * patch * size <= lineBytes
  );
}

/** Code of the whole. */
export function byLines({ emitter, node, operands, output, fn }: Routine<Convolution>, geometry: Geometry): Code {
  const { windows, images, positions, patch, filters } = geometry;
  const [image, second] = operands as [Code, Code];
  const width = windows.output.at(-1)!;
  const total = (images * positions) / width;
  const pieces = piecesOf(emitter, images * positions * patch * filters, total, Math.ceil(outputsOfPiece / width));
  const each = Math.ceil(total / pieces);
  const block = Math.min(each, Math.max(1, Math.floor(outputsOfBlock / width)));
  const leading = strideOf(block * width);
  const lay = addLines(emitter, geometry, leading);
  const lineOf = (rows: Code, line: Code): Code => plus(rows, [line, width * filters * size]);
  const scratchFor = (problem: (lines: number) => GemmProblem, count: number): number =>
    Math.max(...blockSizes(count, block).map((lines) => productScratch(emitter, problem(lines))));
  const patchesBytes = patch * leading * size;
  const divided = (code: (inner: FunctionBuilder, count: number, first: Code, piece: Code) => Code): Code =>
    pieces === 1 ? code(fn, total, i32.const(0), i32.const(0)) : inPieces(emitter, total, each, code);

  if (node.primitive === "conv") {
    const problem = (lines: number): GemmProblem => ({
      ...{ m: lines * width, n: filters, k: patch, transposeA: true, transposeB: false, dtype: "f32" },
      leadingA: leading,
    });
    return divided((inner, count, first) => {
      const [patches, gemm] = scratchOf(emitter, patchesBytes, scratchFor(problem, count));
      return forBlocks(inner, first, count, block, (line, lines) => [
        call(lay, image, patches, line, i32.const(lines)),
        product(emitter, problem(lines), patches, second, lineOf(output, line), gemm),
      ]);
    });
  }
  const elements = patch * filters;
  const problem = (lines: number): GemmProblem => ({
    ...{ m: patch, n: filters, k: lines * width, transposeA: false, transposeB: false, dtype: "f32" },
    leadingA: leading,
  });
  const stride = partialStride(elements * size);
  const count = Math.ceil(total / each);
  const partials = count === 1 ? output : emitter.partials(count * stride);
  const code = divided((inner, some, first, piece) => {
    const [patches, sums, wide, gemm] = scratchOf(
      emitter,
      patchesBytes,
      elements * size,
      elements * 8,
      scratchFor(problem, some),
    );
    const [totals, singles] = inner.locals("i32", 2);
    const pass = totalsOf(inner, totals, singles);
    const added = [
      memory.fill(wide, i32.const(0), i32.const(elements * 8)),
      local.set(totals, wide),
      local.set(singles, sums),
      forBlocks(inner, first, some, block, (line, lines) => [
        call(lay, image, patches, line, i32.const(lines)),
        product(emitter, problem(lines), patches, lineOf(second, line), sums, gemm),
        pass.add(elements),
      ]),
      local.set(singles, plus(partials, [piece, stride])),
      pass.finish(elements),
    ];
    inner.release(totals, singles);
    return added;
  });
  if (count === 1) return code;
  return [
    code,
    combinePartials(emitter, fn, { dtype: "f32", bytes: elements * size, count: elements, pieces: count }, output),
  ];
}

/** `(images, patches, first, count)`: what each tap sees of so many lines of outputs, side by side; 0 beyond the image. */
function addLines(emitter: Emitter, { windows, images }: Geometry, leading: number): number {
  // Images are an axis whose windows have one tap.
  const outer = (of: readonly number[], first: number): number[] => [first, ...of.slice(0, -1)];
  const lines: Windows = {
    input: outer(windows.input, images),
    output: outer(windows.output, images),
    window: outer(windows.window, 1),
    stride: outer(windows.stride, 1),
    dilation: outer(windows.dilation, 1),
    padding: [[0, 0], ...windows.padding.slice(0, -1)],
  };
  const [extent, width, taps, dilation] = [windows.input, windows.output, windows.window, windows.dilation].map(
    (sizes) => sizes.at(-1)!,
  ) as [number, number, number, number];
  const [before] = windows.padding.at(-1)!;
  return emitter.module.share(`lines ${JSON.stringify([windows, images, leading])}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32", "i32", "i32"]);
    const [base, patches, first, count] = [0, 1, 2, 3] as const;
    const [out, end, row, target, source] = fn.locals("i32", 5);
    const { get, set } = local;
    const clear = (from: number, to: number): Code =>
      from >= to ? [] : [set(target, plus(get(row), [i32.const(from), size])), clearRow(target, (to - from) * size)];
    /** What one tap sees, of a line of the image at so many lines or of none. */
    const tapOf = (tap: number, line?: Code): Code => {
      const shift = tap * dilation - before;
      const within = (at: number): number => Math.min(width, Math.max(0, at));
      const [from, to] = line === undefined ? [width, width] : [within(-shift), within(extent - shift)];
      return [
        clear(0, Math.min(from, width)),
        line === undefined || from >= to
          ? []
          : [
              set(target, i32.add(get(row), i32.const(from * size))),
              set(source, i32.add(plus(get(base), [line, extent * size]), i32.const((from + shift) * size))),
              copyRow(target, source, (to - from) * size),
            ],
        clear(Math.max(from, to), width),
        advance(row, leading * size),
      ];
    };
    const allTaps = (line?: Code): Code => Array.from({ length: taps }, (_, tap) => tapOf(tap, line));
    fn.emit(
      set(end, i32.add(get(first), get(count))),
      forLoop({ index: out, start: get(first), limit: get(end) }, [
        set(row, get(patches)),
        visitTaps(
          fn,
          lines,
          out,
          ({ from }) => allTaps(get(from)),
          () => allTaps(),
        ),
        advance(patches, width * size),
      ]),
    );
    return fn.index;
  });
}

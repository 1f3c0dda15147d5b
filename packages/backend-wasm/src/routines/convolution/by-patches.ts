// Convolution and its two gradients as matrix products over patches: a block of output positions at a time, the patch of each
// position laid out as one row. A block is a part of an image, or several images where these are small.
import { sizeOf } from "@hooke/runtime";
import { ranges } from "../../codegen/chains.ts";
import type { Emitter } from "../../codegen/emitter.ts";
import { inPieces, piecesOf } from "../../dividing/grain.ts";
import { combinePartials, partialStride } from "../../dividing/partials.ts";
import { advance, plus } from "../../encoder/address.ts";
import type { Code } from "../../encoder/code.ts";
import { call, forLoop, local, when } from "../../encoder/control.ts";
import type { FunctionBuilder } from "../../encoder/module.ts";
import { i32, memory } from "../../encoder/opcodes.ts";
import { type GemmProblem, slab } from "../../gemm/problem.ts";
import { product, productScratch } from "../dot.ts";
import type { Routine } from "../routine.ts";
import { addRow, clearRow, copyRow } from "../rows.ts";
import { longestRun, totalsOf } from "../totals.ts";
import { mostWindows, visitTaps } from "../windows.ts";
import { type Convolution, type Geometry, partialBytes } from "./geometry.ts";
import { scratchOf } from "./scratch.ts";

/** Patches of at most about this many bytes are laid out at a time: they stay in the second-level cache. */
const patchBytes = 256 * 1024;
/** Long patches take more, up to four times, for so many rows: every block reads the whole kernel. */
const fewestRows = 64;
/** So many positions, or filters, are a piece of work at least; two pieces may have as few as `barePositions`. */
const fewestPositions = 96;
const barePositions = 16;
const fewestFilters = 64;

/** Positions of a block at most. */
function blockOf({ patch, size }: Geometry): number {
  const bytes = patch * size;
  return Math.max(1, Math.floor(patchBytes / bytes), Math.min(fewestRows, Math.floor((4 * patchBytes) / bytes)));
}

/**
 * `(image of a group, patches, first position, count)`: lays out patches, or adds them back: `"total"` to an image in f64. Where neighbouring taps along
 * the last axis are neighbours in memory and within the image, they pass as one row.
 */
function addPatches(emitter: Emitter, direction: "gather" | "scatter" | "total", geometry: Geometry): number {
  const { windows, size, channels, groupChannels, patch, dtype } = geometry;
  const key = `patches ${direction} ${JSON.stringify([windows, dtype, channels, groupChannels])}`;
  const pixelSize = direction === "total" ? 8 : size;
  return emitter.module.share(key, () => {
    const fn = emitter.module.addFunction(["i32", "i32", "i32", "i32"]);
    const [image, patches, first, count] = [0, 1, 2, 3] as const;
    const [out, row, pixel, end] = fn.locals("i32", 4);
    const last = windows.window.length - 1;
    const run = groupChannels === channels && windows.dilation[last] === 1 ? windows.window[last]! : 1;
    /** The taps of one position, so many of the last axis at a time. */
    const taps = (together: number): Code => {
      const elements = together * groupChannels;
      const bytes = elements * size;
      const next = advance(row, bytes);
      const window = together === 1 ? windows.window : windows.window.with(last, 1);
      return visitTaps(
        fn,
        { ...windows, window },
        out,
        ({ from }) => [
          local.set(pixel, plus(local.get(image), [local.get(from), channels * pixelSize])),
          {
            gather: () => copyRow(row, pixel, bytes),
            scatter: () => addRow(fn, elements, dtype, pixel, row),
            total: () => totalsOf(fn, pixel, row).add(elements),
          }[direction](),
          next,
        ],
        () => [direction === "gather" ? clearRow(row, bytes) : [], next],
      );
    };
    const within = (): Code => {
      const at = i32.rem_u(local.get(out), i32.const(windows.output[last]!));
      const from = i32.sub(i32.mul(at, i32.const(windows.stride[last]!)), i32.const(windows.padding[last]![0]));
      return i32.lt_u(from, i32.const(Math.max(0, windows.input[last]! - run + 1)));
    };
    fn.emit(
      local.set(end, i32.add(local.get(first), local.get(count))),
      local.set(row, local.get(patches)),
      patch === 0
        ? []
        : forLoop(
            { index: out, start: local.get(first), limit: local.get(end) },
            run === 1 ? taps(1) : when(within(), taps(run), taps(1)),
          ),
    );
    return fn.index;
  });
}

/** Copies columns of a row-major matrix: `(target, source)`. */
function addColumns(emitter: Emitter, rows: number, bytes: number, targetStride: number, sourceStride: number): number {
  return emitter.module.share(`columns ${rows} ${bytes} ${targetStride} ${sourceStride}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32"]);
    const index = fn.local("i32");
    fn.emit(
      forLoop({ index, start: 0, limit: rows }, [
        copyRow(0, 1, bytes),
        advance(0, targetStride),
        advance(1, sourceStride),
      ]),
    );
    return fn.index;
  });
}

/** Whether a patch is the pixel itself, so that the image is its own matrix of patches. */
const isPlain = ({ windows: { window, stride, padding }, groups }: Geometry): boolean =>
  groups === 1 && window.every((n) => n === 1) && stride.every((n) => n === 1) && padding.flat().every((n) => n === 0);

/** What one piece computes: everything where a part of it is not named. */
interface Part {
  readonly fn: FunctionBuilder;
  readonly images: number;
  readonly firstImage: Code;
  readonly positions: number;
  readonly firstPosition: Code;
  /** Filters, and rows of the kernel. */
  readonly filters: number;
  readonly firstFilter: Code;
  readonly rows: number;
  readonly firstRow: Code;
  readonly output: Code;
}

/** Code of the whole. Large convolutions are divided: by images, by positions of one, or by the kernel's columns or rows. */
export function byPatches(routine: Routine<Convolution>, geometry: Geometry): Code {
  const { emitter, node, fn, output } = routine;
  const { images, positions, patch, filters, groupFilters, groups, dtype, size } = geometry;
  const zero = i32.const(0);
  const all = {
    ...{ images, firstImage: zero, positions, firstPosition: zero },
    ...{ filters: groupFilters, firstFilter: zero, rows: patch, firstRow: zero, output },
  };
  const work = images * positions * patch * filters * (size / 4);
  const pieces = piecesOf(emitter, work, Number.POSITIVE_INFINITY);
  const computed = (fn: FunctionBuilder, part: Partial<Part>): Code =>
    convolve(routine, geometry, { fn, ...all, ...part });
  // Every piece reads the whole kernel: few positions do not repay it.
  const fed = Math.max(
    piecesOf(emitter, work, images * positions, fewestPositions),
    Math.min(2, piecesOf(emitter, work, images * positions, barePositions)),
  );
  const byImages = Math.min(images, fed);
  const each = Math.ceil(images / byImages);
  if (node.primitive === "convKernelGradient") {
    const count = sizeOf(node.outputs[0]!.shape);
    const stride = partialStride(count * size);
    /** Sums of so many images or positions a piece, added up. */
    const summed = (total: number, each: number, part: (count: number, first: Code) => Partial<Part>): Code => {
      const pieces = Math.ceil(total / each);
      const partials = emitter.partials(pieces * stride);
      return [
        inPieces(emitter, total, each, (fn, some, first, piece) =>
          computed(fn, { ...part(some, first), output: plus(partials, [piece, stride]) }),
        ),
        combinePartials(emitter, fn, { dtype, bytes: count * size, count, pieces }, output),
      ];
    };
    const fit = (total: number, each: number): boolean => Math.ceil(total / each) * stride <= partialBytes;
    const enough = groups > 1 || each * positions >= fewestPositions;
    if (byImages > 1 && enough && fit(images, each))
      return summed(images, each, (images, firstImage) => ({ images, firstImage }));
    const byRows = groups === 1 ? piecesOf(emitter, work, patch, fewestPositions) : 1;
    const byPositions = groups === 1 && images === 1 ? piecesOf(emitter, work, positions, fewestPositions) : 1;
    const positionsEach = Math.ceil(positions / byPositions);
    if (byPositions > byRows && fit(positions, positionsEach))
      return summed(positions, positionsEach, (positions, firstPosition) => ({ positions, firstPosition }));
    if (byRows === 1) return computed(fn, {});
    return inPieces(emitter, patch, Math.ceil(patch / byRows / 6) * 6, (fn, rows, firstRow) =>
      computed(fn, { rows, firstRow }),
    );
  }
  if (pieces === 1) return computed(fn, {});
  if (byImages === pieces || byImages >= 8 || node.primitive === "convInputGradient") {
    if (byImages === 1) return computed(fn, {});
    return inPieces(emitter, images, each, (fn, images, firstImage) => computed(fn, { images, firstImage }));
  }
  const byPositions = piecesOf(emitter, work / images, positions, fewestPositions);
  if (byPositions > 1) {
    const positionsEach = Math.ceil(positions / byPositions / 6) * 6;
    const perImage = Math.ceil(positions / positionsEach);
    const last = positions - (perImage - 1) * positionsEach;
    return emitter.pieces(images * perImage, (fn, piece) => {
      const part = i32.rem_u(piece, i32.const(perImage));
      const image = { images: 1, firstImage: i32.div_u(piece, i32.const(perImage)) };
      const firstPosition = i32.mul(part, i32.const(positionsEach));
      const code = (count: number): Code => computed(fn, { ...image, positions: count, firstPosition });
      fn.emit(
        last === positionsEach
          ? code(last)
          : when(i32.eq(part, i32.const(perImage - 1)), code(last), code(positionsEach)),
      );
    });
  }
  const byFilters = groups === 1 ? piecesOf(emitter, work, filters, fewestFilters) : 1;
  if (byFilters <= byImages) {
    if (byImages === 1) return computed(fn, {});
    return inPieces(emitter, images, each, (fn, images, firstImage) => computed(fn, { images, firstImage }));
  }
  return inPieces(emitter, filters, Math.ceil(filters / byFilters / 8) * 8, (fn, filters, firstFilter) =>
    computed(fn, { filters, firstFilter }),
  );
}

/** Code of one part. */
function convolve(routine: Routine<Convolution>, geometry: Geometry, part: Part): Code {
  const { emitter, node, operands } = routine;
  const { fn } = part;
  const { size, groups, channels, filters, positions, windows } = geometry;
  const name = node.primitive;
  const [x, kernel, y, image, group] = fn.locals("i32", 5);
  const pointers = { conv: [x, kernel, y], convInputGradient: [y, kernel, x], convKernelGradient: [x, y, kernel] }[
    name
  ];
  const kernelSize = sizeOf(windows.window) * geometry.groupChannels * filters;
  const imageSize = sizeOf(windows.input) * channels;
  // In f32, what many blocks add to the kernel, and what many windows add to one place of an image, has totals in f64.
  const single = geometry.dtype === "f32";
  const kernelElements = part.rows === geometry.patch ? kernelSize : part.rows * filters;
  const kernelTotals = name === "convKernelGradient" && single && part.images * part.positions > slab;
  const imageTotals = name === "convInputGradient" && single && mostWindows(windows) > longestRun;
  const totalsBytes = 8 * (kernelTotals ? kernelElements : imageTotals ? imageSize : 0);
  const totals = fn.local("i32");
  const { add, finish } = totalsOf(fn, totals, kernelTotals ? kernel : x);
  const zeros = (pointer: number, bytes: number): Code =>
    memory.fill(local.get(pointer), i32.const(0), i32.const(bytes));
  const begin: Code = [
    local.set(pointers[0]!, operands[0]!),
    local.set(pointers[1]!, operands[1]!),
    local.set(pointers[2]!, part.output),
    local.set(x, plus(local.get(x), [part.firstImage, imageSize * size])),
    local.set(y, plus(local.get(y), [part.firstImage, positions * filters * size])),
    local.set(kernel, plus(local.get(kernel), [part.firstRow, filters * size])),
    name === "conv"
      ? []
      : zeros(pointers[2]!, (name === "convInputGradient" ? part.images * imageSize : kernelElements) * size),
  ];
  const flush = kernelTotals ? [add(kernelElements), zeros(kernel, kernelElements * size)] : [];

  const pointersOfBlock = { x: imageTotals ? totals : x, kernel, y, group, totalsBytes };
  const blocks = (extent: BlockExtent): Code => blockProduct(routine, geometry, part, pointersOfBlock, extent);
  const blockSize = isPlain(geometry) ? Math.max(positions, slab) : blockOf(geometry);
  /** So many images have their patches in one block. */
  const together =
    part.positions < positions || imageTotals
      ? 1
      : Math.min(part.images, Math.max(1, Math.floor(blockSize / positions)));
  const block = Math.min(part.positions, blockSize);
  const whole = Math.floor(part.positions / block);
  const rest = part.positions - whole * block;
  const index = fn.local("i32");
  const wholeBlocks = (start: Code | number, limit: Code | number): Code =>
    forLoop(
      { index, start, limit },
      blocks({ images: 1, positions: block, first: plus(part.firstPosition, [local.get(index), block]) }),
    );
  const perFlush = Math.max(1, Math.floor(slab / block));
  const blocksOfImage = (): Code => [
    kernelTotals && whole > perFlush ? ranges(fn, whole, perFlush, flush, wholeBlocks) : wholeBlocks(0, whole),
    rest === 0
      ? []
      : blocks({
          images: 1,
          positions: rest,
          first: i32.add(part.firstPosition, i32.const(whole * block)),
        }),
  ];
  const imagesAtOnce = (images: number): Code => [
    imageTotals ? zeros(totals, totalsBytes) : [],
    forLoop(
      { index: group, start: 0, limit: groups },
      images === 1 ? blocksOfImage() : blocks({ images, positions, first: i32.const(0) }),
    ),
    imageTotals ? finish(imageSize) : [],
    advance(x, images * imageSize * size),
    advance(y, images * positions * filters * size),
  ];
  const times = Math.floor(part.images / together);
  const left = part.images - times * together;
  const wholeTimes = (start: Code | number, limit: Code | number): Code =>
    forLoop({ index: image, start, limit }, imagesAtOnce(together));
  const leftTime = left === 0 ? [] : imagesAtOnce(left);
  const allImages = kernelTotals
    ? [
        local.set(totals, emitter.scratch(totalsBytes)),
        zeros(totals, totalsBytes),
        ranges(fn, times, Math.max(1, Math.floor(slab / (together * positions))), flush, wholeTimes),
        left === 0 ? [] : [leftTime, flush],
        finish(kernelElements),
      ]
    : [imageTotals ? local.set(totals, emitter.scratch(totalsBytes)) : [], wholeTimes(0, times), leftTime];
  return [begin, allImages];
}

interface Pointers {
  readonly x: number;
  readonly kernel: number;
  readonly y: number;
  readonly group: number;
  /** Bytes at the beginning of the scratch memory that are taken. */
  readonly totalsBytes: number;
}

/** Consecutive positions of one image, or all positions of several. */
interface BlockExtent {
  readonly images: number;
  readonly positions: number;
  readonly first: Code;
}

/** One block of one group. */
function blockProduct(
  { emitter, node }: Routine<Convolution>,
  geometry: Geometry,
  part: Part,
  { x, kernel, y, group, totalsBytes }: Pointers,
  { images, positions, first }: BlockExtent,
): Code {
  const { fn } = part;
  const rows = images * positions;
  const { windows, dtype, size, channels, filters, groups, groupChannels, groupFilters, patch } = geometry;
  const name = node.primitive;
  const plain = isPlain(geometry);
  const problem: GemmProblem = {
    conv: {
      ...{ m: rows, n: part.filters, k: patch, transposeA: false, transposeB: false, dtype },
      ...(part.filters === groupFilters ? {} : { leadingB: filters, leadingC: filters }),
    },
    convInputGradient: { m: rows, n: patch, k: groupFilters, transposeA: false, transposeB: true, dtype },
    convKernelGradient: {
      ...{ m: part.rows, n: groupFilters, k: rows, transposeA: true, transposeB: false, dtype, accumulate: true },
      ...(part.rows === patch ? {} : { leadingA: patch }),
    },
  }[name];
  // The totals, which all blocks share, come first.
  const [, gemm, ownPatches, ownKernel, ownY] = scratchOf(
    emitter,
    totalsBytes,
    productScratch(emitter, problem),
    plain ? 0 : rows * patch * size,
    groups === 1 ? 0 : patch * groupFilters * size,
    groups === 1 ? 0 : rows * groupFilters * size,
  );
  const groupOf = (bytes: number) => [local.get(group), bytes] as const;
  const rowsOf = (bytes: number) => [first, bytes] as const;

  const total = name === "convInputGradient" && totalsBytes > 0;
  const imageOfGroup = plus(local.get(x), groupOf(groupChannels * (total ? 8 : size)));
  const patches = plain ? plus(local.get(x), rowsOf(channels * size)) : ownPatches;
  const kernelOfGroup = plus(local.get(kernel), groupOf(groupFilters * size));
  const yOfGroup = plus(local.get(y), rowsOf(filters * size), groupOf(groupFilters * size));
  // Of the filters' columns a part takes some only where there is one group.
  const filter = [part.firstFilter, size] as const;
  const kernelMatrix = groups === 1 ? plus(local.get(kernel), filter) : ownKernel;
  const yMatrix = groups === 1 ? plus(local.get(y), rowsOf(filters * size), filter) : ownY;

  // A group's columns of the kernel and of the output lie apart: they are copied together and back.
  const columns = (rowCount: number, target: Code, source: Code, outwards: boolean): Code => {
    if (groups === 1) return [];
    const [near, far] = [groupFilters * size, filters * size];
    return call(addColumns(emitter, rowCount, near, outwards ? far : near, outwards ? near : far), target, source);
  };
  const passPatches = (direction: "gather" | "scatter" | "total"): Code => {
    if (plain) return [];
    const pass = addPatches(emitter, direction, geometry);
    if (images === 1) return call(pass, imageOfGroup, patches, first, i32.const(positions));
    const image = fn.local("i32");
    const code = forLoop(
      { index: image, start: 0, limit: images },
      call(
        pass,
        plus(imageOfGroup, [local.get(image), sizeOf(windows.input) * channels * size]),
        plus(patches, [local.get(image), positions * patch * size]),
        first,
        i32.const(positions),
      ),
    );
    fn.release(image);
    return code;
  };
  const takeKernel = columns(patch, ownKernel, kernelOfGroup, false);
  const takeY = columns(rows, ownY, yOfGroup, false);
  switch (name) {
    case "conv":
      return [
        passPatches("gather"),
        takeKernel,
        product(emitter, problem, patches, kernelMatrix, yMatrix, gemm),
        columns(rows, yOfGroup, ownY, true),
      ];
    case "convInputGradient":
      return [
        takeKernel,
        takeY,
        product(emitter, problem, yMatrix, kernelMatrix, patches, gemm),
        passPatches(total ? "total" : "scatter"),
      ];
    case "convKernelGradient":
      return [
        passPatches("gather"),
        takeKernel,
        takeY,
        product(emitter, problem, plus(patches, [part.firstRow, size]), yMatrix, kernelMatrix, gemm),
        columns(patch, kernelOfGroup, ownKernel, true),
      ];
  }
}

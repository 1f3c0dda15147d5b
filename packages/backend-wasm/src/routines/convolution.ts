// Convolution and its two gradients as matrix products over patches: a block of output positions at a time, the patch of each
// position laid out as one row.
import { byteSize, type NodeOf, type Shape, sizeOf } from "@hooke/runtime";
import { ranges } from "../codegen/chains.ts";
import type { Emitter } from "../codegen/emitter.ts";
import { advance, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call, forLoop, local } from "../encoder/control.ts";
import { i32, memory } from "../encoder/opcodes.ts";
import { gemmScratch } from "../gemm/gemm.ts";
import { type GemmProblem, slab } from "../gemm/problem.ts";
import { product } from "./dot.ts";
import type { Routine } from "./routine.ts";
import { addRow, clearRow, copyRow } from "./rows.ts";
import { longestRun, totalsOf } from "./totals.ts";
import { mostWindows, visitTaps, type Windows } from "./windows.ts";

type Convolution = "conv" | "convInputGradient" | "convKernelGradient";

/** Patches of at most about this many bytes are laid out at a time: they stay in the second-level cache. */
const patchBytes = 256 * 1024;

interface Geometry {
  readonly windows: Windows;
  readonly dtype: "f32" | "f64";
  readonly size: number;
  readonly images: number;
  readonly groups: number;
  readonly channels: number;
  readonly filters: number;
  /** Channels and filters of one group. */
  readonly groupChannels: number;
  readonly groupFilters: number;
  /** Elements of a patch within one group. */
  readonly patch: number;
  /** Output positions of an image, and of a block. */
  readonly positions: number;
  readonly block: number;
}

function geometryOf(node: Routine<Convolution>["node"]): Geometry {
  const [first, second] = node.inputs as [(typeof node.inputs)[number], (typeof node.inputs)[number]];
  const result = node.outputs[0]!;
  const x: Shape = node.primitive === "convInputGradient" ? result.shape : first.shape;
  const kernel: Shape = node.primitive === "convKernelGradient" ? result.shape : second.shape;
  const y: Shape = { conv: result, convInputGradient: first, convKernelGradient: second }[node.primitive].shape;
  const { stride, padding, dilation, groups } = node.params as NodeOf<"conv">["params"];
  const dtype = result.dtype as "f32" | "f64";
  const window = kernel.slice(0, -2);
  const [groupChannels, filters] = kernel.slice(-2) as [number, number];
  const patch = sizeOf(window) * groupChannels;
  const positions = sizeOf(y.slice(1, -1));
  return {
    windows: { input: x.slice(1, -1), output: y.slice(1, -1), window, stride, padding, dilation },
    dtype,
    size: byteSize[dtype],
    images: x[0]!,
    groups,
    channels: x.at(-1)!,
    filters,
    groupChannels,
    groupFilters: filters / groups,
    patch,
    positions,
    block: Math.max(1, Math.min(positions, Math.floor(patchBytes / Math.max(1, patch * byteSize[dtype])))),
  };
}

/** `(image of a group, patches, first position, count)`: lays out patches, or adds them back: `"total"` to an image in f64. */
function addPatches(emitter: Emitter, direction: "gather" | "scatter" | "total", geometry: Geometry): number {
  const { windows, size, channels, groupChannels, patch, dtype } = geometry;
  const key = `patches ${direction} ${JSON.stringify([windows, dtype, channels, groupChannels])}`;
  const pixelSize = direction === "total" ? 8 : size;
  return emitter.module.share(key, () => {
    const fn = emitter.module.addFunction(["i32", "i32", "i32", "i32"]);
    const [image, patches, first, count] = [0, 1, 2, 3] as const;
    const [out, row, pixel, end] = fn.locals("i32", 4);
    const rowBytes = groupChannels * size;
    const next = advance(row, rowBytes);
    const inside = ({ from }: { readonly from: number }): Code => [
      local.set(pixel, plus(local.get(image), [local.get(from), channels * pixelSize])),
      {
        gather: () => copyRow(row, pixel, rowBytes),
        scatter: () => addRow(fn, groupChannels, dtype, pixel, row),
        total: () => totalsOf(fn, pixel, row).add(groupChannels),
      }[direction](),
      next,
    ];
    const outside = (): Code => [direction === "gather" ? clearRow(row, rowBytes) : [], next];
    fn.emit(
      local.set(end, i32.add(local.get(first), local.get(count))),
      local.set(row, local.get(patches)),
      patch === 0
        ? []
        : forLoop(
            { index: out, start: local.get(first), limit: local.get(end) },
            visitTaps(fn, windows, out, inside, outside),
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

export function emitConvolution(routine: Routine<Convolution>): void {
  const { emitter, node, operands, output, fn } = routine;
  const geometry = geometryOf(node);
  const { size, images, groups, channels, filters, patch, positions, windows } = geometry;
  const result = node.outputs[0]!;
  const name = node.primitive;
  const clear = memory.fill(output, i32.const(0), i32.const(sizeOf(result.shape) * size));
  if (images === 0 || positions === 0 || patch === 0 || filters === 0) {
    fn.emit(clear);
    return;
  }
  const [x, kernel, y, image, group] = fn.locals("i32", 5);
  const pointers = { conv: [x, kernel, y], convInputGradient: [y, kernel, x], convKernelGradient: [x, y, kernel] }[
    name
  ];
  const begin: Code = [
    local.set(pointers[0]!, operands[0]!),
    local.set(pointers[1]!, operands[1]!),
    local.set(pointers[2]!, output),
    name === "conv" ? [] : clear,
  ];
  // In f32, what many blocks add to the kernel, and what many windows add to one place of an image, has totals in f64.
  const single = geometry.dtype === "f32";
  const kernelSize = sizeOf(windows.window) * geometry.groupChannels * filters;
  const kernelTotals = name === "convKernelGradient" && single && images * positions > slab;
  const imageSize = sizeOf(windows.input) * channels;
  const imageTotals = name === "convInputGradient" && single && mostWindows(windows) > longestRun;
  const totalsBytes = 8 * (kernelTotals ? kernelSize : imageTotals ? imageSize : 0);
  const totals = fn.local("i32");
  const { add, finish } = totalsOf(fn, totals, kernelTotals ? kernel : x);
  const zeros = (pointer: number, bytes: number): Code =>
    memory.fill(local.get(pointer), i32.const(0), i32.const(bytes));
  const flush = kernelTotals ? [add(kernelSize), zeros(kernel, kernelSize * size)] : [];

  const blocks = (rows: number, firstBlock: Code): Code =>
    blockProduct(routine, geometry, { x: imageTotals ? totals : x, kernel, y, group, totalsBytes }, rows, firstBlock);
  const block = isPlain(geometry) ? positions : geometry.block;
  const whole = Math.floor(positions / block);
  const rest = positions - whole * block;
  const index = fn.local("i32");
  const wholeBlock = whole === 0 ? [] : blocks(block, i32.mul(local.get(index), i32.const(block)));
  const wholeBlocks = (start: Code | number, limit: Code | number): Code =>
    forLoop({ index, start, limit }, wholeBlock);
  const perFlush = Math.max(1, Math.floor(slab / block));
  const perGroup: Code = [
    kernelTotals && whole > perFlush ? ranges(fn, whole, perFlush, flush, wholeBlocks) : wholeBlocks(0, whole),
    rest === 0 ? [] : blocks(rest, i32.const(whole * block)),
  ];
  const perImage: Code = [
    imageTotals ? zeros(totals, totalsBytes) : [],
    forLoop({ index: group, start: 0, limit: groups }, perGroup),
    imageTotals ? finish(imageSize) : [],
    advance(x, imageSize * size),
    advance(y, positions * filters * size),
  ];
  const someImages = (start: Code | number, limit: Code | number): Code =>
    forLoop({ index: image, start, limit }, perImage);
  const allImages = kernelTotals
    ? [
        local.set(totals, emitter.scratch(totalsBytes)),
        zeros(totals, totalsBytes),
        ranges(fn, images, Math.max(1, Math.floor(slab / positions)), flush, someImages),
        finish(kernelSize),
      ]
    : [imageTotals ? local.set(totals, emitter.scratch(totalsBytes)) : [], someImages(0, images)];
  fn.emit(begin, allImages);
}

interface Pointers {
  readonly x: number;
  readonly kernel: number;
  readonly y: number;
  readonly group: number;
  /** Bytes at the beginning of the scratch memory that are taken. */
  readonly totalsBytes: number;
}

/** One block of positions of one group of one image. */
function blockProduct(
  { emitter, node }: Routine<Convolution>,
  geometry: Geometry,
  { x, kernel, y, group, totalsBytes }: Pointers,
  rows: number,
  first: Code,
): Code {
  const { dtype, size, channels, filters, groups, groupChannels, groupFilters, patch } = geometry;
  const name = node.primitive;
  const plain = isPlain(geometry);
  const problem: GemmProblem = {
    conv: { m: rows, n: groupFilters, k: patch, transposeA: false, transposeB: false, dtype },
    convInputGradient: { m: rows, n: patch, k: groupFilters, transposeA: false, transposeB: true, dtype },
    convKernelGradient: {
      m: patch,
      n: groupFilters,
      k: rows,
      transposeA: true,
      transposeB: false,
      dtype,
      accumulate: true,
    },
  }[name];
  const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
  const parts = [
    totalsBytes,
    gemmScratch(problem),
    plain ? 0 : rows * patch * size,
    groups === 1 ? 0 : patch * groupFilters * size,
    groups === 1 ? 0 : rows * groupFilters * size,
  ].map(align);
  const scratch = emitter.scratch(parts.reduce((sum, bytes) => sum + bytes, 0));
  const at = (part: number): Code =>
    i32.add(scratch, i32.const(parts.slice(0, part + 1).reduce((sum, bytes) => sum + bytes, 0)));
  const groupOf = (bytes: number) => [local.get(group), bytes] as const;
  const rowsOf = (bytes: number) => [first, bytes] as const;

  const total = name === "convInputGradient" && totalsBytes > 0;
  const imageOfGroup = plus(local.get(x), groupOf(groupChannels * (total ? 8 : size)));
  const patches = plain ? plus(local.get(x), rowsOf(channels * size)) : at(1);
  const kernelOfGroup = plus(local.get(kernel), groupOf(groupFilters * size));
  const yOfGroup = plus(local.get(y), rowsOf(filters * size), groupOf(groupFilters * size));
  const kernelMatrix = groups === 1 ? local.get(kernel) : at(2);
  const yMatrix = groups === 1 ? plus(local.get(y), rowsOf(filters * size)) : at(3);

  // A group's columns of the kernel and of the output lie apart: they are copied together and back.
  const columns = (rowCount: number, target: Code, source: Code, outwards: boolean): Code => {
    if (groups === 1) return [];
    const [near, far] = [groupFilters * size, filters * size];
    return call(addColumns(emitter, rowCount, near, outwards ? far : near, outwards ? near : far), target, source);
  };
  const layOut = plain
    ? []
    : call(addPatches(emitter, "gather", geometry), imageOfGroup, patches, first, i32.const(rows));
  const takeKernel = columns(patch, at(2), kernelOfGroup, false);
  const takeY = columns(rows, at(3), yOfGroup, false);
  switch (name) {
    case "conv":
      return [
        layOut,
        takeKernel,
        product(emitter, problem, patches, kernelMatrix, yMatrix, at(0)),
        columns(rows, yOfGroup, at(3), true),
      ];
    case "convInputGradient":
      return [
        takeKernel,
        takeY,
        product(emitter, problem, yMatrix, kernelMatrix, patches, at(0)),
        plain
          ? []
          : call(
              addPatches(emitter, total ? "total" : "scatter", geometry),
              imageOfGroup,
              patches,
              first,
              i32.const(rows),
            ),
      ];
    case "convKernelGradient":
      return [
        layOut,
        takeKernel,
        takeY,
        product(emitter, problem, patches, yMatrix, kernelMatrix, at(0)),
        columns(patch, kernelOfGroup, at(2), true),
      ];
  }
}
